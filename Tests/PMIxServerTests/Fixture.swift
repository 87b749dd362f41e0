import Bytes
import PMIxWire
import Reactor
import Sockets
import Testing

@testable import PMIxServer

/// A server on a thread of its own, with one job registered unless the test wants to do that itself.
final class Fixture: @unchecked Sendable {
    let loop: Loop
    let server: Server
    private let thread: ProgressThread
    private let lock = Lock()
    private var heard: [Event] = []  // lock

    static let uid: UInt32 = 1000
    static let gid: UInt32 = 100

    /// `size` larger than `local` puts the further ranks on another node.
    init(
        local: Int = 2, size: Int? = nil, host: Host = Host(), registers: Bool = true,
        _ adjust: (inout Server.Options) -> Void = { _ in }, prepare: (Server) -> Void = { _ in }
    ) throws {
        let loop = try #require(Loop())
        self.loop = loop
        thread = try #require(ProgressThread(loop))
        var options = Server.Options(
            identity: Proc("server", Rank(0)), hostname: "here", uid: Fixture.uid, gid: Fixture.gid)
        adjust(&options)
        server = Server(options, loop: loop, host: host)
        server.onLocalEvent = { [lock] event in lock.withLock { self.heard.append(event) } }
        prepare(server)
        do {
            try server.start()
        } catch {
            stop()
            throw error
        }
        guard registers else { return }
        announce(local)
        #expect(register(local: local, size: size ?? local) == .success)
    }

    func stop() {
        server.stop()
        thread.stop()
    }

    // MARK: What a host does

    func announce(_ count: Int, _ nspace: Namespace = "job") {
        for rank in 0..<count {
            let status = wait {
                self.server.registerClient(
                    Proc(nspace, Rank(UInt32(rank))), uid: Fixture.uid, gid: Fixture.gid, object: UInt(7000 + rank),
                    done: $0)
            }
            #expect(status == .success)
        }
    }

    func register(local: Int, size: Int, _ nspace: Namespace = "job") -> Status? {
        let here = (0..<local).map(String.init).joined(separator: ",")
        let there = (local..<size).map(String.init).joined(separator: ",")
        let infos = [
            Info(.jobSize, .uint32(UInt32(size))),
            Info(.universeSize, .uint32(UInt32(size))),
            Info(.nodeMap, .string(size > local ? "here,there" : "here")),
            Info(.procMap, .string(Text(size > local ? here + ";" + there : here))),
        ]
        return wait { self.server.registerNamespace(nspace, localCount: local, infos: infos, done: $0) }
    }

    /// The status of something that calls back; nil when it does not in time.
    func wait(_ begin: (@escaping (Status) -> Void) -> Void) -> Status? {
        let answer = Awaited<Status>()
        begin { answer.set($0) }
        return answer.value
    }

    /// Returns when everything posted to the loop so far is done.
    func settle() {
        let done = Awaited<Bool>()
        loop.post { done.set(true) }
        #expect(done.value == true)
    }

    var events: [Event] { lock.withLock { heard } }

    func awaitEvent() -> Event? {
        for _ in 0..<500 {
            if let event = events.first { return event }
            Pause.milliseconds(10)
        }
        return nil
    }

    // MARK: Who connects

    var address: Address {
        let uri = server.environment(for: Proc("job", Rank(0))).first { $0.name == "PMIX_SERVER_URI41" }?.value ?? ""
        let port = uri.split(UInt8(ascii: ":")).last?.decimal ?? 0
        return .loopback(port: UInt16(truncatingIfNeeded: port))
    }

    func client(_ rank: Int, _ nspace: Namespace = "job", version: Text = "4.2.2", module: Text = "v41") throws
        -> RawClient
    {
        let proc = Proc(nspace, Rank(UInt32(rank)))
        let client = try RawClient(address, .client(proc, version: version, module: module))
        try client.enter()
        return client
    }
}

extension Handshake {
    static func client(_ proc: Proc, version: Text = "4.2.2", module: Text = "v41", uid: UInt32 = Fixture.uid)
        -> Handshake
    {
        Handshake(
            security: "native", credential: NativeCredential(uid: uid, gid: Fixture.gid).bytes, kind: .client,
            proc: proc,
            version: version, module: module, isDescribed: false, store: "hash")
    }

    static func tool(_ kind: Kind, _ proc: Proc? = nil, version: Text = "4.2.2") -> Handshake {
        var handshake = Handshake(
            security: "native", credential: NativeCredential(uid: Fixture.uid, gid: Fixture.gid).bytes, kind: kind,
            proc: proc, version: version, module: "v41", isDescribed: false, store: "hash")
        handshake.uid = Fixture.uid
        handshake.gid = Fixture.gid
        return handshake
    }
}

/// A value some other thread will set.
final class Awaited<Value>: @unchecked Sendable {
    private let lock = Lock()
    private let condition = Condition()
    private var values: [Value] = []  // lock

    func set(_ value: Value) {
        lock.withLock {
            values.append(value)
            condition.signal()
        }
    }

    /// The first value; nil after five seconds without one.
    var value: Value? {
        let deadline = Deadline(seconds: 5)
        lock.lock()
        defer { lock.unlock() }
        while values.isEmpty { if !condition.wait(lock, until: deadline) { break } }
        return values.first
    }

    var count: Int { lock.withLock { values.count } }
    var all: [Value] { lock.withLock { values } }
}

enum Pause {
    static func milliseconds(_ count: UInt64) {
        let lock = Lock()
        let deadline = Deadline(milliseconds: count)
        lock.lock()
        while Condition().wait(lock, until: deadline) {}
        lock.unlock()
    }
}
