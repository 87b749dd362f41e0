import Bytes
import Foundation
import PMIxWire
import Sockets
import Testing

@testable import PMIxClient

/// A server for one tool: it keeps what it hears and says what it is given.
final class ToolServer: @unchecked Sendable {
    let uri: String
    private let listener: Socket
    private let lock = Lock()
    private var payload: [UInt8] = []  // lock
    private var requests: [[UInt8]] = []  // lock
    private var isOver = false  // lock
    private let condition = Condition()

    private static let patience: UInt64 = 5

    /// Answers REQ with `job`; without one, hangs up after the reply.
    init(reply: [UInt8], job: [UInt8]?) throws {
        listener = try Socket.listen(on: .loopback())
        uri = "pmix-server.7;tcp4://127.0.0.1:\(try listener.localAddress().port)"
        let thread = Thread { [self] in
            _ = try? serve(reply, job)
            lock.withLock {
                isOver = true
                condition.signal()
            }
        }
        thread.start()
    }

    func startTool() throws -> Client {
        try Tool([Info(.serverURI, .string(Text(uri)))]).start(adopting: nil, startsThread: true)
    }

    private func serve(_ reply: [UInt8], _ job: [UInt8]?) throws {
        let deadline = Deadline(seconds: ToolServer.patience)
        try listener.waitReadable(deadline)
        let peer = try listener.accept()
        let length = try Handshake.payloadByteCount(header: try peer.receiveAll(Header.byteCount, deadline))
        let greeting = try peer.receiveAll(length, deadline)
        lock.withLock { payload = greeting }
        try peer.sendAll(reply, deadline)
        guard let job else { return }
        while true {
            let header = try peer.receiveAll(Header.byteCount, deadline)
            let tag = header[4..<8].reduce(0) { $0 << 8 | UInt32($1) }
            let request = try peer.receiveAll(Int(header[11]), deadline)
            lock.withLock { requests.append(request) }
            let answer = request == [2, 0] ? job : [2, 0]
            try peer.sendAll(Message(tag: tag, payload: answer).framed(index: 0), deadline)
        }
    }

    /// What it heard until the tool left.
    var heard: [[UInt8]] {
        lock.lock()
        defer { lock.unlock() }
        let deadline = Deadline(seconds: ToolServer.patience)
        while !isOver { if !condition.wait(lock, until: deadline) { break } }
        return requests
    }

    var greeting: [UInt8] { lock.withLock { payload } }
}

/// What Debian's tool and server said to each other.
struct RecordedTool {
    let handshake: Handshake
    let reply: [UInt8]
    let job: [UInt8]

    init(_ name: String) throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Vectors/pmix/sessions-server-4.2.2.txt")
        let text = try String(contentsOf: file, encoding: .utf8)
        let lines = text.split(separator: "\n").map { $0.split(separator: " ") }
        let start = try #require(lines.firstIndex { $0 == ["session", Substring(name)] })
        let session = lines[(start + 1)...].prefix { $0[0] != "session" }
        let greeting = try #require(session.first { $0[0] == "H" })
        let answer = try #require(session.first { $0[0] == "h" })
        let first = try #require(session.first { $0[0] == "<" && $0[1] == "101" })
        handshake = try Handshake(payload: RecordedTool.bytes(greeting[2]))
        reply = RecordedTool.bytes(answer[1])
        job = RecordedTool.bytes(first[3])
    }

    private static func bytes(_ digits: Substring) -> [UInt8] {
        let text = Array(digits)
        return stride(from: 0, to: text.count - 1, by: 2).compactMap { UInt8(String(text[$0...($0 + 1)]), radix: 16) }
    }

    /// The same greeting from a process of this user, with our release.
    func greeting(from process: Int32, _ command: String) -> [UInt8] {
        var ours = handshake
        ours.uid = geteuid()
        ours.gid = getegid()
        ours.credential = NativeCredential(uid: ours.uid, gid: ours.gid).bytes
        ours.version = Release.oursText
        for index in ours.infos.indices {
            if ours.infos[index].key == .processID { ours.infos[index].value.content = .unsigned(UInt64(process)) }
            if ours.infos[index].key == .commandLine { ours.infos[index].value.content = .text(Text(command)) }
        }
        return Array(ours.bytes().dropFirst(Header.byteCount))
    }
}

/// A folder that goes with the test.
final class TemporaryFolder: @unchecked Sendable {
    let path: Text

    init() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("muster-" + UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        path = Text(folder.path)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path.description)
    }

    func make(_ folder: String) throws {
        try FileManager.default.createDirectory(
            atPath: path.description + "/" + folder, withIntermediateDirectories: true)
    }

    @discardableResult
    func write(_ name: String, _ text: String) throws -> Text {
        let file = path.description + "/" + name
        try Data(text.utf8).write(to: URL(fileURLWithPath: file))
        return Text(file)
    }
}
