import Foundation
import Testing

@testable import Flux

/// One line of Vectors/flux/frames.txt: what a program of release 0.88 and its broker sent.
struct Vector: CustomStringConvertible {
    let name: String
    let bytes: [UInt8]
    var description: String { name }

    static let all: [Vector] = {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Vectors/flux/frames.txt")
        let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
        return text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { line in
            let words = line.split(separator: " ")
            return Vector(name: words[0...2].joined(separator: " "), bytes: bytes(hex: words[3]))
        }
    }()

    static func bytes(hex: Substring) -> [UInt8] {
        stride(from: 0, to: hex.count, by: 2).map { place in
            let start = hex.index(hex.startIndex, offsetBy: place)
            return UInt8(hex[start..<hex.index(start, offsetBy: 2)], radix: 16) ?? 0
        }
    }
}

/// Bytes through a reader, so many at a time.
func read(_ bytes: [UInt8], atOnce: Int, into reader: FrameReader = FrameReader()) throws -> [Message] {
    var messages: [Message] = []
    var rest = bytes[...]
    while !rest.isEmpty {
        let part = Array(rest.prefix(atOnce))
        rest = rest.dropFirst(atOnce)
        reader.room(atLeast: part.count).copyBytes(from: part)
        reader.received(part.count)
        while let message = try reader.next() { messages.append(message) }
    }
    return messages
}

func framed(_ messages: [Message]) throws -> [UInt8] {
    let writer = FrameWriter()
    for message in messages { try writer.append(message) }
    return Array(writer.unsent)
}

struct VectorTests {
    @Test("there are vectors")
    func present() {
        #expect(Vector.all.count == 80)
    }

    @Test("every frame seen is read and written back to the same bytes", arguments: Vector.all)
    func roundTrip(vector: Vector) throws {
        let messages = try read(vector.bytes, atOnce: vector.bytes.count)
        #expect(messages.count == 1)
        #expect(try framed(messages) == vector.bytes)
        #expect(try framed(messages.map { $0.copy() }) == vector.bytes)
    }

    @Test("RPC-1: the request for an attribute is what the original sends")
    func request() throws {
        let message = Message.request(topic: Slice("attr.get"))
        message.setText(Array(#"{"name":"rank"}"#.utf8))
        message.matchtag = 1
        let seen = try #require(Vector.all.first { $0.name == "ex1_sync 1 >" })
        #expect(try framed([message]) == seen.bytes)
    }

    @Test("all frames in one stream, in pieces of any size", arguments: [1, 3, 7, 64, 4096, 1 << 20])
    func pieces(size: Int) throws {
        let stream = Vector.all.flatMap(\.bytes)
        let messages = try read(stream, atOnce: size)
        #expect(messages.count == Vector.all.count)
        #expect(try framed(messages) == stream)
    }

    @Test("the parts of a response are what was sent")
    func response() throws {
        let seen = try #require(Vector.all.first { $0.name == "ex1_sync 2 <" })
        let message = try #require(try read(seen.bytes, atOnce: 100).first)
        #expect(message.type == .response)
        #expect(message.flags == [.topic, .payload, .route])
        #expect(message.credentials == Credentials(userid: 0, roles: [.owner, .local]))
        #expect(message.errnum == 0 && message.matchtag == 1)
        #expect(message.topic == Slice("attr.get"))
        #expect(message.routes.isEmpty)
        let value = try message.json()
        #expect(value["value"]?.string == "0" && value["flags"]?.integer == 1)
        #expect(try message.textPayload()?.string == #"{"value":"0","flags":1}"#)
    }

    @Test("an event keeps its hops, the latest first")
    func event() throws {
        let seen = try #require(Vector.all.first { $0.bytes.count > 30 && $0.bytes[$0.bytes.count - 18] == 4 })
        let message = try #require(try read(seen.bytes, atOnce: 1000).first)
        #expect(message.type == .event && message.hasRoutes)
        #expect(!message.routes.isEmpty)
        #expect(message.routes.allSatisfy { $0.pointer.load(fromByteOffset: $0.count, as: UInt8.self) == 0 })
    }
}
