import Bytes
import Testing

@testable import PMIxWire

/// Each row of the table of dialects, by what peers of the releases were recorded to write.
@Suite("dialects")
struct DialectTests {
    static let releases = ["3.2.5", "4.2.2", "5.0.11", "6.1.0"].map { Release(parsing: Text($0)) }

    // MARK: Where a row holds

    @Test("DIAL-1 a release has what its row says, and no other has it", arguments: Difference.allCases)
    func rows(row: Difference) throws {
        let expected: [Bool] =
            switch row {
            case .refusalHasStatus, .speaksFixed, .sessionsAreBare, .codecIsNamed: [true, false, false, false]
            case .singletonReadsIndex, .knowsSchedulers, .groupAnswerHasMembers, .groupEndHasMembers,
                .groupsAreNotKnown:
                [false, false, true, true]
            case .jobsAreBuffers: [false, false, false, false]
            case .logHasTime: [true, true, true, true]
            case .eventHasRange, .outputHasHandler: [false, true, true, true]
            case .groupAnswerHasFlag, .groupAnswerHasInfos: [false, false, false, true]
            }
        #expect(DialectTests.releases.map { $0.has(row) } == expected)
        // The first and the last release of each stretch, and their neighbours.
        let span = row.releases
        #expect(span.from < span.before)
        #expect(span.from.has(row))
        if let last = Release.before(span.before) { #expect(last.has(row)) }
        if let sooner = Release.before(span.from) { #expect(!sooner.has(row)) }
        #expect(span.before.major == .max || !span.before.has(row))
        #expect(span.again.major == .max || span.again.has(row))
    }

    @Test(
        "DIAL-2 a version can be any text",
        arguments: ["", "x", ".", "v", "-1.2.3", "99999999999999999999", "4.2.2.2.2", "\u{0}6.1", "६.१"])
    func versions(text: String) {
        let release = Release(parsing: Text(text))
        #expect([0, 4, 999_999].contains(release.major))
        for row in Difference.allCases { _ = release.has(row) }
    }

    // MARK: Names

    @Test(
        "DIAL-3 the codec's name decides how integers are written",
        arguments: [
            ("v12", "00000001 000f 0000000000000003"), ("v20", "00000001 000f 0000000000000003"),
            ("v21", "00000001 000f 0000000000000003"), ("v3", "00000001 000f 0000000000000003"),
            ("v4", "0203"), ("v41", "0203"), ("v51", "0203"), ("v61", "0203"),
        ])
    func integers(name: String, vector: String) throws {
        let dialect = try #require(Dialect(module: Text(name), isDescribed: false))
        var packer = Packer(dialect)
        packer.size(3)
        #expect(hex(packer.bytes) == vector.replacing(" ", with: ""))
    }

    @Test("DIAL-3 a name that nobody has is no codec", arguments: ["", "v5", "v71", "v411", "V41", "v41 ", "41"])
    func noCodec(name: String) {
        #expect(Dialect(module: Text(name), isDescribed: false) == nil)
    }

    @Test("DIAL-4 where a server's address stands, in the order of looking, and what follows from the name")
    func variables() throws {
        let names = Dialect.uriVariables.map { $0.variable.description.dropFirst("PMIX_SERVER_URI".count) }
        #expect(names == ["41", "4", "3", "21", "2", "51", "61", "20"])
        #expect(Dialect.uriVariables.allSatisfy { Dialect(module: $0.module, isDescribed: false) != nil })
        let implied = Dialect.uriVariables.map { Release(implied: $0.module).text.description }
        #expect(implied == ["4.2.0", "4.0.0", "3.0.0", "2.1.0", "2.0.0", "6.0.0", "6.1.0", "2.0.0"])
        // What servers of 3.2 and of 6.1 set, each before a client of ours.
        func chosen(_ offered: [String]) -> String? {
            Dialect.uriVariables.first { offered.contains($0.variable.description) }?.module.description
        }
        #expect(chosen(["PMIX_SERVER_URI3", "PMIX_SERVER_URI2", "PMIX_SERVER_URI21"]) == "v3")
        #expect(chosen(["61", "51", "41", "4", "3", "21", "20", "12"].map { "PMIX_SERVER_URI" + $0 }) == "v41")
        #expect(
            Dialect.offeredURIVariables.map { $0.description }
                == ["41", "4", "3", "2", "21"].map { "PMIX_SERVER_URI" + $0 })
    }

    @Test("DIAL-5 the buffer type of the environment, of the greeting and of a BUFFER")
    func buffers() throws {
        #expect(Dialect.describedName == "PMIX_BFROP_BUFFER_FULLY_DESC")
        #expect(Dialect.nonDescribedName == "PMIX_BFROP_BUFFER_NON_DESC")
        for (isDescribed, kind, vector) in [(false, UInt8(1), "0200"), (true, UInt8(2), "09021400")] {
            let dialect = try #require(Dialect(module: "v41", isDescribed: isDescribed))
            #expect(dialect.bufferKind == kind)
            var packer = Packer(dialect)
            packer.status(.success)
            #expect(hex(packer.bytes) == vector)
        }
        #expect(Set(try Vectors.sessions.map { try $0.handshake().isDescribed }) == [true, false])
    }

    @Test("DIAL-6 of all data stores that were ever named, the plain one is ours")
    func stores() throws {
        #expect(Dialect.store == "hash")
        let named = Set(try Vectors.sessions.map { try $0.handshake().store.description })
        #expect(named.isSuperset(of: ["hash", "ds21", "shmem2"]))
    }

    @Test("DIAL-7 who finds a server of release 3 speaks its codec, as peers of all releases do")
    func codecOfServer() throws {
        for session in Vectors.sessions where session.server == "3.2.5" {
            #expect(try session.handshake().module == Release(parsing: "3.2.5").module, "\(session.name)")
        }
        #expect(Release(4, 2, 2).module == "v41" && Release(6, 1, 0).module == "v41")
        #expect(Release(2, 0, 0).module == "v3")
    }

    // MARK: Handshake

    @Test("DIAL-8 a singleton is answered in 8 bytes or in 268")
    func singleton() throws {
        let recorded = try #require(Vectors.sessions.first { $0.name == "singleton-5.0.11-server-4.2.2" })
        #expect(recorded.reply?.count == 268)
        #expect(!Release(parsing: Text(recorded.server)).has(.singletonReadsIndex))
        #expect(hex(HandshakeReply.client(index: 3)) == "0000000000000003")
    }

    @Test("DIAL-9 a refusal with its reason is four bytes")
    func refusal() {
        #expect(hex(HandshakeReply.refusal(.notFound)) == "ffffffd2")
    }

    // MARK: Messages

    /// What servers of a release were recorded to answer such requests, or to send under such a tag.
    static func answers(to command: Command, by release: Release) throws -> [(dialect: Dialect, bytes: [UInt8])] {
        try frames(of: release, isServer: true) { decoder, frame in decoder.question(of: frame) == command }
    }

    static func frames(
        of release: Release, isServer: Bool, areCut: Bool = false, where wanted: (Decoder, Session.Frame) throws -> Bool
    ) throws -> [(dialect: Dialect, bytes: [UInt8])] {
        var found: [(Dialect, [UInt8])] = []
        for session in Vectors.sessions {
            var decoder = try Decoder(session)
            for frame in session.frames {
                let isWanted = try wanted(decoder, frame)
                _ = try decoder.parts(of: frame)
                let sender = isServer ? decoder.server : decoder.client
                let isWhole = !frame.bytes.isEmpty && (frame.byteCount != nil) == areCut
                if isWanted, isWhole, frame.isFromClient != isServer, sender == release {
                    found.append((decoder.dialect, frame.bytes))
                }
            }
        }
        return found
    }

    /// Whether all of them read to the last byte as this.
    static func read(_ frames: [(dialect: Dialect, bytes: [UInt8])], as parts: [Part]) -> Int {
        frames.count { frame in (try? rewrite(frame.bytes, frame.dialect, parts)).map { $0 == frame.bytes } ?? false }
    }

    @Test("DIAL-10 a group's answer has the form of its server's release, and no other's", arguments: [1, 2, 3])
    func groupAnswers(place: Int) throws {
        let release = DialectTests.releases[place]
        let all = try DialectTests.answers(to: .constructGroup, by: release)
            .filter { $0.bytes.count > ($0.dialect.isDescribed ? 4 : 2) }
        #expect(all.count >= 4)
        let form: [Part] = [.one(.status)] + Conversation.group(release)
        #expect(DialectTests.read(all, as: form) == all.count)
        for other in DialectTests.releases where other.major != release.major && (other.major > 4 || release.major > 4)
        {
            let wrong: [Part] = [.one(.status)] + Conversation.group(other)
            #expect(DialectTests.read(all, as: wrong) == 0, "as \(other.text.description)")
        }
    }

    @Test("DIAL-11 a group's end names its members for servers that read them")
    func groupEnds() throws {
        for release in DialectTests.releases.dropFirst() {
            let all = try DialectTests.frames(of: release, isServer: false) { decoder, frame in
                decoder.request(in: frame) == .destructGroup
            }
            #expect(!all.isEmpty, "\(release.text.description)")
            let form: [Part] = [.one(.command)] + Conversation.request(.destructGroup, client: release)
            #expect(DialectTests.read(all, as: form) == all.count)
            let other: Release = release.has(.groupEndHasMembers) ? .ours : Release(5, 0, 0)
            let wrong: [Part] = [.one(.command)] + Conversation.request(.destructGroup, client: other)
            #expect(DialectTests.read(all, as: wrong) == 0)
        }
    }

    @Test("DIAL-12 an event ends with its range, or with its infos")
    func events() throws {
        for release in DialectTests.releases {
            let all = try DialectTests.frames(of: release, isServer: true) { _, frame in
                !frame.isFromClient && frame.tag == Tag.notify
            }
            #expect(!all.isEmpty, "\(release.text.description)")
            #expect(DialectTests.read(all, as: Conversation.notification(server: release)) == all.count)
            for one in all {
                let event = try Event(message: one.bytes, one.dialect)
                #expect(event.message(one.dialect, release) == one.bytes)
                let other: Release = release.has(.eventHasRange) ? Release(3, 2, 5) : .ours
                #expect(event.message(one.dialect, other) != one.bytes)
            }
        }
    }

    @Test("DIAL-13 output has the reader's number and infos, or neither")
    func output() throws {
        for release in DialectTests.releases.dropFirst() {
            let all = try DialectTests.frames(of: release, isServer: true) { _, frame in
                !frame.isFromClient && frame.tag == Tag.output
            }
            #expect(!all.isEmpty, "\(release.text.description)")
            for one in all {
                let (output, handler) = try Output.read(one.bytes, one.dialect, release)
                #expect(output.message(one.dialect, release, handler: handler) == one.bytes)
            }
        }
        // None of release 3 could be recorded: nspace, rank, channel, bytes.
        let old = try bytes(
            hex: "00000001" + "00000002" + "6a00" + "00000005" + "00000001" + "0002" + "00000001"
                + "000f0000000000000002" + "6869")
        let fixed = Dialect(integers: .fixed, isDescribed: false)
        let (output, handler) = try Output.read(old, fixed, Release(3, 2, 5))
        #expect(output.source == Proc("j", Rank(5)) && output.bytes == Array("hi".utf8) && handler == 0)
        #expect(hex(output.message(fixed, Release(3, 2, 5), handler: 7)) == hex(old))
    }

    @Test("DIAL-14 what is logged has its time before it, from release 3 on")
    func logs() throws {
        // Those of 3.2.5 are long, and were cut when they were recorded.
        let cut = try DialectTests.frames(of: Release(3, 2, 5), isServer: false, areCut: true) { decoder, frame in
            decoder.request(in: frame) == .log
        }
        #expect(!cut.isEmpty)
        for one in cut {
            let count = try one.bytes.unpack(one.dialect) { (unpacker) throws(Malformed) in
                _ = try unpacker.byte(.command)
                _ = try unpacker.one(.time)
                return try unpacker.size()
            }
            #expect(count > 0 && count < 10)
        }
        for release in DialectTests.releases.dropFirst() {
            let all = try DialectTests.frames(of: release, isServer: false) { decoder, frame in
                decoder.request(in: frame) == .log
            }
            #expect(!all.isEmpty, "\(release.text.description)")
            let form: [Part] = [.one(.command)] + Conversation.request(.log, client: release)
            #expect(DialectTests.read(all, as: form) == all.count)
            let wrong: [Part] = [.one(.command)] + Conversation.request(.log, client: Release(2, 1, 0))
            #expect(DialectTests.read(all, as: wrong) == 0)
        }
    }

    @Test("DIAL-15 sessions are arrays, or bare keys")
    func sessions() throws {
        var bare = 0, arrays = 0
        for session in Vectors.sessions where try session.handshake().kind == .client {
            var decoder = try Decoder(session)
            let client = decoder.client, server = decoder.server
            for frame in session.frames {
                let isAnswer = decoder.question(of: frame) == .request && frame.byteCount == nil && !frame.bytes.isEmpty
                _ = try decoder.parts(of: frame)
                guard isAnswer, let pairs = try? DialectTests.jobData(frame.bytes, decoder.dialect) else { continue }
                if !pairs.contains(where: { $0.key == "pmix.univ.size" || $0.key == .sessionArray }) { continue }
                let hasArray = pairs.contains { $0.key == .sessionArray }
                #expect(
                    hasArray == !(client.has(.sessionsAreBare) || server.has(.sessionsAreBare)),
                    "\(session.name) \(pairs.map(\.key.description))")
                if hasArray { arrays += 1 } else { bare += 1 }
            }
        }
        #expect(arrays > 10 && bare > 4)
        var data = NamespaceData("j")
        try data.register([
            Info(.sessionArray, .infos([Info(.sessionID, .uint32(3)), Info("pmix.univ.size", .uint32(9))]))
        ])
        for (release, key) in [(Release(3, 2, 5), "pmix.univ.size"), (Release(4, 2, 2), "pmix.ssn.arr")]
            as [(Release, Key)]
        {
            var packer = Packer(.server)
            data.write(to: &packer, peer: release, codecVersion: "x")
            let keys = try DialectTests.jobData(packer.bytes, .server).map(\.key)
            #expect(keys.contains(key) && keys.count { $0 == "pmix.univ.size" || $0 == .sessionArray } == 1)
        }
    }

    static func jobData(_ bytes: [UInt8], _ dialect: Dialect) throws -> [KeyValue] {
        try bytes.unpack(dialect) { (unpacker) throws(Malformed) in
            _ = try unpacker.string()
            return try unpacker.keyValuesToEnd()
        }
    }

    @Test("DIAL-16 the word on the codec is its name from servers of release 3, and a release from later ones")
    func codecWord() throws {
        var names: [Release: Set<String>] = [:]
        for release in DialectTests.releases {
            for one in try DialectTests.answers(to: .request, by: release) {
                guard let pairs = try? DialectTests.jobData(one.bytes, one.dialect) else { continue }
                for pair in pairs where pair.key == .codecModule {
                    names[release, default: []].insert(pair.value.asText?.description ?? "")
                }
            }
        }
        #expect(names[Release(3, 2, 5)] == ["v3"])
        for release in DialectTests.releases.dropFirst() {
            let all = try #require(names[release])
            #expect(!all.isEmpty && all.allSatisfy { Release(parsing: Text($0)).major >= 3 && !$0.hasPrefix("v") })
        }
    }

    @Test("DIAL-17 job data in an answer are a byte object, for releases before 2.1 a buffer")
    func jobs() throws {
        #expect(Release(2, 0, 3).has(.jobsAreBuffers) && !Release(2, 1, 0).has(.jobsAreBuffers))
        var object = Packer(Dialect(integers: .fixed, isDescribed: false)), buffer = object
        object.byteObject([7])
        buffer.one(.buffer, .buffer(kind: 1, [7]))
        #expect(hex(object.bytes) == "00000001" + "000f0000000000000001" + "07")
        #expect(hex(buffer.bytes) == "00000001" + "01" + "000f0000000000000001" + "07")
    }

    @Test(
        "DIAL-18 commands 33 to 38 have one form; servers that have none of them say so",
        arguments: [33, 34, 35, 37, 38])
    func lateCommands(number: UInt8) throws {
        let command = try #require(Command(rawValue: number))
        var answered = 0
        for release in DialectTests.releases {
            for one in try DialectTests.answers(to: command, by: release) {
                let status = try one.bytes.unpack(one.dialect) { (unpacker) throws(Malformed) in try unpacker.status() }
                if release.major < 5 { #expect(status == .notSupported) }
                let form = Conversation.answer(command, server: release)
                #expect(DialectTests.read([one], as: form) == 1)
                answered += 1
            }
        }
        #expect(answered > 0)
    }

    @Test("DIAL-19 a long text is compressed by later releases, whoever reads it, and expanded here")
    func compressed() throws {
        var seen = 0
        for session in Vectors.sessions
        where session.name.hasPrefix("5.0.11-client") || session.name.hasPrefix("6.1.0-client") {
            let decoder = try Decoder(session)
            for frame in session.frames {
                let isCommit = decoder.request(in: frame) == .commit && frame.byteCount == nil
                guard isCommit, decoder.dialect.integers == .flex else { continue }
                for value in try DialectTests.committed(frame.bytes, decoder.dialect)
                where value.type == .compressedString {
                    #expect(value.expanded.type == .string && value.expanded.asText?.bytes.count == 8999)
                    seen += 1
                }
            }
        }
        #expect(seen > 4)
    }

    static func committed(_ bytes: [UInt8], _ dialect: Dialect) throws -> [Value] {
        try bytes.unpack(dialect) { (unpacker) throws(Malformed) in
            _ = try unpacker.byte(.command)
            var values: [Value] = []
            while !unpacker.isAtEnd {
                _ = try unpacker.byte(.scope)
                guard case .buffer(let kind, let inside) = try unpacker.one(.buffer) else { throw .count }
                let inner = Dialect(integers: dialect.integers, isDescribed: kind == 2)
                values += try inside.unpack(inner) { (pairs) throws(Malformed) in
                    try pairs.keyValuesToEnd().map(\.value)
                }
            }
            return values
        }
    }
}

extension Release {
    /// The one before in its line, or the line before; nil where there is none.
    fileprivate static func before(_ release: Release) -> Release? {
        if release.major == .max { return Release(.max - 1, 9, 9) }
        if release.patch > 0 { return Release(release.major, release.minor, release.patch - 1) }
        if release.minor > 0 { return Release(release.major, release.minor - 1, 99) }
        return release.major > 0 ? Release(release.major - 1, 99, 99) : nil
    }
}
