import Bytes
import PMIxWire
import Testing

@Suite("modex blobs")
struct ModexTests {
    struct Recorded: CustomStringConvertible, Sendable {
        var clients: String
        var server: String
        var bytes: [UInt8]

        var description: String { "ranks \(clients), server \(server)" }

        static let all: [Recorded] = {
            do {
                return try Vectors.lines("modex.txt").map { line in
                    Recorded(clients: line[0], server: line[1], bytes: try PMIxWireTests.bytes(hex: line[2]))
                }
            } catch {
                fatalError("modex.txt is unreadable: \(error)")
            }
        }()
    }

    @Test("every recorded blob gives both ranks their three keys", arguments: Recorded.all)
    func recorded(blob: Recorded) throws {
        let contributions = try ModexBlob.read(blob.bytes)
        let owners = contributions.map(\.owner)
        if blob.server == "6.1.0" {
            #expect(owners == [.proc(Proc("testns", Rank(1))), .proc(Proc("testns", Rank(0)))])
        } else {
            #expect(Set(owners) == [.relative(0), .relative(1)])
        }
        for contribution in contributions {
            #expect(contribution.pairs.map(\.key) == ["k.global", "k.remote", "k.big"])
            #expect(contribution.pairs[0].value.asText == "hello-global")
            #expect(contribution.pairs[1].value.asUnsigned == 0x1122_3344_5566_7788)
            let big = try contribution.pairs[2].value.decompressed()
            #expect(big.type == .string)
            #expect(big.asText == Text([UInt8](repeating: 0x41, count: 8999)))
            #expect((contribution.pairs[2].value.type == .compressedString) == (blob.clients != "4.2.2"))
        }
    }

    @Test("a keymap blob is written as 4.2.2 and 5.0 write it", arguments: Recorded.all.filter { $0.server != "6.1.0" })
    func written(blob: Recorded) throws {
        let ranks = try ModexBlob.read(blob.bytes).map { contribution -> (relative: UInt32, pairs: [KeyValue]) in
            guard case .relative(let rank) = contribution.owner else { throw NoHex(text: "named") }
            return (rank, contribution.pairs)
        }
        #expect(hex(ModexBlob.write(ranks: ranks)) == hex(blob.bytes))
    }

    @Test("what several servers wrote is read in one go")
    func concatenated() throws {
        let all = Recorded.all.flatMap(\.bytes)
        #expect(try ModexBlob.read(all).count == 2 * Recorded.all.count)
    }

    @Test("a rank without keys, and no rank at all, come back")
    func empty() throws {
        let blob = ModexBlob.write(ranks: [(3, []), (4, [KeyValue("k", .uint32(1))]), (5, [])])
        let back = try ModexBlob.read(blob)
        #expect(back.map(\.owner) == [.relative(3), .relative(4), .relative(5)])
        #expect(back.map(\.pairs.count) == [0, 1, 0])
        let silent = try ModexBlob.read(ModexBlob.write(ranks: [(9, [])]))
        #expect(silent.map(\.owner) == [.relative(9)])
        #expect(try ModexBlob.read(ModexBlob.write(ranks: [])).isEmpty)
        #expect(try ModexBlob.read([]).isEmpty)
    }

    @Test("a key of several ranks is named once, and two of one rank keep their order")
    func keymap() throws {
        let pairs = [KeyValue("b", .uint32(1)), KeyValue("a", .uint32(2)), KeyValue("b", .uint32(3))]
        let blob = ModexBlob.write(ranks: [(0, pairs), (1, pairs)])
        for contribution in try ModexBlob.read(blob) {
            #expect(contribution.pairs.map(\.key) == ["b", "a", "b"])
            #expect(contribution.pairs.compactMap(\.value.asUInt32) == [1, 2, 3])
        }
        #expect(blob.split(separator: UInt8(ascii: "a")).count == 2)
    }

    /// One server's object of the shape without a keymap.
    private func native(_ flags: UInt8, _ ranks: [(UInt32, [KeyValue])]) -> [UInt8] {
        var inside = Packer(.server)
        inside.byte(flags)
        for (rank, pairs) in ranks {
            var object = Packer(.server)
            object.rank(Rank(rank))
            for pair in pairs { object.keyValue(pair.key, pair.value) }
            inside.byteObject(object.bytes)
        }
        var outer = Packer(.server)
        outer.byteObject(inside.bytes)
        return outer.bytes
    }

    @Test("the shape with whole KVALs is read")
    func nativeShape() throws {
        // The key's first bytes are those of a zlib stream: it takes more than a glance to tell the shapes apart.
        let blob = native(1, [(0, [KeyValue(Text([0x78, 0xda, 0x41]), .uint32(5))]), (1, [])])
        let single = native(1, [(0, [KeyValue(Text([0x78, 0xda, 0x41]), .uint32(5))])])
        #expect(try ModexBlob.read(blob).map(\.owner) == [.relative(0), .relative(1)])
        #expect(try ModexBlob.read(single)[0].pairs[0].value.asUInt32 == 5)
    }

    @Test("a server that collected nothing contributes nothing")
    func notCollecting() throws {
        #expect(try ModexBlob.read(native(0, [])).isEmpty)
        #expect(try ModexBlob.read(native(0, []) + native(1, [(7, [])])).map(\.owner) == [.relative(7)])
        var inside = Packer(.server)
        inside.byte(0, .bool)
        inside.byteObject([2, 0])
        var outer = Packer(.server)
        outer.byteObject(inside.bytes)
        #expect(try ModexBlob.read(outer.bytes).isEmpty)
    }

    @Test("a blob cut anywhere is refused", arguments: Recorded.all.filter { $0.bytes.count < 1000 })
    func truncated(blob: Recorded) {
        for count in 1..<blob.bytes.count {
            #expect(throws: Malformed.self, "\(count) bytes") { try ModexBlob.read(Array(blob.bytes.prefix(count))) }
        }
    }

    @Test("an index beyond the keymap, an unknown flag, and a keymap of another count are refused")
    func hostile() throws {
        var blob = ModexBlob.write(ranks: [(0, [KeyValue("k", .uint32(1))])])
        let index = try #require(blob.lastIndex(of: 14)) - 2
        #expect(blob[index] == 0)
        blob[index] = 1
        #expect(throws: Malformed.count) { try ModexBlob.read(blob) }
        #expect(throws: Malformed.type(4)) { try ModexBlob.read(native(4, [])) }
        var inside = Packer(.server)
        inside.byte(3)
        inside.uint32(2)
        inside.items(.string, [.text("k")])
        var outer = Packer(.server)
        outer.byteObject(inside.bytes)
        #expect(throws: Malformed.count) { try ModexBlob.read(outer.bytes) }
    }

    @Test("the pairs of a direct modex come back")
    func directModex() throws {
        let pairs = [KeyValue("a", .string("x")), KeyValue("b", .infos([Info("c", .bool(true))]))]
        let bytes = KeyValue.pack(pairs)
        #expect(hex(bytes) == "0204610003047800" + "02046200" + "27" + "1801" + "046300" + "00" + "0101")
        let back = try KeyValue.unpack(bytes)
        #expect(back.map(\.key) == ["a", "b"])
        #expect(back[1].value.asInfos?.isTrue("c") == true)
        #expect(try KeyValue.unpack([]).isEmpty)
        #expect(throws: Malformed.self) { try KeyValue.unpack(Array(bytes.dropLast())) }
    }
}

@Suite("compressed values")
struct DeflateTests {
    @Test("what is compressed comes back", arguments: [0, 1, 4096, 100_000])
    func roundTrip(count: Int) throws {
        var random = SplitMix(seed: 5)
        let original = (0..<count).map { _ in UInt8(random.next() % 7) }
        let payload = try Deflate.compress(original)
        #expect(try Deflate.decompress(payload) == original)
    }

    @Test("the length comes first, then a stream of level 9, as 5.0.11 and 6.1 send it")
    func bytesOfOthers() throws {
        let recorded = try bytes(hex: "2723000078daedc1010d000000c2a06cef5fca1e0e280000000000000000b837a196ed60")
        let original = [UInt8](repeating: 0x41, count: 8999)
        #expect(try Deflate.decompress(recorded) == original)
        #expect(try Deflate.compress(original).prefix(6) == recorded.prefix(6))
    }

    @Test(
        "a length that lies is refused before memory is taken for it",
        arguments: [0, 1, 8998, 9000, 1 << 20, 1 << 30, .max] as [UInt32])
    func lyingLength(length: UInt32) throws {
        var payload = try Deflate.compress([UInt8](repeating: 0x41, count: 8999))
        payload.replaceSubrange(0..<4, with: withUnsafeBytes(of: length.littleEndian) { Array($0) })
        #expect(throws: Status.unpackFailure) { try Deflate.decompress(payload) }
    }

    @Test("a stream cut or changed anywhere is refused")
    func damaged() throws {
        let payload = try Deflate.compress(Array("the quick brown fox jumps over the lazy dog".utf8))
        for count in 0..<payload.count {
            #expect(throws: Status.unpackFailure) { try Deflate.decompress(Array(payload.prefix(count))) }
        }
        for index in 4..<payload.count {
            var changed = payload
            changed[index] ^= 0x55
            #expect(throws: Status.unpackFailure) { try Deflate.decompress(changed) }
        }
    }

    @Test("values of other types are left alone, and a text with a NUL inside is refused")
    func values() throws {
        #expect(try Value.uint32(5).decompressed().asUInt32 == 5)
        let object = Value(.compressedByteObject, .bytes(try Deflate.compress([1, 0, 2])))
        #expect(try object.decompressed().asBytes == [1, 0, 2])
        let text = Value(.compressedString, .bytes(try Deflate.compress([0x61, 0])))
        #expect(try text.decompressed().asText == "a")
        let broken = Value(.compressedString, .bytes(try Deflate.compress([0x61, 0, 0x62])))
        #expect(throws: Status.unpackFailure) { try broken.decompressed() }
    }
}
