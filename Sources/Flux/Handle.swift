// A handle: a connection to a broker, or another view of one (a clone) that has its own reactor and dispatcher.
import Bytes
import CLibc
import Sockets

public final class Handle: Pollable {
    let connection: Connection
    /// Of a clone: in use as long as the clone is.
    private let parent: Handle?
    public private(set) var flags: HandleFlags
    public let aux = Aux()
    private var ownReactor: Reactor?
    private var ownDispatcher: Dispatcher?
    public let attributes = AttributeCache()
    lazy var log = LogContext()
    private var isTearingDown = false
    private var writable: DescriptorWatcher?
    /// Runs when nothing of the handle is left, for whoever loaded its connector.
    public var onClosed: (() -> Void)?
    /// What the configuration is for this handle.
    public private(set) var configuration: Counted?

    public init(_ connector: Connector, flags: HandleFlags) {
        connection = Connection(connector, flags: flags)
        parent = nil
        self.flags = flags
        super.init()
        if let loop = connector as? LoopConnector {
            loop.handle = self
            attributes.keep(Array("0".utf8), for: "rank")
            attributes.keep(Array("1".utf8), for: "size")
        }
    }

    public init(cloning original: Handle) {
        connection = original.connection
        parent = original
        flags = original.flags.union(.clone)
        super.init()
        original.addUse()
    }

    public override func tearDown() {
        isTearingDown = true
        if parent == nil { connection.beginClosing() }
        aux.removeAll()
        ownDispatcher?.tearDown()
        ownDispatcher = nil
        writable?.stop()
        writable = nil
        if parent == nil {
            do {
                try connection.flush(isBlocking: true)
            } catch {
                // Nobody is there to read it.
            }
        }
        ownReactor = nil
        configuration?.dropUse()
        configuration = nil
        if let parent {
            parent.dropUse()
        } else {
            connection.close(flags: flags)
        }
        super.tearDown()
        onClosed?()
        onClosed = nil
    }

    /// The handle that was opened.
    public var origin: Handle {
        var handle = self
        while let parent = handle.parent { handle = parent }
        return handle
    }

    public var isClone: Bool { flags.contains(.clone) }

    public func setFlags(_ flags: HandleFlags) {
        self.flags.formUnion(flags.intersection(.changeable))
    }

    public func unsetFlags(_ flags: HandleFlags) {
        self.flags.subtract(flags)
    }

    // MARK: Messages

    private func together(_ flags: HandleFlags) -> HandleFlags { flags.union(origin.flags) }

    /// - Parameter isGiven: nobody else has the message, and its sender has no more use for it.
    public func send(_ message: Message, isGiven: Bool = false, flags: HandleFlags = []) throws(Errno) {
        let all = parent == nil ? flags.union(self.flags) : together(flags)
        if isBurst(message), !all.contains(.nonblock) {
            let isTime = try connection.enqueue(message, flags: all)
            if isTime { try connection.flush(isBlocking: true) } else { ownReactor?.flushLater(self) }
            return
        }
        try connection.send(message, isGiven: isGiven, flags: all)
        if all.contains(.nonblock), connection.connector.stream?.hasUnsent == true { awaitWritable() }
    }

    /// Whether a message may wait for others: in a callback of a loop that has more messages at hand, which will cause
    /// more to be sent. What expects no response goes at once, as nothing would tell a program that it has gone.
    private func isBurst(_ message: Message) -> Bool {
        guard let stream = connection.connector.stream, !stream.received.isEmpty,
            let ownReactor, ownReactor.isRunning, !isTearingDown
        else { return false }
        switch message.type {
        case .request: return !message.isNoResponse && message.matchtag != Matchtag.none
        case .response: return true
        case .event, .control: return false
        }
    }

    public override func flushUnsent() {
        do {
            try connection.flush(isBlocking: false)
        } catch {
            // The loop finds the connection lost when it reads next.
        }
        if connection.connector.stream?.hasUnsent == true { awaitWritable() }
    }

    /// The system has taken a message in part: the loop sends the rest.
    private func awaitWritable() {
        guard writable?.isActive != true, let ownReactor, let stream = connection.connector.stream else { return }
        let watcher = DescriptorWatcher(ownReactor, descriptor: stream.descriptor, events: Poll.output) {
            [unowned(unsafe) self] watcher, _ in
            do throws(Errno) {
                try connection.flush(isBlocking: false)
            } catch {
                watcher.stop()
            }
            if connection.connector.stream?.hasUnsent != true { watcher.stop() }
        }
        watcher.start()
        watcher.unreference()
        writable = watcher
    }

    public func receive(_ match: Match = Match(), flags: HandleFlags = []) throws(Errno) -> Message {
        try connection.receive(match, flags: together(flags))
    }

    func receiveResponse(to tag: UInt32, _ deadline: Deadline) throws(Errno) -> Message? {
        try connection.receiveResponse(to: tag, deadline, flags: together([]).subtracting(.nonblock))
    }

    public func requeue(_ message: Message, atHead isAtHead: Bool) throws(Errno) {
        try connection.requeue(message, atHead: isAtHead)
    }

    public func reconnect() throws(Errno) {
        try connection.reconnect(flags: together([]))
    }

    // MARK: Counters and the rest that is the connection's

    public var counters: MessageCounters {
        get { connection.counters }
        set { connection.counters = newValue }
    }

    public func setErrorCallback(_ callback: (() -> Int32)?) {
        connection.onError = callback
    }

    public func setOption(_ name: Text, _ value: UnsafeRawBufferPointer) throws(Errno) {
        try connection.connector.setOption(name, value)
    }

    public func getOption(_ name: Text, into room: UnsafeMutableRawBufferPointer) throws(Errno) {
        try connection.connector.getOption(name, into: room)
    }

    // MARK: Tags

    /// - Throws: ENOSPC when so many are taken that something must be wrong.
    public func allocateTag() throws(Errno) -> UInt32 {
        let before = connection.tags.count
        guard let tag = connection.tags.allocate() else {
            writeLog(LOG_ERR, "tagpool temporarily out of tags")
            throw Errno(code: ENOSPC)
        }
        let after = connection.tags.count
        if after > before { writeLog(LOG_INFO, "tagpool expanded from \(before) to \(after) entries") }
        return tag
    }

    private func writeLog(_ level: Int32, _ text: String) {
        do {
            try write(level, Array(text.utf8))
        } catch {
            // A log that nobody takes is no reason to fail.
        }
    }

    public func freeTag(_ tag: UInt32) {
        let freed = connection.tags.free(tag)
        guard freed != .freed, together([]).contains(.matchDebug) else { return }
        let what = freed == .wasFree ? "double free" : "invalid"
        Trace.say("MATCHDEBUG: \(what) tag=\(tag)")
    }

    public var availableTagCount: Int { connection.tags.availableCount }

    // MARK: Reactor

    public override func currentReactor() throws(Errno) -> Reactor {
        if let ownReactor { return ownReactor }
        let made = Reactor()
        ownReactor = made
        return made
    }

    /// - Throws: EEXIST when it has one already.
    public func setReactor(_ reactor: Reactor) throws(Errno) {
        guard ownReactor == nil else { throw Errno(code: EEXIST) }
        ownReactor = reactor
    }

    public override func clone(on reactor: Reactor) throws(Errno) -> Pollable {
        let clone = Handle(cloning: self)
        try clone.setReactor(reactor)
        return clone
    }

    public func dispatcher() throws(Errno) -> Dispatcher {
        if let ownDispatcher { return ownDispatcher }
        guard !isTearingDown else { throw Errno(code: EINVAL) }
        let made = try Dispatcher(self)
        ownDispatcher = made
        return made
    }

    public override func requeueUnmatched() {
        ownDispatcher?.requeueUnmatched()
    }

    /// The new one's use passes to the handle.
    public func setConfiguration(_ new: Counted?) {
        let old = configuration
        configuration = new
        old?.dropUse()
    }

    // MARK: Polling

    public override func pollDescriptor() throws(Errno) -> Int32 { try connection.pollDescriptor() }
    public override func pollEvents() throws(Errno) -> Int32 { try connection.pollEvents() }
    public override func queuedEvents() -> Int32 { connection.queuedEvents }
    public override var receivedCount: UInt64 { connection.receivedCount }

    /// Nothing for a handle whose connection may be replaced.
    public override func plainSocket() -> Int32? {
        guard !flags.contains(.trackRPCs), connection.onError == nil else { return nil }
        return connection.connector.stream?.descriptor
    }
}
