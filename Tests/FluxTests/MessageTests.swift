import Bytes
import CLibc
import JSON
import Sockets
import Testing

@testable import Flux

private func code(_ body: () throws -> Void) -> Int32? {
    do {
        try body()
        return nil
    } catch {
        return (error as? Errno)?.code
    }
}

private func decode(_ bytes: [UInt8]) throws -> Message {
    try bytes.withUnsafeBytes { try Message(decoding: $0) }
}

private func encode(_ message: Message) throws -> [UInt8] {
    var bytes = [UInt8](repeating: 0xee, count: message.encodedByteCount)
    try bytes.withUnsafeMutableBytes { try message.encode(into: $0) }
    return bytes
}

private let plain: [UInt8] =
    [20, 0x8e, 1, 1, 0] + [UInt8](repeating: 0xff, count: 4) + [UInt8](repeating: 0, count: 12)

struct MessageTests {
    @Test("what a message starts with")
    func fresh() throws {
        let message = Message(.request)
        #expect(message.nodeid == NodeID.any && message.matchtag == 0 && message.credentials == .unknown)
        #expect(try encode(message).count == 21)
        #expect(!message.hasPayload && !message.hasRoutes && message.topic == nil)
    }

    @Test("a response made from a request keeps topic, tag, routes and nothing else")
    func derived() throws {
        let request = Message.request(topic: Slice("a.b"), payload: Slice("x"))
        request.matchtag = 7
        try request.pushRoute(Slice("client"))
        request.credentials = Credentials(userid: 5, roles: .user)
        request.setStreaming()
        let response = try Message.response(to: request, errnum: ENOENT)
        #expect(response.type == .response && response.errnum == ENOENT && response.matchtag == 7)
        #expect(response.topic == Slice("a.b") && !response.hasPayload && response.isStreaming)
        #expect(response.firstRoute == Slice("client") && response.credentials == .unknown)
        request.setNoResponse()
        #expect(code { _ = try Message.response(to: request) } == EINVAL)
        #expect(code { _ = try Message.response(to: Message(.event)) } == EPROTO)
    }

    @Test("routes go on top and come off the top")
    func routes() throws {
        let message = Message(.request)
        #expect(code { try message.pushRoute(Slice("a")) } == EPROTO)
        #expect(code { _ = try message.routeCount() } == EPROTO)
        message.enableRoutes()
        try message.pushRoute(Slice("first-of-all"))
        try message.pushRoute(Slice("second"))
        #expect(try message.routeCount() == 2)
        #expect(message.firstRoute == Slice("first-of-all") && message.lastRoute == Slice("second"))
        #expect(try message.routeText() == Array("first-of!second".utf8))
        let back = try decode(try encode(message))
        #expect(back.routes == [Slice("second"), Slice("first-of-all")])
        try message.deleteLastRoute()
        try message.deleteLastRoute()
        try message.deleteLastRoute()
        #expect(message.firstRoute == nil)
        message.disableRoutes()
        #expect(!message.hasRoutes)
    }

    @Test("254 bytes need one byte for their size, 255 need five", arguments: [0, 1, 254, 255, 256, 70_000])
    func sizes(count: Int) throws {
        let message = Message.request(topic: Slice([UInt8](repeating: 0x61, count: count)))
        message.setPayload(Slice((0..<count).map { UInt8(truncatingIfNeeded: $0) }))
        let back = try decode(try encode(message))
        #expect(back.topic == message.topic)
        #expect(back.payload?.bytes ?? [] == message.payload?.bytes ?? [])
        #expect(try encode(back) == encode(message))
        if let payload = back.payload { #expect(Int(bitPattern: payload.pointer) % 16 == 0) }
        #expect(back.topic?.pointer.load(fromByteOffset: count, as: UInt8.self) == 0)
    }

    @Test(
        "what is no message is refused with the original's code",
        arguments: [
            ([], EPROTO), ([0], EPROTO), ([5, 1], EINVAL), ([0xff, 0, 0], EINVAL),
            ([0xff, 0xff, 0xff, 0xff, 0xff], EINVAL),
            (plain.dropLast(), EINVAL), (plain + [0], EPROTO), ([19] + plain[1..<20], EPROTO),
            ([20, 0x8f] + plain[2...], EPROTO), ([20, 0x8e, 2] + plain[3...], EPROTO),
            ([20, 0x8e, 1, 3] + plain[4...], EPROTO), ([20, 0x8e, 1, 0] + plain[4...], EPROTO),
            ([20, 0x8e, 1, 1, 1] + plain[5...], EPROTO), ([20, 0x8e, 1, 1, 2] + plain[5...], EPROTO),
            ([20, 0x8e, 1, 1, 8] + plain[5...], EPROTO), ([1, 0x61, 20, 0x8e, 1, 1, 8] + plain[5...], EPROTO),
        ] as [([UInt8], Int32)])
    func refused(bytes: [UInt8], expected: Int32) {
        #expect(code { _ = try decode(bytes) } == expected)
    }

    @Test("surplus parts before the fixed one are passed over")
    func surplus() throws {
        let message = try decode([1, 0x61, 0, 3, 1, 2, 3] + plain)
        #expect(message.topic == nil && message.type == .request)
        let topic = try decode([1, 0x61, 3, 1, 2, 3, 20, 0x8e, 1, 1, 1] + plain[5...])
        #expect(topic.topic == Slice("a"))
    }

    @Test("a topic ends where C sees its end")
    func topicWithNUL() throws {
        #expect(try decode([3, 0x61, 0, 0x62, 20, 0x8e, 1, 1, 1] + plain[5...]).topic == Slice("a"))
    }

    @Test("every cut of a message is refused, and no byte changed in one crashes")
    func damage() throws {
        for vector in Vector.all.prefix(20) {
            let body = Array(vector.bytes.dropFirst(8))
            for count in 0..<body.count { #expect(throws: Errno.self) { try decode(Array(body.prefix(count))) } }
            for place in body.indices {
                for value: UInt8 in [0, 1, 0x7f, 0xfe, 0xff] {
                    var changed = body
                    changed[place] = value
                    guard let message = try? decode(changed) else { continue }
                    _ = try? message.json()
                    _ = try encode(message)
                }
            }
        }
    }

    @Test("payloads are replaced, taken away, and shared with copies")
    func payloads() throws {
        let message = Message(.event)
        message.setText(Array("one".utf8))
        let copy = message.copy()
        message.setPayload(nil)
        #expect(!message.hasPayload && code { _ = try message.requirePayload() } == EPROTO)
        #expect(try copy.textPayload() == Slice("one"))
        #expect(!copy.copy(withPayload: false).hasPayload)
        copy.setPayload(Slice("x"))
        #expect(code { _ = try copy.textPayload() } == EPROTO)
    }

    @Test(
        "RPC-13: a payload that is no JSON object says why",
        arguments: ["", "[1]", "3", "{", "{\"a\":1}x", "nonsense"])
    func notJSON(text: String) {
        let message = Message(.request)
        message.setText(Array(text.utf8))
        #expect(code { _ = try message.json() } == EPROTO)
        #expect(message.lastError != nil)
    }

    @Test("JSON is parsed once, and anew after the payload changed")
    func json() throws {
        let message = Message(.request)
        #expect(code { _ = try message.json() } == EPROTO)
        message.setJSON(.object([("a", .integer(1))]))
        let first = try message.json()
        #expect(try message.json() === first)
        message.setJSON(.object([("a", .integer(2))]))
        #expect(try message.json()["a"]?.integer == 2)
    }

    @Test("control messages have no topic")
    func control() {
        #expect(code { try Message(.control).setTopic(Slice("x")) } == EINVAL)
    }

    @Test("who may: the owner all, a user what is their own, nobody else anything")
    func authorization() {
        #expect(code { try Credentials(userid: 9, roles: .owner).authorize(1) } == nil)
        #expect(code { try Credentials(userid: 9, roles: .user).authorize(9) } == nil)
        #expect(code { try Credentials(userid: 9, roles: .user).authorize(1) } == EPERM)
        #expect(code { try Credentials(userid: 9, roles: .local).authorize(9) } == EPERM)
        #expect(code { try Credentials(userid: .max, roles: .user).authorize(.max) } == EPERM)
    }
}

struct MatchTests {
    @Test(
        "topics and patterns",
        arguments: [
            (nil, "a.b", true), ("", "a.b", true), ("*", "a.b", true), ("a.b", "a.b", true), ("a.b", "a.bc", false),
            ("a.*", "a.b", true), ("a.*", "b.a", false), ("a.?", "a.b", true), ("a.[bc]", "a.c", true),
            ("a.[bc]", "a.d", false),
        ] as [(String?, String, Bool)])
    func globs(glob: String?, topic: String, fits: Bool) {
        let match = Match(glob: TopicGlob(glob.map { Slice($0) }))
        #expect(Message.event(topic: Slice(topic)).matches(match) == fits)
    }

    @Test("RPC-23: a tag counts only without routes, and only in requests and responses")
    func tags() throws {
        let message = Message(.response)
        message.matchtag = 3
        #expect(message.matches(Match(matchtag: 3)) && !message.matches(Match(matchtag: 4)))
        message.enableRoutes()
        #expect(message.matches(Match(matchtag: 3)))
        try message.pushRoute(Slice("x"))
        #expect(!message.matches(Match(matchtag: 3)))
        #expect(!Message(.event).matches(Match(matchtag: 3)))
    }

    @Test("types, and no topic where one is asked for")
    func types() {
        #expect(Message(.event).matches(Match(types: 4)) && !Message(.event).matches(Match(types: 3)))
        #expect(!Message(.event).matches(Match(glob: TopicGlob(Slice("a")))))
        #expect(Message(.event).matches(Match()))
    }
}

struct FramingTests {
    @Test("a wrong mark is refused as soon as it is there")
    func mark() throws {
        let reader = FrameReader()
        #expect(throws: Errno(code: EPROTO)) { try read([0x12, 0, 0xee, 0xfe], atOnce: 4, into: reader) }
    }

    @Test("an announced length reserves nothing")
    func announced() throws {
        let reader = FrameReader()
        #expect(try read([0x12, 0, 0xee, 0xff, 0xff, 0xff, 0xff, 0xff, 0], atOnce: 9, into: reader).isEmpty)
        #expect(reader.isMidFrame)
        #expect(reader.room(atLeast: 1).count <= 8192)
    }

    @Test("a message without any part is refused")
    func empty() throws {
        #expect(throws: Errno(code: EPROTO)) { try read([0x12, 0, 0xee, 0xff, 0, 0, 0, 0], atOnce: 8) }
    }

    @Test("large messages among small ones survive partial writes")
    func large() throws {
        let writer = FrameWriter()
        let reader = FrameReader()
        var got: [Int] = []
        for count in [1, 300_000, 5, 70_000, 0, 2_000_000, 3] {
            try writer.append(.request(topic: Slice("t"), payload: Slice([UInt8](repeating: 9, count: count))))
            let part = min(writer.count, 65_536)
            let sent = Array(writer.unsent.prefix(part))
            got += try read(sent, atOnce: 10_000, into: reader).map { $0.payload?.count ?? 0 }
            writer.sent(part)
        }
        got += try read(Array(writer.unsent), atOnce: 30_000, into: reader).map { $0.payload?.count ?? 0 }
        writer.sent(writer.count)
        #expect(got == [1, 300_000, 5, 70_000, 0, 2_000_000, 3] && writer.isEmpty && !reader.isMidFrame)
    }
}

struct MessageListTests {
    @Test("removing while walking leaves the rest")
    func walking() {
        let list = MessageList()
        let messages = (0..<4).map { number in
            let message = Message(.request)
            message.matchtag = UInt32(number)
            return message
        }
        messages.forEach(list.append)
        var here = list.first()
        while let message = here {
            if message.matchtag % 2 == 0 { #expect(list.removeCurrent() === message) }
            here = list.next()
        }
        #expect(list.count == 2 && list.first() === messages[1] && list.last() === messages[3])
        #expect(list.next() == nil && list.next() === messages[1])
        list.prepend(messages[0])
        #expect(list.pop() === messages[0] && list.removeCurrent() == nil)
    }
}
