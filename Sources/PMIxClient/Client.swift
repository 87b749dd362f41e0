import Bytes
import PMIxWire
import Reactor
import Sockets

/// A process's own end of PMIx: its name, what it knows, whom it hears from. A client's and a tool's has a link to a server; a singleton's
/// and a server's own has none.
///
/// What is known is kept behind one lock, held for a look-up or a store and never across a wait, so that a value this process already
/// has is answered on the caller's thread.
public final class Client: @unchecked Sendable {
    public let identity: Proc
    public let loop: Loop
    public let handlers: EventHandlers
    /// How a tool was begun; nil for anybody else. Set before the client is shared.
    public internal(set) var tool: Tool?

    var keepAlive: Watcher?  // loop

    let lock = Lock()
    private var thread: ProgressThread?  // lock

    // The servers this process is connected to. A client keeps the one it joined; a tool's come, go and change places.
    var primary: Link?  // lock
    var attached: [Link] = []  // lock
    let attachment = Condition()  // lock

    var known: [Namespace: NamespaceData] = [:]  // lock
    var own: NamespaceData  // lock; `known` does not have it: no hashing on the way to it
    var uncommitted = Uncommitted()  // lock
    var commitFailure: Status?  // lock
    var fetches: [Proc: [Fetch]] = [:]  // lock
    var announced = AnnouncedCodes()  // lock
    var invitations = Invitations()  // loop
    var groups: [Text: [Proc]] = [:]  // lock: those this process has constructed or joined, as far as it knows them

    var outputs = OutputHandlers()  // lock
    var formats: [Namespace: OutputFormat] = [:]  // lock: of jobs this process has spawned
    private(set) lazy var writer = OutputWriter(loop)  // loop
    var hasWritten = false  // loop
    var inlet: Inlet?  // loop

    /// What has been put and not yet committed.
    struct Uncommitted {
        var local = KeyTable()
        var remote = KeyTable()
        /// Every key is for both, so that one packing does for both.
        var isGlobal = true
    }

    /// nil when the system refuses a loop or a thread. `adopted` is a loop the caller drives.
    public init?(_ identity: Proc, adopting adopted: Loop? = nil, startsThread: Bool = true) {
        guard let loop = adopted ?? Loop() else { return nil }
        if startsThread {
            guard let thread = ProgressThread(loop) else { return nil }
            self.thread = thread
        } else {
            thread = nil
        }
        self.identity = identity
        self.loop = loop
        handlers = EventHandlers(identity, loop)
        own = NamespaceData(identity.nspace)
    }

    /// Whether a thread of ours drives the loop; otherwise the caller's PMIx_Progress or event loop does.
    public var hasThread: Bool { lock.withLock { thread != nil } }

    /// Ends the thread, with what was posted done. From now on the caller drives the loop. The thread cannot end itself:
    /// false there.
    public func stopThread() -> Bool {
        if loop.isCurrent { return false }
        takeThread()?.stop()
        return true
    }

    private func takeThread() -> ProgressThread? {
        lock.withLock {
            defer { thread = nil }
            return thread
        }
    }

    // MARK: Exchanges

    /// The server that requests go to.
    public var link: Link? { lock.withLock { primary } }

    public var isConnected: Bool { link?.isConnected ?? false }

    /// How requests to this process's server are written.
    public var dialect: Dialect { link?.dialect ?? .server }

    var serverRelease: Release { link?.serverRelease ?? .ours }

    /// Blocks until the answer is there, the exchange's deadline passes (`.timeout`) or the server is lost.
    public func perform<Answer>(_ exchange: Exchange<Answer>) throws(Status) -> Answer {
        guard let link, link.dialect == exchange.dialect else { throw .unreachable }
        return try exchange.answer(link.exchange(exchange.request, exchange.deadline), link)
    }

    /// Calls back on the loop, exactly once.
    public func begin<Answer>(_ exchange: Exchange<Answer>, _ done: @escaping (Result<Answer, Status>) -> Void) {
        guard let link, link.dialect == exchange.dialect else { return loop.post { done(.failure(.unreachable)) } }
        let completion = Once(done)
        if let milliseconds = exchange.deadline.milliseconds {
            loop.post { [loop] in
                if completion.isDone { return }
                completion.timer = Timer(loop, milliseconds: milliseconds) { completion.call(.failure(.timeout)) }
            }
        }
        link.request(exchange.request) { outcome in
            do throws(Status) {
                completion.call(.success(try exchange.answer(outcome, link)))
            } catch {
                completion.call(.failure(error))
            }
        }
    }

    /// A callback that may be due for two reasons, the answer and the deadline. On the loop only.
    private final class Once<Answer> {
        private var done: ((Result<Answer, Status>) -> Void)?
        var timer: Timer?

        init(_ done: @escaping (Result<Answer, Status>) -> Void) {
            self.done = done
        }

        var isDone: Bool { done == nil }

        func call(_ result: Result<Answer, Status>) {
            timer?.cancel()
            timer = nil
            let pending = done
            done = nil
            pending?(result)
        }
    }

    // MARK: What is known

    /// Runs `body` on what is known of a namespace, under the lock.
    func withData<T>(_ nspace: Namespace, _ body: (inout NamespaceData) -> T) -> T {
        lock.withLock {
            if nspace == own.nspace { return body(&own) }
            return body(&known[nspace, default: NamespaceData(nspace)])
        }
    }

    /// Takes over data that came with an answer.
    func absorb(_ nspace: Namespace, _ data: NamespaceData) {
        withData(nspace) { $0.merge(data) }
    }

    // MARK: The end

    /// Says goodbye to the server and ends the thread. Nothing is called back afterwards.
    public func finalize() {
        for link in lock.withLock({ attached }) { link.sayGoodbye() }
        close()
    }

    /// The same without a word to the server.
    public func close() {
        let end = { [self] in
            endForwarding()
            for link in lock.withLock({ attached }) { link.close() }
            endKeepAlive()
            handlers.removeAll()
            invitations = Invitations()
        }
        guard let thread = takeThread() else {
            end()
            return loop.settle()
        }
        if loop.isCurrent { end() } else { loop.post(end) }
        thread.stop()
    }
}
