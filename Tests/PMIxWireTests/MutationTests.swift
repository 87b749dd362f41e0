import Bytes
import PMIxWire
import Testing

/// Every recorded message, changed at random: the decoders must return or throw. A trap ends the test process.
@Suite("recorded messages, damaged")
struct MutationTests {
    struct Subject: Sendable {
        var dialect: Dialect
        var parts: [Part]
        var bytes: [UInt8]
    }

    /// Each distinct message once.
    static let subjects: [Subject] = {
        var seen: Set<[UInt8]> = []
        var subjects: [Subject] = []
        do {
            for session in Vectors.sessions {
                var decoder = try Decoder(session)
                for frame in session.frames {
                    guard let parts = try decoder.parts(of: frame), seen.insert(frame.bytes).inserted else { continue }
                    subjects.append(Subject(dialect: decoder.dialect, parts: parts, bytes: frame.bytes))
                }
            }
        } catch {
            fatalError("a recorded session is unreadable: \(error)")
        }
        return subjects
    }()

    /// One to three changes: a bit, a byte of interest, a cut, an insertion, a part twice.
    static func damage(_ bytes: [UInt8], _ random: inout SplitMix) -> [UInt8] {
        var damaged = bytes
        for _ in 0...Int(random.next() % 3) {
            guard !damaged.isEmpty else { return damaged }
            let place = Int(random.next() % UInt64(damaged.count))
            switch random.next() % 6 {
            case 0: damaged[place] ^= 1 << UInt8(random.next() % 8)
            case 1: damaged[place] = [0, 1, 2, 0x7f, 0x80, 0xff, 39, 24][Int(random.next() % 8)]
            case 2: damaged.removeSubrange(place...)
            case 3: damaged.insert(UInt8(truncatingIfNeeded: random.next()), at: place)
            case 4: damaged.remove(at: place)
            default:
                let end = min(damaged.count, place + Int(random.next() % 16) + 1)
                damaged.insert(contentsOf: damaged[place..<end], at: place)
            }
        }
        return damaged
    }

    /// How many of the damaged messages were still readable; those must then encode to something readable.
    static func survivors(_ subject: Subject, _ bytes: [UInt8]) throws -> Int {
        let again: [UInt8]
        do {
            again = try rewrite(bytes, subject.dialect, subject.parts)
        } catch {
            return 0
        }
        _ = try rewrite(again, subject.dialect, subject.parts)
        return 1
    }

    @Test(
        "a damaged message is read or refused, and what was read can be written", arguments: [1, 2, 3, 4] as [UInt64])
    func messages(seed: UInt64) throws {
        var random = SplitMix(seed: seed)
        var read = 0
        var total = 0
        for subject in MutationTests.subjects {
            for _ in 0..<4 {
                read += try MutationTests.survivors(subject, MutationTests.damage(subject.bytes, &random))
                total += 1
            }
        }
        #expect(total == 4 * MutationTests.subjects.count && total > 1500)
        #expect(read > 0 && read < total)
    }

    @Test("a message read as any other, in any dialect, is read or refused")
    func confusion() throws {
        var random = SplitMix(seed: 11)
        let subjects = MutationTests.subjects
        for subject in subjects {
            var other = subjects[Int(random.next() % UInt64(subjects.count))]
            other.dialect = Dialect.all[Int(random.next() % 4)]
            _ = try MutationTests.survivors(other, subject.bytes)
        }
    }

    @Test("damaged type vectors, handshakes and modex blobs are read or refused")
    func others() throws {
        var random = SplitMix(seed: 12)
        for vector in PackedType.all {
            for _ in 0..<30 {
                var changed = vector
                changed.bytes = MutationTests.damage(vector.bytes, &random)
                _ = try? changed.contents()
            }
        }
        for session in Vectors.sessions {
            for _ in 0..<20 {
                let payload = MutationTests.damage(session.payload, &random)
                if let handshake = try? Handshake(payload: payload) { #expect(!handshake.bytes().isEmpty) }
            }
        }
        for blob in ModexTests.Recorded.all {
            for _ in 0..<100 { _ = try? ModexBlob.read(MutationTests.damage(blob.bytes, &random)) }
        }
    }

    @Test("damaged node and rank lists are read or refused")
    func lists() {
        var random = SplitMix(seed: 13)
        for (list, regex) in NodesTests.observed {
            for _ in 0..<100 {
                let damaged = Text(MutationTests.damage(regex.bytes, &random))
                _ = try? NodeMap.nodes(damaged)
                _ = try? NodeMap.ranks(damaged)
                _ = NodeMap.regex(Text(MutationTests.damage(list.bytes, &random)))
            }
        }
    }

    @Test("noise is read or refused, in every dialect and as every type")
    func noise() {
        var random = SplitMix(seed: 14)
        let types = (0...73).compactMap { DataType(rawValue: $0) }
        for _ in 0..<40 {
            let bytes = (0..<Int(random.next() % 60)).map { _ in UInt8(truncatingIfNeeded: random.next() % 64) }
            for dialect in Dialect.all {
                for type in types { _ = try? bytes.unpack(dialect) { (u) throws(Malformed) in try u.items(type) } }
            }
        }
    }

    private func isAccepted(
        _ bytes: [UInt8], _ dialect: Dialect, _ body: (inout Unpacker) throws(Malformed) -> Void
    ) -> Bool {
        do throws(Malformed) {
            try bytes.unpack(dialect, body)
            return true
        } catch {
            return false
        }
    }

    @Test("what skipping keys and values accepts is what reading them accepts")
    func skipping() throws {
        let values: [Value] = [
            .string("text"), .string(nil), .bytes([1, 2, 3]), .uint32(70_000), .bool(true), .undefined,
            .procs([Proc("job", Rank(3))]), .infos([Info("key", .string("value"))]), Value(.regex, .bytes([97, 0])),
            Value(.compressedString, .bytes([0, 1])), Value(.double, .real(1.5)),
        ]
        var random = SplitMix(seed: 11)
        for dialect in [Dialect.server, Dialect(integers: .fixed, isDescribed: true)] {
            var packer = Packer(dialect)
            for (number, value) in values.enumerated() { packer.keyValue(Text("key.\(number)"), value) }
            var accepted = 0
            for round in 0..<20_000 {
                let bytes = round == 0 ? packer.bytes : MutationTests.damage(packer.bytes, &random)
                let isRead = isAccepted(bytes, dialect) { (inside) throws(Malformed) in _ = try inside.keyValuesToEnd()
                }
                let isSkipped = isAccepted(bytes, dialect) { (inside) throws(Malformed) in
                    _ = try inside.skipKeyValuesToEnd()
                }
                #expect(isRead == isSkipped)
                if isRead { accepted += 1 }
            }
            #expect(accepted > 100)
        }
    }
}
