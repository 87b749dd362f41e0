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
