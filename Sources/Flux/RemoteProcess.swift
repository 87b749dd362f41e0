// The process of a subprocess that a service of the Flux instance runs (RFC 42): one streaming request brings all news of it.
import Bytes
import CLibc
import JSON
import Sockets

final class RemoteProcess {
    private static let wantsOutput = 1
    private static let wantsErrors = 2
    private static let wantsChannels = 4
    private static let wantsCredit = 8
    static let isWaitable = 16

    private unowned(unsafe) let subprocess: Subprocess
    private let handle: Handle
    private let service: [UInt8]
    let rank: Int32
    private var rpc: RPC?
    private(set) var isOver = false
    /// A signal that was to be sent before there was anything to send it to, and who waits for that.
    private var pendingSignal: (number: Int32, future: Future)?

    fileprivate init(_ subprocess: Subprocess, _ handle: Handle, _ service: [UInt8], _ rank: Int32) {
        self.subprocess = subprocess
        self.handle = handle
        self.service = service
        self.rank = rank
        handle.addUse()
    }

    func tearDown() {
        rpc?.dropUse()
        rpc = nil
        if let pendingSignal {
            self.pendingSignal = nil
            pendingSignal.future.fulfill(failure: Errno(code: EINVAL), nil)
            pendingSignal.future.dropUse()
        }
        handle.dropUse()
    }

    static func topic(_ service: [UInt8], _ method: String) -> Slice {
        Slice(service + Array(method.utf8))
    }

    private var nodeid: UInt32 { UInt32(bitPattern: rank) }

    // MARK: Starting

    fileprivate func execute() throws(Errno) {
        try setUpStreams()
        let callbacks = subprocess.callbacks
        var wanted = subprocess.command.channels.isEmpty ? 0 : RemoteProcess.wantsChannels
        if callbacks.standardOutput != nil { wanted |= RemoteProcess.wantsOutput }
        if callbacks.standardError != nil { wanted |= RemoteProcess.wantsErrors }
        if callbacks.credit != nil { wanted |= RemoteProcess.wantsCredit }
        try follow(
            ".exec",
            [
                ("cmd", subprocess.command.json), ("flags", .integer(wanted)),
                ("local_flags", .integer(subprocess.flags & ~Subprocess.isUnbuffered)),
            ])
    }

    fileprivate func attach(_ process: pid_t, _ label: [UInt8]?) throws(Errno) {
        let callbacks = subprocess.callbacks
        var wanted = callbacks.channelOutput == nil ? 0 : RemoteProcess.wantsChannels
        if callbacks.standardOutput != nil { wanted |= RemoteProcess.wantsOutput }
        if callbacks.standardError != nil { wanted |= RemoteProcess.wantsErrors }
        var members: [(String, JSON)] = [("pid", .integer(process)), ("flags", .integer(wanted))]
        if let label { members.append(("label", .string(label))) }
        try follow(".attach", members)
    }

    private func follow(_ method: String, _ members: [(String, JSON)]) throws(Errno) {
        let rpc = try handle.rpc(
            RemoteProcess.topic(service, method), json: .object(members), nodeid: nodeid, flags: .streaming)
        self.rpc = rpc
        try rpc.then(-1) { [unowned(unsafe) self] future in hear(future) }
    }

    private func setUpStreams() throws(Errno) {
        let callbacks = subprocess.callbacks
        _ = try subprocess.addStream(Slice("stdin"), output: nil, isWritable: true)
        if let output = callbacks.standardOutput {
            _ = try subprocess.addStream(Slice("stdout"), output: output, isWritable: false)
        }
        if let output = callbacks.standardError {
            _ = try subprocess.addStream(Slice("stderr"), output: output, isWritable: false)
        }
        for name in subprocess.command.channels {
            _ = try subprocess.addStream(name, output: callbacks.channelOutput, isWritable: true)
        }
    }

    // MARK: News

    private func hear(_ future: Future) {
        let subprocess = subprocess
        subprocess.addUse()
        defer { subprocess.dropUse() }
        do throws(Errno) {
            try take(try future.response().json())
            if subprocess.isInUse, rpc != nil { future.reset() }
        } catch {
            end(future, error)
        }
    }

    private func end(_ future: Future, _ reason: Errno) {
        if reason.code == ENODATA, future.failure != nil {
            isOver = true
            if subprocess.state == .exited {
                subprocess.checkCompletion()
            } else {
                subprocess.fail(Errno(code: EPROTO), "the service ended its answers before the process")
            }
            return
        }
        subprocess.fail(reason, future.failure?.text?.string ?? reason.text)
        // Nobody would hear of it any more.
        guard let process = subprocess.processID else { return }
        do throws(Errno) {
            try requestKill(process, SIGKILL).dropUse()
        } catch {
            // The connection is gone, and the service sees that.
        }
    }

    private func take(_ news: JSON) throws(Errno) {
        switch news["type"]?.string {
        case "started":
            subprocess.processID = try process(news)
            subprocess.change(to: .running)
        case "attached":
            subprocess.processID = try process(news)
            guard let command = news["cmd"].flatMap({ Command($0) }) else { throw Errno(code: EPROTO) }
            subprocess.command = command
            try setUpStreams()
            subprocess.change(to: .running)
        case "stopped": subprocess.change(to: .stopped)
        case "finished": subprocess.exit(Int32(truncatingIfNeeded: news["status"]?.integer ?? 0))
        case "output": try takeOutput(news["io"])
        case "add-credit": try takeCredit(news["channels"])
        default: throw Errno(code: EPROTO)
        }
    }

    private func process(_ news: JSON) throws(Errno) -> pid_t {
        guard let number = news["pid"]?.integer, let process = pid_t(exactly: number) else { throw Errno(code: EPROTO) }
        return process
    }

    private func takeCredit(_ channels: JSON?) throws(Errno) {
        guard let channels, channels.isObject else { throw Errno(code: EPROTO) }
        for name in channels.names {
            guard let bytes = channels[name]?.integer else { throw Errno(code: EPROTO) }
            guard subprocess.isInUse else { return }
            subprocess.callbacks.credit?(subprocess, Slice(name), Int(bytes))
        }
    }

    private func takeOutput(_ io: JSON?) throws(Errno) {
        guard let io, let name = io["stream"]?.bytes, io["rank"]?.isString == true else { throw Errno(code: EPROTO) }
        let isEnd = io["eof"]?.bool
        var data = io["data"]?.bytes
        guard data != nil || isEnd != nil else { throw Errno(code: EPROTO) }
        if let text = data, io["encoding"]?.string == "base64" {
            guard let decoded = Base64.decode(text) else { throw Errno(code: EPROTO) }
            data = decoded
        }
        guard let reader = subprocess.stream(name)?.reader else { throw Errno(code: EPROTO) }
        if subprocess.flags & Subprocess.isUnbuffered != 0 {
            reader.pass(data ?? [], isEnd: isEnd == true)
            return
        }
        if let data {
            guard data.count <= reader.room else { throw Errno(code: ENOSPC) }
            reader.append(data)
        }
        if isEnd == true { reader.end() }
    }

    // MARK: Writing and signals

    func write(_ stream: Slice, _ bytes: [UInt8], isEnd: Bool) throws(Errno) {
        guard let rpc else { throw Errno(code: EPIPE) }
        let io = JSON.object([("stream", .string(stream.bytes)), ("rank", .string("0"))])
        if !bytes.isEmpty {
            let text = JSON.string(bytes)
            if text.bytes?.count == bytes.count {
                io["data"] = text
            } else {
                io["encoding"] = .string("base64")
                io["data"] = .string(Base64.encode(bytes))
            }
        }
        if isEnd { io["eof"] = .bool(true) }
        let request = try handle.rpc(
            RemoteProcess.topic(service, ".write"),
            json: .object([("matchtag", .integer(rpc.matchtag)), ("io", io)]), nodeid: nodeid, flags: .noResponse)
        request.dropUse()
    }

    private func requestKill(_ process: pid_t, _ signal: Int32) throws(Errno) -> RPC {
        try handle.rpc(
            RemoteProcess.topic(service, ".kill"),
            json: .object([("pid", .integer(process)), ("signum", .integer(signal))]), nodeid: nodeid)
    }

    func kill(_ signal: Int32) throws(Errno) -> Future {
        if subprocess.state != .initial, let process = subprocess.processID { return try requestKill(process, signal) }
        guard pendingSignal == nil else { throw Errno(code: EINVAL) }
        let future = Future()
        future.setReactor(subprocess.reactor)
        future.addUse()
        pendingSignal = (signal, future)
        return future
    }

    /// Sends a signal that has waited for the process.
    func stateHasChanged() {
        guard let (signal, future) = pendingSignal else { return }
        pendingSignal = nil
        defer { future.dropUse() }
        do throws(Errno) {
            guard subprocess.state == .running, let process = subprocess.processID else { throw Errno(code: EINVAL) }
            let rpc = try requestKill(process, signal)
            // It goes with the future that stands for it; the other way round it would outlive that.
            try future.aux.set(nil, UnsafeMutableRawPointer(bitPattern: 1)) { _ in rpc.dropUse() }
            try rpc.then(-1) { [unowned(unsafe) future] rpc in
                do throws(Errno) {
                    try future.fulfill(with: rpc)
                } catch {
                    future.fulfill(failure: error, nil)
                }
            }
        } catch {
            future.fulfill(failure: error, nil)
        }
    }
}

extension Command {
    /// As it came from a service that runs it.
    convenience init?(_ json: JSON) {
        guard json["cmdline"]?.isArray == true, let environment = json["env"], environment.isObject,
            let options = json["opts"], options.isObject, json["channels"]?.isArray == true
        else { return nil }
        self.init(
            arguments: (json["cmdline"]?.elements ?? []).compactMap { $0.bytes },
            environment: environment.names.map { Array(($0 + "=").utf8) + (environment[$0]?.bytes ?? []) })
        folder = json["cwd"]?.bytes.map { Slice($0) }
        do throws(Errno) {
            if let label = json["label"]?.bytes { try setLabel(label) }
            for channel in json["channels"]?.elements ?? [] { try addChannel(channel.bytes ?? []) }
        } catch {
            return nil
        }
        for name in options.names { setOption(Array(name.utf8), options[name]?.bytes ?? []) }
    }
}

extension Subprocess {
    private static func check(_ rank: Int32, _ flags: Int32, allowed: Int32) throws(Errno) {
        guard rank >= -2, flags & ~allowed == 0 else { throw Errno(code: EINVAL) }
        // What a signature needs is a library of its own, which nobody has to have.
        guard flags & isSigned == 0 else { throw Errno(code: ENOTSUP) }
    }

    /// Has a service start a process.
    public static func execute(
        _ command: Command, on handle: Handle, service: [UInt8], rank: Int32, flags: Int32, _ callbacks: Callbacks
    ) throws(Errno) -> Subprocess {
        try check(rank, flags, allowed: 47)
        guard !command.arguments.isEmpty else { throw Errno(code: EINVAL) }
        return try follow(command, handle, service, rank, flags, callbacks) { (remote) throws(Errno) in
            try remote.execute()
        }
    }

    /// Takes part in a process that a service runs already.
    public static func attach(
        _ process: pid_t, label: [UInt8]?, on handle: Handle, service: [UInt8], rank: Int32, flags: Int32,
        _ callbacks: Callbacks
    ) throws(Errno) -> Subprocess {
        try check(rank, flags, allowed: isUnbuffered | isSigned)
        guard process > 0 || label != nil else { throw Errno(code: EINVAL) }
        return try follow(Command(), handle, service, rank, flags, callbacks) { (remote) throws(Errno) in
            try remote.attach(process, label)
        }
    }

    private static func follow(
        _ command: Command, _ handle: Handle, _ service: [UInt8], _ rank: Int32, _ flags: Int32,
        _ callbacks: Callbacks, _ begin: (RemoteProcess) throws(Errno) -> Void
    ) throws(Errno) -> Subprocess {
        let made = Subprocess(try handle.currentReactor(), command, flags: flags, callbacks)
        let remote = RemoteProcess(made, handle, service, rank)
        made.remote = remote
        do throws(Errno) {
            try begin(remote)
            return made
        } catch {
            made.dropUse()
            throw error
        }
    }

    /// Has a service start a process that nobody follows.
    public static func executeInBackground(
        _ command: Command, on handle: Handle, service: [UInt8], rank: Int32, flags: Int32
    ) throws(Errno) -> RPC {
        guard flags & isUnbuffered == 0, !command.arguments.isEmpty else { throw Errno(code: EINVAL) }
        try check(rank, flags, allowed: Int32.max)
        let isWaitable = flags & isWaitable != 0
        return try handle.rpc(
            RemoteProcess.topic(service, ".exec"),
            json: .object([
                ("cmd", command.json), ("flags", .integer(isWaitable ? RemoteProcess.isWaitable : 0)),
                ("local_flags", .integer(flags & ~Subprocess.isWaitable)),
            ]), nodeid: UInt32(bitPattern: rank))
    }

    /// Waits for such a process, which is known by its number or its label.
    public static func wait(
        for process: pid_t, label: [UInt8]?, on handle: Handle, service: [UInt8], rank: Int32
    ) throws(Errno) -> RPC {
        guard (process > 0) != (label != nil), rank >= -2 else { throw Errno(code: EINVAL) }
        var members: [(String, JSON)] = [("pid", .integer(label == nil ? process : -1))]
        if let label { members.append(("label", .string(label))) }
        return try handle.rpc(
            RemoteProcess.topic(service, ".wait"), json: .object(members), nodeid: UInt32(bitPattern: rank))
    }
}
