import Bytes
import PMIxWire
import Testing

@Suite("handshakes")
struct HandshakeTests {
    /// facts PMIx wire 3.1: uid 1234, gid 5678, testns:0, a 4.2.2 client.
    static let known =
        "6e617469766500 00000008 d20400002e160000 00 746573746e7300 00000000 342e322e3272633200 76343100 01 6861736800"

    static func knownPayload() throws -> [UInt8] {
        try bytes(hex: known.split(separator: " ").joined())
    }

    @Test("every recorded handshake decodes and encodes to the same bytes", arguments: Vectors.sessions)
    func recorded(session: Session) throws {
        #expect(try Handshake.payloadByteCount(header: session.header) == session.payload.count)
        let handshake = try session.handshake()
        #expect(handshake.security == "native" || handshake.security == "none")
        #expect(handshake.credential.count == (handshake.security == "native" ? 8 : 0))
        #expect(Dialect(module: handshake.module, isDescribed: handshake.isDescribed) != nil)
        // Release 4.2.2 sends one byte more than it means.
        let stray: [UInt8] =
            Release(parsing: handshake.version) == Release(4, 2, 2) && session.payload.last == 0 ? [0] : []
        let expected = session.payload.dropLast(stray.count)
        let ours = handshake.bytes()
        if handshake.bytes().count == Header.byteCount + session.payload.count {
            #expect(hex(ours) == hex(session.header + session.payload))
        } else {
            #expect(hex(Array(ours.dropFirst(Header.byteCount))) == hex(Array(expected)))
        }
    }

    @Test("what was recorded covers these kinds and codecs")
    func coverage() throws {
        let all = try Vectors.sessions.map { try $0.handshake() }
        #expect(Set(all.map(\.kind)) == [.client, .toolNeedingID, .toolWithID, .launcherNeedingID, .singleton])
        #expect(Set(all.map(\.module.description)) == ["v41", "v61", "v3"])
        #expect(Set(all.map(\.isDescribed)) == [true, false])
        #expect(Set(all.map(\.version.description)) == ["3.2.5a1", "4.2.2rc2", "5.0.11rc1", "6.1.0"])
    }

    @Test("the known client's fields are read")
    func fields() throws {
        let handshake = try Handshake(payload: HandshakeTests.knownPayload())
        #expect(handshake.security == "native")
        #expect(handshake.kind == .client)
        #expect(handshake.proc == Proc("testns", Rank(0)))
        #expect(handshake.version == "4.2.2rc2")
        #expect(handshake.module == "v41")
        #expect(!handshake.isDescribed)
        #expect(handshake.store == "hash")
        #expect(handshake.infos.isEmpty)
        let credential = try NativeCredential(from: handshake.credential)
        #expect(credential.uid == 1234)
        #expect(credential.gid == 5678)
        #expect(credential.bytes == handshake.credential)
    }

    @Test("a client of release 6.1 says who its parent is, in the codec it names")
    func blob() throws {
        for session in Vectors.sessions where session.name.hasPrefix("6.1.0-client") {
            let handshake = try session.handshake()
            #expect(handshake.infos.map(\.key) == ["pmix.ppid", "pmix.cmd.line"])
            #expect(handshake.infos["pmix.ppid"]?.type == .pid)
            #expect(handshake.infos["pmix.cmd.line"]?.asText?.isEmpty == false)
        }
    }

    @Test("a handshake cut before its codec's name is refused, or is one of release 2.0")
    func truncated() throws {
        let payload = try HandshakeTests.knownPayload()
        // The version ends at 40; after the buffer type at 45 a store's name may be missing, a half one may not.
        for count in 0..<payload.count where count != 40 && count != 45 {
            #expect(throws: Malformed.pastEnd, "\(count) bytes") {
                try Handshake(payload: Array(payload.prefix(count)))
            }
        }
        let old = try Handshake(payload: Array(payload.prefix(40)))
        #expect(old.module == "v20")
        #expect(old.store == "hash")
        #expect(try Handshake(payload: Array(payload.prefix(45))).store == "hash")
    }

    @Test("a stray byte after the fields is no info")
    func stray() throws {
        #expect(try Handshake(payload: HandshakeTests.knownPayload() + [0]).infos.isEmpty)
        #expect(try Handshake(payload: HandshakeTests.knownPayload() + [2, 9, 9, 9]).infos.isEmpty)
    }

    @Test("unknown kinds and buffer types are refused")
    func unknown() throws {
        var payload = try HandshakeTests.knownPayload()
        payload[19] = 42
        #expect(throws: Malformed.type(42)) { try Handshake(payload: payload) }
        payload = try HandshakeTests.knownPayload()
        payload[44] = 3
        #expect(throws: Malformed.type(3)) { try Handshake(payload: payload) }
    }

    @Test("a credential longer than the payload is refused")
    func hostileCredential() throws {
        var payload = try HandshakeTests.knownPayload()
        payload.replaceSubrange(7..<11, with: [0xff, 0xff, 0xff, 0xff])
        #expect(throws: Malformed.pastEnd) { try Handshake(payload: payload) }
    }

    @Test(
        "a header announcing nothing, or more than the bound, is refused",
        arguments: [0, 131_073, 200_000, .max] as [UInt32])
    func sizes(length: UInt32) {
        var writer = ByteWriter()
        for word in [.max, .max, length, 0] { writer.littleEndian(word) }
        #expect(throws: Malformed.count) { try Handshake.payloadByteCount(header: writer.bytes) }
    }

    @Test(
        "every kind comes back with the fields it has",
        arguments: (0...10).compactMap { Handshake.Kind(rawValue: UInt8($0)) })
    func kinds(kind: Handshake.Kind) throws {
        var handshake = Handshake(
            security: "none", credential: [], kind: kind, proc: kind.hasProc ? Proc("a.b", Rank(7)) : nil,
            version: "6.1.0",
            module: "v3", isDescribed: true, store: "hash")
        if kind.hasUser { (handshake.uid, handshake.gid) = (1000, 1001) }
        handshake.infos = [Info("pmix.cmd.line", .string("x"))]
        let back = try Handshake(payload: Array(handshake.bytes().dropFirst(Header.byteCount)))
        #expect(back.kind == kind)
        #expect(back.proc == handshake.proc)
        #expect((back.uid, back.gid) == (handshake.uid, handshake.gid))
        #expect(back.infos["pmix.cmd.line"]?.asText == "x")
        #expect(back.bytes() == handshake.bytes())
        #expect(kind.needsID == (kind == .toolNeedingID || kind == .launcherNeedingID))
    }

    @Test("answers to recorded handshakes have the recorded shape")
    func replies() throws {
        var shapes: Set<Int> = []
        for session in Vectors.sessions {
            guard let reply = session.reply else { continue }
            shapes.insert(reply.count)
            let handshake = try session.handshake()
            switch reply.count {
            case 4: #expect(reply != HandshakeReply.refusal(.success))
            case 8:
                let index = UInt32(reply[4]) << 24 | UInt32(reply[5]) << 16 | UInt32(reply[6]) << 8 | UInt32(reply[7])
                #expect(reply == HandshakeReply.client(index: index))
            default:
                #expect(reply.count == (handshake.kind.needsID ? 528 : 268))
                var reader = ByteReader(reply.span.bytes)
                try reader.skip(4)
                let assigned = handshake.kind.needsID ? try HandshakeReply.readProc(&reader) : nil
                let server = try HandshakeReply.readProc(&reader)
                #expect(reply == HandshakeReply.tool(assigned: assigned, server: server))
            }
        }
        #expect(shapes.isSuperset(of: [8, 268, 528]))
    }

    @Test("a name field without NUL is refused")
    func unterminated() {
        let field = [UInt8](repeating: 0x61, count: 260)
        #expect(throws: Malformed.string) {
            var reader = ByteReader(field.span.bytes)
            return try HandshakeReply.readProc(&reader)
        }
    }
}

@Suite("releases")
struct ReleaseTests {
    @Test(
        "only the digits of a version count",
        arguments: [
            ("4.2.2rc2", Release(4, 2, 2)), ("v4.2.2", Release(4, 2, 2)), ("3.2.5a1", Release(3, 2, 5)),
            ("5.0.11rc1", Release(5, 0, 11)),
            ("6.1.0", Release(6, 1, 0)), ("2.0", Release(2, 0, 0)), ("", Release(0, 0, 0)), ("x.y.z", Release(0, 0, 0)),
            ("...", Release(0, 0, 0)), ("99999999999999999999.1.1", Release(999_999, 1, 1)),
            ("4.2.2.7", Release(4, 2, 2)),
        ])
    func parsing(text: String, release: Release) {
        #expect(Release(parsing: Text(text)) == release)
    }

    @Test("releases are ordered by number, not by text")
    func order() {
        #expect(Release(5, 0, 9) < Release(5, 0, 11))
        #expect(Release(4, 99, 0) < Release(5, 0, 0))
        #expect(!(Release(4, 2, 2) < Release(4, 2, 2)))
    }

    @Test(
        "a singleton reads two words from 5.0.9 on, but not in 6.0",
        arguments: [
            (Release(4, 2, 2), false), (Release(5, 0, 8), false), (Release(5, 0, 9), true), (Release(5, 0, 11), true),
            (Release(6, 0, 0), false), (Release(6, 0, 3), false), (Release(6, 1, 0), true),
        ])
    func singletons(release: Release, readsIndex: Bool) {
        #expect(release.has(.singletonReadsIndex) == readsIndex)
    }

    @Test(
        "the codec follows from the module's name",
        arguments: [
            ("v12", false), ("v20", false), ("v21", false), ("v3", false), ("v4", true), ("v41", true), ("v51", true),
            ("v61", true),
        ])
    func modules(name: String, isFlex: Bool) throws {
        let dialect = try #require(Dialect(module: Text(name), isDescribed: false))
        #expect((dialect.integers == .flex) == isFlex)
    }

    @Test("a module nobody has is no dialect", arguments: ["", "v99", "v4 ", "V41", "41"])
    func unknownModule(name: String) {
        #expect(Dialect(module: Text(name), isDescribed: false) == nil)
    }
}
