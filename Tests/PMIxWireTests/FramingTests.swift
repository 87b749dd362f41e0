import Bytes
import PMIxWire
import Testing

@Suite("framing")
struct FramingTests {
    private let messages = [
        Message(tag: 101, payload: [2, 0]), Message(tag: 1, payload: []),
        Message(tag: 0, payload: [UInt8](repeating: 7, count: 40)),
        Message(tag: .max, payload: [9]),
    ]

    private var stream: [UInt8] { messages.flatMap { $0.framed(index: 3) } }

    private func drain(_ framing: inout Framing) throws -> [Message] {
        var found: [Message] = []
        while let message = try framing.next() { found.append(message) }
        return found
    }

    @Test("a header has the known bytes")
    func header() {
        #expect(hex(Message(tag: 101, payload: [2, 0]).framed(index: 1)) == "000000010000006500000002000000000200")
    }

    @Test("the same messages come out, wherever the stream is split in two")
    func splits() throws {
        for split in 0...stream.count {
            var framing = Framing()
            framing.append(stream[..<split])
            var found = try drain(&framing)
            framing.append(stream[split...])
            found += try drain(&framing)
            #expect(found.map(\.tag) == messages.map(\.tag))
            #expect(found.map(\.payload) == messages.map(\.payload))
            #expect(try framing.next() == nil)
        }
    }

    @Test("the same messages come out of pieces of any size")
    func pieces() throws {
        for size in 1...stream.count {
            var framing = Framing()
            var found: [Message] = []
            for start in stride(from: 0, to: stream.count, by: size) {
                framing.append(stream[start..<min(start + size, stream.count)])
                found += try drain(&framing)
            }
            #expect(found.map(\.payload) == messages.map(\.payload))
        }
    }

    /// As a socket would hand it out: at most `size` bytes at a time, never more than there is room for.
    private func receive(_ stream: [UInt8], _ size: Int) throws -> [Message] {
        var framing = Framing()
        var found: [Message] = []
        var position = 0
        while position < stream.count {
            position += framing.receive { room, start in
                let count = min(size, room.count - start, stream.count - position)
                room.put(stream, position..<position + count, at: start)
                return count
            }
            found += try drain(&framing)
        }
        return found
    }

    @Test("long messages and short ones come out of pieces of any size, by either way in")
    func long() throws {
        var mixed: [Message] = []
        for (number, length) in [3, 70_000, 0, 5000, 200_001, 4080, 4081, 12].enumerated() {
            let bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ number) }
            mixed.append(Message(tag: UInt32(100 + number), payload: bytes))
        }
        let stream = mixed.flatMap { $0.framed(index: 0) }
        for size in [1, 15, 16, 17, 4095, 4096, 65_536, 65_537, stream.count] {
            var framing = Framing()
            var found: [Message] = []
            for start in stride(from: 0, to: stream.count, by: size) {
                framing.append(stream, start..<min(start + size, stream.count))
                found += try drain(&framing)
            }
            #expect(found.map(\.tag) == mixed.map(\.tag))
            #expect(found.map(\.payload) == mixed.map(\.payload))
            let received = try receive(stream, size)
            #expect(received.map(\.tag) == mixed.map(\.tag))
            #expect(received.map(\.payload) == mixed.map(\.payload))
        }
    }

    @Test("a message longer than the bound ends the stream, before its bytes have come")
    func bound() throws {
        var framing = Framing(largest: 40)
        framing.append(messages[2].framed(index: 0)[...])
        #expect(try framing.next()?.payload.count == 40)
        var writer = ByteWriter()
        Header(index: 0, tag: 100, byteCount: 41).write(to: &writer)
        framing.append(writer.bytes[...])
        #expect(throws: Malformed.count) { try framing.next() }
    }

    @Test("a header of any other bytes is read or refused, never more")
    func anyHeader() throws {
        var random = SplitMix(seed: 3)
        for _ in 0..<2000 {
            var framing = Framing(largest: 1 << 20)
            let header = (0..<16).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            framing.append(header[...])
            let isTooLong =
                header[8] != 0 || header[9] >= 0x10 && !(header[9] == 0x10 && header[10] == 0 && header[11] == 0)
            let next = Result { try framing.next() }
            switch next {
            case .success(let message): #expect(!isTooLong && (message == nil || message?.payload.isEmpty == true))
            case .failure: #expect(isTooLong)
            }
        }
    }
}

extension Framing {
    /// The stream as a test has it cut.
    mutating func append(_ slice: ArraySlice<UInt8>) {
        append(Array(slice), 0..<slice.count)
    }
}
