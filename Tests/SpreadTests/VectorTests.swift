import Foundation
import Testing

@testable import Spread

/// One message of a recorded session, or a piece of its handshake.
struct Recorded: Sendable {
    let isFromClient: Bool
    let bytes: [UInt8]

    static func session(_ name: String) throws -> [Recorded] {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Vectors/spread/\(name).hex")
        return try String(contentsOf: file, encoding: .utf8).split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ")
            guard words.count == 2, words[0] == "C>D" || words[0] == "D>C" else { return nil }
            let digits = Array(words[1])
            let bytes = stride(from: 0, to: digits.count, by: 2).map { place in
                UInt8(String(digits[place...(place + 1)]), radix: 16) ?? 0
            }
            return Recorded(isFromClient: words[0] == "C>D", bytes: bytes)
        }
    }

    /// The messages after the four steps of the handshake.
    static func messages(_ name: String) throws -> [Recorded] { Array(try session(name).dropFirst(4)) }

    /// The same message as a machine of the other order writes it: marks cleared, integers turned, data as it is.
    var inOtherOrder: [UInt8] {
        var other = bytes
        other[0] &= 0x7f
        other[3] &= 0x7f
        other[40] &= 0x7f
        other[43] &= 0x7f
        for place in [0, 36, 40, 44] { other[place..<(place + 4)].reverse() }
        return other
    }
}

@Suite("recorded sessions of Spread")
struct VectorTests {
    static let sessions = ["sp44-conn1", "sp44-conn2", "sp50-conn1", "fl44-conn1", "fl44-conn2", "net44-conn1"]

    private func header(_ bytes: [UInt8]) -> MessageHeader {
        bytes.withUnsafeBytes { MessageHeader(wire: $0.baseAddress.unsafelyUnwrapped) }
    }

    @Test("every header decodes and encodes to the same bytes (B.3)", arguments: sessions)
    func headers(_ session: String) throws {
        let messages = try Recorded.messages(session)
        #expect(messages.count > 10)
        for message in messages {
            let header = header(message.bytes)
            #expect(!header.isSwapped && !header.isFromOtherOrder)
            #expect(48 + Int(header.groupCount) * 32 + Int(header.dataByteCount) == message.bytes.count)
            var encoded = [UInt8](repeating: 0xff, count: 48)
            encoded.withUnsafeMutableBytes { header.write(to: $0.baseAddress.unsafelyUnwrapped) }
            #expect(encoded == Array(message.bytes[..<48]))
        }
    }

    @Test("the other byte order says the same (B.3)", arguments: sessions)
    func otherOrder(_ session: String) throws {
        for message in try Recorded.messages(session) {
            var other = header(message.inOtherOrder)
            #expect(other.isSwapped && other.isFromOtherOrder)
            other.isSwapped = false
            other.isFromOtherOrder = false
            #expect(other == header(message.bytes))
        }
    }

    @Test("the handshake is the recorded one (B.2)", arguments: sessions)
    func handshake(_ session: String) throws {
        let steps = try Recorded.session(session).prefix(4).map { $0.bytes }
        var greeting = Handshake.greeting(
            name: Array(steps[0][5...]), priority: Int32(steps[0][3] >> 4), membership: true)
        greeting.replaceSubrange(0..<3, with: steps[0][0..<3])
        #expect(greeting == steps[0])
        #expect(Handshake.choice([Array("NULL".utf8)]) == steps[2])
        #expect(Handshake.refusal(steps[1][0]) == nil)
        #expect(Handshake.isServed(steps[3][1], steps[3][2], priority: 1))
    }

    @Test("every view's body is read, in both byte orders (B.7)", arguments: sessions)
    func memberships(_ session: String) throws {
        var views = 0
        for message in try Recorded.messages(session) {
            let header = header(message.bytes)
            guard !message.isFromClient, header.type & Service.regularMembership != 0 else { continue }
            let names = (0..<Int(header.groupCount)).map { Array(message.bytes[(48 + $0 * 32)..<(80 + $0 * 32)]) }
            let body = Array(message.bytes[(48 + names.count * 32)...])
            #expect(MembershipBody.isSound(body, type: header.type))
            let (sets, own) = try body.withUnsafeBytes { try MembershipBody([$0]).sets(atMost: 10) }
            let mine = try body.withUnsafeBytes { try MembershipBody([$0]).ownSet() }
            #expect(sets[own] == mine)
            if header.type & Service.causedByNetwork != 0 {
                #expect(sets.reduce(0) { $0 + Int($1.memberCount) } == names.count)
            } else {
                #expect(sets.count == 1 && mine.memberCount == 1)
            }
            var other = body
            var integers = [0, 4, 8, 12, 16]
            integers += sets.map { Int($0.offset) - 4 }
            for place in integers { other[place..<(place + 4)].reverse() }
            #expect(other != body)
            MembershipBody.swap(&other)
            #expect(other == body)
            views += 1
        }
        #expect(views > 0)
    }
}
