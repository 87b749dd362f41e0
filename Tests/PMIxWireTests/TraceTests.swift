import Bytes
import Testing

@testable import PMIxWire

@Suite("messages in words")
struct TraceTests {
    private let client = Proc("job", Rank(1))
    private let server = Proc("server", Rank(0))

    private func text(_ line: TraceLine) -> String { String(decoding: line.bytes, as: UTF8.self) }

    /// What each side says of what it receives. Of some frames only the beginning was recorded: they are not among it.
    private func lines(_ session: Session, _ change: ([UInt8]) -> [UInt8] = { $0 }) throws -> [String] {
        let greeting = try session.handshake()
        let dialect = try #require(Dialect(module: greeting.module, isDescribed: greeting.isDescribed))
        let atServer = WireTrace(server, client, dialect, Release(parsing: greeting.version), isServer: true)
        let atClient = WireTrace(client, server, dialect, Release(parsing: Text(session.server)), isServer: false)
        return session.frames.compactMap { frame in
            let bytes = change(frame.bytes)
            let received = frame.isFromClient ? atServer : atClient
            let sent = frame.isFromClient ? atClient : atServer
            _ = sent.line(bytes, frame.tag, isSent: true)
            let line = received.line(bytes, frame.tag, isSent: false)
            return frame.byteCount == nil ? text(line) : nil
        }
    }

    @Test("TRACE-1 every recorded message has a name and is read to its end", arguments: Vectors.sessions)
    func sessions(session: Session) throws {
        for line in try lines(session) {
            #expect(!line.contains("nobody knows") && !line.contains("cannot be read"), "\(line)")
            // Of what release 6 adds to a group's answer only the beginning is told.
            #expect(!line.contains("and more") || line.contains("answer to construct group"), "\(line)")
            #expect(line.utf8.count < 1200)
        }
    }

    @Test("TRACE-2 what is told is who, what, and the main parts")
    func words() {
        let trace = WireTrace(client, server, .server, Release(4, 2, 2), isServer: false)
        var fence = Packer(.server, command: .fence)
        fence.procs([Proc("job", .wildcard)])
        fence.infos([Info("pmix.timeout", .uint32(3))])
        let asked = text(trace.line(fence.bytes, 101, isSent: true))
        #expect(asked.contains("job:1 -> server:0 fence, \(fence.bytes.count) bytes, tag 101: {job:*} {"))
        #expect(asked.hasSuffix("=3}"))
        var answer = Packer(.server)
        answer.status(.timeout)
        let told = text(trace.line(answer.bytes, 101, isSent: false))
        #expect(told.contains("job:1 <- server:0 answer to fence, 2 bytes, tag 101: -24"))
        let unasked = text(trace.line(answer.bytes, 101, isSent: false))
        #expect(unasked.contains("answer to what nobody knows"))
    }

    @Test("TRACE-2 long texts are cut, and control characters shown as a question mark")
    func shortened() {
        let trace = WireTrace(client, server, .server, Release(4, 2, 2), isServer: false)
        var packer = Packer(.server, command: .abort)
        packer.status(.error)
        packer.string(Text("\u{1b}[2J" + String(repeating: "x", count: 5000)))
        packer.procs([])
        let line = text(trace.line(packer.bytes, 101, isSent: true))
        #expect(line.contains("\"?[2J" + String(repeating: "x", count: 60) + "...\""))
        var many = Packer(.server, command: .fence)
        many.procs((0..<100).map { Proc("job", Rank($0)) })
        many.infos([])
        #expect(text(trace.line(many.bytes, 102, isSent: true)).hasSuffix("job:15, and 84 more}"))
    }

    @Test("TRACE-3 bytes that mean nothing are said to", arguments: [1, 2, 3])
    func hostile(step: Int) throws {
        for session in Vectors.sessions {
            let halves = try lines(session) { Array($0.prefix($0.count / 2 + step)) }
            #expect(halves.allSatisfy { $0.utf8.count < 1200 })
            _ = try lines(session) { bytes in bytes.enumerated().map { $0 % 7 == step ? $1 &+ 0x81 : $1 } }
        }
    }
}
