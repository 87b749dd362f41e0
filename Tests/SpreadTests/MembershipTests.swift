import Testing

@testable import Spread

@Suite("bodies of membership messages")
struct MembershipTests {
    /// A network's view of two sets, ours the second.
    private let body: [UInt8] = {
        func word(_ value: UInt32) -> [UInt8] { withUnsafeBytes(of: value) { Array($0) } }
        func name(_ text: String) -> [UInt8] { Array(text.utf8) + [UInt8](repeating: 0, count: 32 - text.utf8.count) }
        return word(7) + word(8) + word(1) + word(2) + word(68) + word(2) + name("#a#one") + name("#b#one") + word(1)
            + name("#c#two")
    }()

    @Test("a field may be split over any pieces (B.9)", arguments: [1, 2, 3, 5, 19, 21, 33, 64])
    func split(_ size: Int) throws {
        let pieces = stride(from: 0, to: body.count, by: size).map { Array(body[$0..<min($0 + size, body.count)]) }
        let memory = pieces.map { piece -> UnsafeRawBufferPointer in
            let room = UnsafeMutableRawBufferPointer.allocate(byteCount: piece.count, alignment: 1)
            room.copyBytes(from: piece)
            return UnsafeRawBufferPointer(room)
        }
        defer { memory.forEach { $0.deallocate() } }
        let view = MembershipBody(memory)
        #expect(try view.identity() == MembershipBody.GroupIdentity(process: 7, time: 8, index: 1))
        let (sets, own) = try view.sets(atMost: 2)
        #expect(own == 1)
        #expect(sets.map { $0.memberCount } == [2, 1])
        #expect(try view.name(at: Int(sets[1].offset)) == GroupName(Array("#c#two".utf8)))
    }

    @Test("E.16: bad counts and offsets are errors, never out of bounds")
    func hostile() {
        let type = Service.regularMembership | Service.causedByNetwork
        #expect(MembershipBody.isSound(body, type: type))
        for length in 0..<body.count { #expect(!MembershipBody.isSound(Array(body[..<length]), type: type)) }
        for place in [12, 16, 20, 88] {
            for value: UInt8 in [0x7f, 0x80, 0xff] {
                var bad = body
                bad[place + 3] = value
                #expect(!MembershipBody.isSound(bad, type: type), "byte \(place + 3) is \(value)")
                MembershipBody.swap(&bad)
            }
        }
        for length in 0..<body.count {
            var bad = [UInt8](repeating: 0xff, count: length)
            MembershipBody.swap(&bad)
        }
    }

    @Test("too little room for the sets")
    func room() {
        body.withUnsafeBytes { bytes in
            let view = MembershipBody([bytes])
            #expect(throws: SpreadError.bufferTooShort) { _ = try view.sets(atMost: 1) }
        }
    }
}

@Suite("connect strings and names")
struct NameTests {
    @Test("B.1: where a daemon is")
    func connectStrings() throws {
        #expect(try ConnectString(Array("4803".utf8)).host == nil)
        #expect(try ConnectString(Array(" 99999".utf8)).port == 34463)
        let remote = try ConnectString(Array("4803@host more".utf8))
        #expect(remote.port == 4803 && remote.host == Array("host".utf8))
        for bad in ["x", "@host", "4803host", "4803@", "4803@ host", "4803@" + String(repeating: "h", count: 70)] {
            #expect(throws: SpreadError.illegalSpread, "\(bad)") { _ = try ConnectString(Array(bad.utf8)) }
        }
    }

    @Test("A.7: names a program may join")
    func names() {
        #expect(GroupName.isLegal("a~$z"))
        #expect(GroupName.isLegal(String(repeating: "g", count: 31)))
        for bad in ["", "a b", "#a", "a\"", "!", "caf\u{e9}", String(repeating: "g", count: 32)] {
            #expect(!GroupName.isLegal(bad), "\(bad)")
        }
        #expect(GroupName(Array(repeating: 65, count: 40)).bytes.count == 31)
    }

    @Test("B.2: a daemon that is too old")
    func versions() {
        #expect(!Handshake.isServed(3, 0, priority: 0))
        #expect(Handshake.isServed(3, 1, priority: 0))
        #expect(!Handshake.isServed(3, 7, priority: 1))
        #expect(!Handshake.isServed(0x84, 4, priority: 0))
        #expect(Handshake.refusal(0xfa)?.code == -6)
    }
}
