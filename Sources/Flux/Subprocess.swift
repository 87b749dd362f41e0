// A process that a program started, here or somewhere in its Flux instance: its states, its streams and its end.
import Bytes
import CLibc
import JSON
import Sockets

public final class Subprocess: Counted {
    public enum State: Int32, Sendable { case initial, running, exited, failed, stopped }

    public static let keepsStandardStreams: Int32 = 1
    static let keepsGroup: Int32 = 2
    static let isUnbuffered: Int32 = 8
    static let isWaitable: Int32 = 16
    static let isSigned: Int32 = 32
    static let usualCapacity = 4 * 1024 * 1024

    /// What the program wants to hear of; none of them is asked for what nobody wants.
    public struct Callbacks {
        public var completion: ((Subprocess) -> Void)?
        public var stateChange: ((Subprocess, State) -> Void)?
        public var channelOutput: ((Subprocess, Slice) -> Void)?
        public var standardOutput: ((Subprocess, Slice) -> Void)?
        public var standardError: ((Subprocess, Slice) -> Void)?
        public var credit: ((Subprocess, Slice, Int) -> Void)?

        public init() {}
    }

    final class Stream {
        let name: Slice
        var reader: StreamReader?
        var writer: StreamWriter?
        var isWritable = false
        var isClosed = false

        init(_ name: Slice) {
            self.name = name
        }
    }

    public let reactor: Reactor
    public internal(set) var command: Command
    let flags: Int32
    let callbacks: Callbacks
    public let aux = Aux()
    /// A process of this machine, or one that a service runs.
    var local: LocalProcess?
    var remote: RemoteProcess?

    public private(set) var state = State.initial
    private var reported = State.initial
    public internal(set) var processID: pid_t?
    private(set) var status: Int32 = 0
    private(set) var failure: (reason: Errno, text: Slice)?
    private var isCompleted = false
    var streams: [Stream] = []
    private var expectedEnds = 0
    private var toldEnds = 0
    /// While a function of the program's runs between two processes, nothing may be done.
    public internal(set) var isInHook = false

    private var statePost: PostWatcher?
    private var completionPost: PostWatcher?

    init(_ reactor: Reactor, _ command: Command, flags: Int32, _ callbacks: Callbacks) {
        self.reactor = reactor
        self.command = Command(copying: command)
        self.flags = flags
        self.callbacks = callbacks
        super.init()
        statePost = PostWatcher(reactor) { [unowned(unsafe) self] _, _ in reportState() }
        completionPost = PostWatcher(reactor) { [unowned(unsafe) self] _, _ in reportCompletion() }
    }

    public override func tearDown() {
        aux.removeAll()
        for stream in streams {
            stream.reader?.tearDown()
            stream.writer?.tearDown()
        }
        local?.tearDown()
        statePost?.stop()
        completionPost?.stop()
        remote?.tearDown()
        super.tearDown()
    }

    // MARK: States

    func change(to new: State) {
        guard state != .failed else { return }
        if new == .stopped {
            callbacks.stateChange?(self, .stopped)
            return
        }
        state = new
        if new == .failed { for stream in streams { stream.reader?.tearDown() } }
        remote?.stateHasChanged()
        if state != reported, callbacks.stateChange != nil { statePost?.start() }
    }

    func exit(_ status: Int32) {
        self.status = status
        change(to: .exited)
        checkCompletion()
    }

    func fail(_ reason: Errno, _ text: String) {
        if failure == nil { failure = (reason, Slice(text)) }
        change(to: .failed)
    }

    /// One step at a time, except to a failure.
    private func reportState() {
        addUse()
        defer { dropUse() }
        if state != reported {
            let next: State = state == .failed ? .failed : reported == .initial ? .running : .exited
            callbacks.stateChange?(self, next)
            reported = next
        }
        guard isInUse else { return }
        if state == reported || reported == .failed { statePost?.stop() }
        if reported == .exited { checkCompletion() }
    }

    /// It is complete when it has exited and all its output was told.
    func checkCompletion() {
        guard state == .exited, !isCompleted, toldEnds == expectedEnds, remote?.isOver != false else { return }
        isCompleted = true
        if callbacks.completion != nil { completionPost?.start() }
    }

    private func reportCompletion() {
        guard callbacks.stateChange == nil || reported == .exited else { return }
        addUse()
        completionPost?.stop()
        callbacks.completion?(self)
        dropUse()
    }

    public var isActive: Bool { state != .failed && !isCompleted }

    // MARK: Streams

    func stream(_ name: [UInt8]) -> Stream? {
        streams.first { $0.name.isSame(as: name) }
    }

    /// Makes a stream of this name; where nobody wants its output it has no reader.
    func addStream(_ name: Slice, output: ((Subprocess, Slice) -> Void)?, isWritable: Bool) throws(Errno) -> Stream {
        guard stream(name.bytes) == nil else { throw Errno(code: EEXIST) }
        let stream = Stream(name)
        stream.isWritable = isWritable
        streams.append(stream)
        guard let output else { return stream }
        let isLineBuffered = try isLineBuffered(name)
        expectedEnds += 1
        stream.reader = StreamReader(
            reactor, capacity: try capacity(name), isLineBuffered: isLineBuffered,
            output: { [unowned(unsafe) self] in
                addUse()
                output(self, name)
                dropUse()
            },
            ended: { [unowned(unsafe) self, unowned(unsafe) stream] in
                toldEnds += 1
                stream.isClosed = true
                checkCompletion()
            })
        return stream
    }

    func isLineBuffered(_ name: Slice) throws(Errno) -> Bool {
        guard let option = command.option(name.bytes + Array("_LINE_BUFFER".utf8)) else { return true }
        if strcasecmp(option.characters, "false") == 0 { return false }
        guard strcasecmp(option.characters, "true") == 0 else { throw Errno(code: EINVAL) }
        return true
    }

    /// A number, with k, K, M or G behind it or not.
    func capacity(_ name: Slice) throws(Errno) -> Int {
        guard let option = command.option(name.bytes + Array("_BUFSIZE".utf8)) else { return Subprocess.usualCapacity }
        var end: UnsafeMutablePointer<CChar>?
        var size = clibc_strtod(option.characters, &end)
        guard let end, end != UnsafeMutablePointer(mutating: option.characters) else { throw Errno(code: EINVAL) }
        switch UInt8(bitPattern: end.pointee) {
        case 0: break
        case UInt8(ascii: "k"), UInt8(ascii: "K"): size *= 1024
        case UInt8(ascii: "M"): size *= 1024 * 1024
        case UInt8(ascii: "G"): size *= 1024 * 1024 * 1024
        default: throw Errno(code: EINVAL)
        }
        guard size >= 1 else { throw Errno(code: EINVAL) }
        guard size <= Double(Int32.max) else { throw Errno(code: EOVERFLOW) }
        return Int(size)
    }
}

// MARK: What a program asks

extension Subprocess {
    private func checkNoHook() throws(Errno) {
        guard !isInHook else { throw Errno(code: EINVAL) }
    }

    private func writable(_ name: [UInt8]) throws(Errno) -> Stream {
        try checkNoHook()
        guard let stream = stream(name), stream.isWritable else { throw Errno(code: EINVAL) }
        return stream
    }

    private func readable(_ name: [UInt8]) throws(Errno) -> StreamReader {
        try checkNoHook()
        guard let reader = stream(name)?.reader else { throw Errno(code: EINVAL) }
        return reader
    }

    public func write(_ name: [UInt8], _ bytes: [UInt8]) throws(Errno) {
        guard !bytes.isEmpty else { throw Errno(code: EINVAL) }
        let stream = try writable(name)
        guard !stream.isClosed, state == .running || (state == .initial && remote != nil) else {
            throw Errno(code: EPIPE)
        }
        if let remote { try remote.write(stream.name, bytes, isEnd: false) } else { try stream.writer?.write(bytes) }
    }

    public func close(_ name: [UInt8]) throws(Errno) {
        let stream = try writable(name)
        guard !stream.isClosed else { return }
        if let remote { try remote.write(stream.name, [], isEnd: true) } else { stream.writer?.close() }
        stream.isClosed = true
    }

    public enum Amount { case all, line, trimmedLine, lineOrRest }

    /// The program's until it reads again.
    public func read(_ name: [UInt8], _ amount: Amount) throws(Errno) -> Slice {
        let reader = try readable(name)
        if flags & Subprocess.isUnbuffered != 0 {
            guard amount == .all else { throw Errno(code: EPERM) }
            return reader.passing ?? Slice("")
        }
        switch amount {
        case .all: return reader.readAll()
        case .line: return reader.readLine(isTrimmed: false)
        case .trimmedLine: return reader.readLine(isTrimmed: true)
        case .lineOrRest:
            guard reader.isLineBuffered else { throw Errno(code: EPERM) }
            let line = reader.readLine(isTrimmed: false)
            return line.count == 0 && reader.hasEnded ? reader.readAll() : line
        }
    }

    public func hasEnded(_ name: [UInt8]) -> Bool {
        !isInHook && stream(name)?.reader?.hasEnded == true
    }

    public func setFlowing(_ name: [UInt8], _ flows: Bool) {
        guard !isInHook, local != nil, let reader = stream(name)?.reader else { return }
        if flows { reader.proceed() } else { reader.pause() }
    }

    public func holdEnd(_ name: [UInt8], _ holds: Bool) {
        guard local != nil, let reader = stream(name)?.reader else { return }
        if holds { reader.hold() } else { reader.letGo() }
    }

    public func kill(_ signal: Int32) throws(Errno) -> Future {
        try checkNoHook()
        guard signal != 0 else { throw Errno(code: EINVAL) }
        let isAllowed = flags & Subprocess.keepsGroup != 0 ? state == .running || state == .initial : isActive
        guard isAllowed else { throw Errno(code: ESRCH) }
        if let remote { return try remote.kill(signal) }
        guard let processID else { throw Errno(code: ESRCH) }
        let future = Future()
        let isGroup = flags & Subprocess.keepsGroup == 0
        if (isGroup ? CLibc.killpg(processID, signal) : CLibc.kill(processID, signal)) < 0 {
            let reason = Errno(code: clibc_errno())
            future.fulfill(failure: reason, Array(((isGroup ? "killpg: " : "kill: ") + reason.text).utf8))
        } else {
            future.fulfill(nil, free: nil)
        }
        future.setReactor(reactor)
        return future
    }

    /// As wait(2) has it, of one that has exited.
    public func exitStatus() throws(Errno) -> Int32 {
        guard state == .exited else { throw Errno(code: EINVAL) }
        return status
    }

    public func failureReason() throws(Errno) -> Errno {
        guard state == .failed, let failure else { throw Errno(code: EINVAL) }
        return failure.reason
    }

    public var failureText: Slice? { state == .failed ? failure?.text : nil }

    public func rank() throws(Errno) -> Int32 {
        guard let remote else { throw Errno(code: EINVAL) }
        return remote.rank
    }
}
