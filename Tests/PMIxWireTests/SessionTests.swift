import Bytes
import PMIxWire
import Testing

/// Which messages a frame can be decoded as, known only from what came before it on the connection.
struct Decoder {
    let session: Session
    let dialect: Dialect
    let client: Release
    let server: Release
    private var asked: [UInt32: Command] = [:]

    init(_ session: Session) throws {
        let handshake = try session.handshake()
        self.session = session
        dialect = try #require(Dialect(module: handshake.module, isDescribed: handshake.isDescribed))
        client = Release(parsing: handshake.version)
        server = Release(parsing: Text(session.server))
    }

    /// nil for a message without bytes.
    mutating func parts(of frame: Session.Frame) throws -> [Part]? {
        if frame.isFromClient {
            if frame.tag == Tag.heartbeat { return nil }
            let command = try self.command(frame.bytes)
            asked[frame.tag] = command
            return [.one(.command)] + Conversation.request(command, client: client)
        }
        switch frame.tag {
        case Tag.notify: return Conversation.notification(server: server)
        case Tag.output: return Conversation.output(server: server)
        // Nobody asked: a server without a monitor complains about a heartbeat.
        case Tag.heartbeat: return [.one(.status)]
        default:
            let question = asked.removeValue(forKey: frame.tag)
            let command = try #require(question, "an answer to tag \(frame.tag)")
            return frame.bytes.isEmpty ? nil : Conversation.answer(command, server: server)
        }
    }

    /// What a message from the server answers, before `parts` has been asked about it; nil when it answers nothing.
    func question(of frame: Session.Frame) -> Command? { frame.isFromClient ? nil : asked[frame.tag] }

    func request(in frame: Session.Frame) -> Command? {
        frame.isFromClient && frame.tag != Tag.heartbeat ? try? command(frame.bytes) : nil
    }

    private func command(_ bytes: [UInt8]) throws -> Command {
        let number = try bytes.unpack(dialect) { (unpacker) throws(Malformed) in try unpacker.byte(.command) }
        return try #require(Command(rawValue: number))
    }
}

@Suite("recorded sessions")
struct SessionTests {
    @Test("there are as many as were recorded")
    func count() {
        #expect(Vectors.sessions.count == 133)
        #expect(Vectors.sessions.reduce(0) { $0 + $1.frames.count } > 4300)
    }

    @Test("every message decodes to its last byte and encodes to the same bytes", arguments: Vectors.sessions)
    func messages(session: Session) throws {
        var decoder = try Decoder(session)
        for frame in session.frames {
            guard let parts = try decoder.parts(of: frame) else {
                #expect(frame.bytes.isEmpty)
                continue
            }
            if frame.byteCount != nil { continue }
            let again = try rewrite(frame.bytes, decoder.dialect, parts)
            #expect(hex(again) == hex(frame.bytes), "tag \(frame.tag)")
        }
    }

    @Test("a message whose end is missing is waited for")
    func unfinished() throws {
        let cut = Vectors.sessions.flatMap(\.frames).filter { $0.byteCount != nil }
        #expect(cut.count > 90)
        for frame in cut {
            let announced = UInt32(frame.byteCount ?? 0)
            var writer = ByteWriter()
            Header(index: frame.index, tag: frame.tag, byteCount: announced).write(to: &writer)
            writer.append(frame.bytes)
            var framing = Framing()
            framing.append(writer.bytes[...])
            #expect(try framing.next() == nil)
        }
    }

    @Test("the stream is cut into the same messages, however it arrives", arguments: [1, 7, 4096])
    func framing(chunk: Int) throws {
        for session in Vectors.sessions.prefix(20) {
            let whole = session.frames.filter { $0.byteCount == nil }
            var stream: [UInt8] = []
            for frame in whole { stream += Message(tag: frame.tag, payload: frame.bytes).framed(index: frame.index) }
            var framing = Framing()
            var messages: [Message] = []
            for start in stride(from: 0, to: stream.count, by: chunk) {
                framing.append(stream[start..<min(start + chunk, stream.count)])
                while let message = try framing.next() { messages.append(message) }
            }
            #expect(messages.map(\.tag) == whole.map(\.tag))
            #expect(messages.map(\.payload) == whole.map(\.bytes))
        }
    }
}
