// The process of a subprocess that runs on this machine.
import Bytes
import CLibc
import Sockets

final class LocalProcess {
    private unowned(unsafe) let subprocess: Subprocess
    private var sources: [(stream: Subprocess.Stream, watcher: DescriptorWatcher)] = []
    private var descriptors: [Int32] = []
    private var pipes: [MessagePipe] = []
    private var ending: DescriptorWatcher?
    private var pidfd: Int32 = -1
    private var stopping: SignalWatcher?
    /// Looks once for what happened before anybody watched.
    private var beginning: PostWatcher?

    fileprivate init(_ subprocess: Subprocess) {
        self.subprocess = subprocess
    }

    /// What the process does not close.
    private var kept: [Int32] = []
    private var standard: [Int32] = [-1, -1, -1]

    func tearDown() {
        for (_, watcher) in sources { watcher.stop() }
        sources = []
        stopWatching()
        for pipe in pipes { pipe.tearDown() }
        pipes = []
        for descriptor in descriptors where descriptor >= 0 { close(descriptor) }
        descriptors = []
    }

    private func stopWatching() {
        ending?.stop()
        ending = nil
        stopping?.stop()
        stopping = nil
        beginning?.stop()
        beginning = nil
        if pidfd >= 0 { close(pidfd) }
        pidfd = -1
    }

    // MARK: Streams

    private func pair() throws(Errno) -> (own: Int32, other: Int32) {
        var ends: [Int32] = [-1, -1]
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else { throw Errno(code: clibc_errno()) }
        _ = clibc_fcntl(ends[0], F_SETFL, O_NONBLOCK)
        return (ends[0], ends[1])
    }

    /// Connects a stream; the other end is the process's.
    private func connect(_ stream: Subprocess.Stream) throws(Errno) -> Int32 {
        let (own, other) = try pair()
        descriptors.append(own)
        kept.append(other)
        if stream.isWritable {
            let isBoth = stream.reader != nil
            let name = stream.name
            stream.writer = StreamWriter(
                subprocess.reactor, own, capacity: try subprocess.capacity(stream.name),
                credit: { [unowned(unsafe) subprocess] bytes in
                    subprocess.addUse()
                    subprocess.callbacks.credit?(subprocess, name, bytes)
                    subprocess.dropUse()
                },
                closed: { [unowned(unsafe) self] in
                    _ = shutdown(own, Int32(SHUT_WR))
                    if !isBoth { forget(own) }
                })
        }
        guard let reader = stream.reader else { return other }
        let watcher = DescriptorWatcher(subprocess.reactor, descriptor: own, events: Poll.input) {
            [unowned(unsafe) self, unowned(unsafe) reader] watcher, _ in receive(own, reader, watcher)
        }
        sources.append((stream, watcher))
        reader.onRoom = { [unowned(unsafe) reader] in
            if !reader.hasEnded && reader.canReceive { watcher.start() }
        }
        return other
    }

    private func forget(_ descriptor: Int32) {
        guard let place = descriptors.firstIndex(of: descriptor) else { return }
        descriptors.remove(at: place)
        close(descriptor)
    }

    private func receive(_ descriptor: Int32, _ reader: StreamReader, _ watcher: Watcher) {
        guard reader.canReceive else {
            watcher.stop()
            return
        }
        var bytes = [UInt8](room: min(reader.room, 65536))
        let count = recv(descriptor, &bytes, bytes.count, Int32(MSG_DONTWAIT))
        if count > 0 {
            reader.append(bytes.part(0..<count))
        } else if count == 0 || (clibc_errno() != EAGAIN && clibc_errno() != EINTR) {
            watcher.stop()
            reader.end()
        }
    }

    private func setUp() throws(Errno) {
        let callbacks = subprocess.callbacks
        if subprocess.flags & Subprocess.keepsStandardStreams == 0 {
            standard[0] = try connect(subprocess.addStream(Slice("stdin"), output: nil, isWritable: true))
            if let output = callbacks.standardOutput {
                standard[1] = try connect(subprocess.addStream(Slice("stdout"), output: output, isWritable: false))
            }
            if let output = callbacks.standardError {
                standard[2] = try connect(subprocess.addStream(Slice("stderr"), output: output, isWritable: false))
            }
        }
        for name in subprocess.command.channels {
            let stream = try subprocess.addStream(name, output: callbacks.channelOutput, isWritable: true)
            let other = try connect(stream)
            try subprocess.command.set(name.bytes, Array(String(other).utf8), replacing: true)
        }
        for channel in subprocess.command.messageChannels {
            let (own, other) = try pair()
            kept.append(other)
            pipes.append(try MessagePipe(own, channel.address, subprocess.reactor))
            try subprocess.command.set(
                channel.name.bytes, Array(("fd://" + String(other)).utf8), replacing: true)
        }
    }

    // MARK: The process

    private func run(hook: (() -> Void)?) throws(Errno) {
        defer {
            for descriptor in kept { close(descriptor) }
            kept = []
        }
        try setUp()
        subprocess.processID = try start(hook)
        subprocess.change(to: .running)
    }

    private func start(_ hook: (() -> Void)?) throws(Errno) -> pid_t {
        let command = subprocess.command
        let entries = command.environment.compactMap { variable in
            variable.value.map { Slice(variable.name.bytes + [UInt8(ascii: "=")] + $0.bytes) }
        }
        var arguments = command.arguments.map { Optional(UnsafeMutablePointer(mutating: $0.characters)) } + [nil]
        var environment = entries.map { Optional(UnsafeMutablePointer(mutating: $0.characters)) } + [nil]
        var body = hook ?? {}
        var child: pid_t = -1
        var reason: Int32 = 0
        arguments.withUnsafeMutableBufferPointer { arguments in
            environment.withUnsafeMutableBufferPointer { environment in
                kept.withUnsafeBufferPointer { kept in
                    withUnsafeMutablePointer(to: &body) { body in
                        // Safety: all of it is used by the call alone, which copies nothing.
                        var process = clibc_process()
                        process.arguments = UnsafePointer(arguments.baseAddress)
                        process.environment = UnsafePointer(environment.baseAddress)
                        process.folder = command.folder?.characters
                        process.kept = kept.baseAddress
                        process.kept_count = kept.count
                        process.standard = (standard[0], standard[1], standard[2])
                        process.leads_group = subprocess.flags & Subprocess.keepsGroup == 0
                        if hook != nil {
                            process.hook = { $0?.assumingMemoryBound(to: (() -> Void).self).pointee() }
                            process.hook_argument = UnsafeMutableRawPointer(body)
                        }
                        child = clibc_start_process(&process)
                        reason = clibc_errno()
                    }
                }
            }
        }
        withExtendedLifetime((command, entries)) {}
        guard child > 0 else { throw Errno(code: reason) }
        return child
    }

    private func watch() {
        guard let child = subprocess.processID else { return }
        let reactor = subprocess.reactor
        pidfd = clibc_pidfd(child)
        if pidfd >= 0 {
            ending = DescriptorWatcher(reactor, descriptor: pidfd, events: Poll.input) { [unowned(unsafe) self] _, _ in
                look(child)
            }
            ending?.start()
        }
        stopping = SignalWatcher(reactor, number: SIGCHLD) { [unowned(unsafe) self] _, _ in look(child) }
        if pidfd >= 0 { stopping?.unreference() }
        stopping?.start()
        beginning = PostWatcher(reactor) { [unowned(unsafe) self] watcher, _ in
            watcher.stop()
            look(child)
        }
        beginning?.start()
        for stream in subprocess.streams { stream.writer?.start() }
        for (_, watcher) in sources { watcher.start() }
    }

    /// It has ended, or been stopped, or neither.
    private func look(_ child: pid_t) {
        var status: Int32 = 0
        guard waitpid(child, &status, WNOHANG | WUNTRACED) == child else { return }
        let subprocess = subprocess
        subprocess.addUse()
        if clibc_was_stopped(status) {
            subprocess.change(to: .stopped)
        } else {
            stopWatching()
            subprocess.exit(status)
        }
        subprocess.dropUse()
    }

    fileprivate func begin(hook: (() -> Void)?, started: (() -> Void)?) throws(Errno) {
        try run(hook: hook)
        started?()
        watch()
    }
}

extension Subprocess {
    /// Starts a process. `hook` runs in it before its program does, `started` here after; neither may use the subprocess
    /// but for asking.
    public static func run(
        _ command: Command, on reactor: Reactor, flags: Int32, _ callbacks: Callbacks,
        hook: ((Subprocess) -> Void)? = nil, started: ((Subprocess) -> Void)? = nil
    ) throws(Errno) -> Subprocess {
        guard flags & ~7 == 0, !command.arguments.isEmpty else { throw Errno(code: EINVAL) }
        let made = Subprocess(reactor, command, flags: flags, callbacks)
        let local = LocalProcess(made)
        made.local = local
        func inHook(_ body: ((Subprocess) -> Void)?) -> (() -> Void)? {
            guard let body else { return nil }
            return {
                made.isInHook = true
                body(made)
                made.isInHook = false
            }
        }
        do throws(Errno) {
            try local.begin(hook: inHook(hook), started: inHook(started))
            return made
        } catch {
            made.dropUse()
            throw error
        }
    }
}
