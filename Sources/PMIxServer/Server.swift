import Bytes
import PMIxWire
import Reactor
import Sockets

/// The server end of PMIx: it lets the local ranks of registered jobs (and tools) in, keeps what they show each
/// other, brings their collectives together, and asks its host for whatever goes beyond this node.
///
/// All state belongs to the loop's thread. Public functions may be called from any thread: they post their work; what
/// they were given to call back is called on the loop. Only `find` and `store` work on the caller's thread, under the
/// lock.
public final class Server: @unchecked Sendable {
    public let options: Options
    public let loop: Loop
    // The process that hosts may bring its functions later than its server: see `adopt`.
    public private(set) var host: Host  // loop

    /// Events for the handlers registered in this very process: what clients notify, what this process notifies
    /// itself, and the loss of clients. Called on the loop; set before `start`.
    public var onLocalEvent: ((Event) -> Void)?
    /// Told of everything that is to be removed after a process or a job, as it stands after each change; and, with true,
    /// when that has been done. For whoever may have to do it in the server's place.
    public var onCleanup: ((Cleanup, Bool) -> Void)?

    /// How far the devices of a machine, or of this one where no description is given, are from processors. Called on the
    /// loop; set before `start`.
    public var onDistances: ((TopologyValue, Text?, [Info]) throws(Status) -> [DeviceDistance])?
    /// What the attributes of functions are, for queries about that. Called on the loop; set before `start`.
    public var onAttributeQuery: ((Query) -> [Info])?

    // What is known about jobs. Written on the loop with the lock held, so that the loop itself reads without it.
    let lock = Lock()
    var jobs: [Namespace: Job] = [:]
    var kept: [Proc: KeyTable] = [:]  // lock: what this process stored for itself
    var hasStopped = false  // lock

    // Set once by `start`, before anyone is let in.
    public private(set) var uri: Text = ""
    private var contactFiles = ContactFiles()

    /// The files others find this server by.
    public var contactPaths: [Text] { contactFiles.paths }

    // loop
    private var listener: Listener?
    var peers: [UInt32: Peer] = [:]
    private var nextIndex: UInt32 = 0
    /// One receive buffer for all connections: only one is read at a time.
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    var gathering: [Collective.Name: [Collective]] = [:]
    /// Those that every local rank has called, and whose answer is the host's.
    var atHost: [Collective] = []
    var groups: [Text: Group] = [:]
    var processSets: [Text: [Proc]] = [:]
    var invitations: [Text: Invited] = [:]
    var gets: [Proc: [Get]] = [:]
    var fetches: [Proc: [Get]] = [:]
    var owedModex: [Proc: [Host.DoneWithData]] = [:]
    var events: EventCache
    var outputs = OutputRegistrations()
    var writer: OutputWriter?
    var monitors: [Monitor] = []
    /// What the host says of the node, for every job.
    var resources = KeyTable()
    /// What the host delivered of nodes, by their names.
    var inventories: [Text: KeyTable] = [:]
    var cleanups: [Cleanup] = []

    public init(_ options: Options, loop: Loop, host: Host) {
        self.options = options
        self.loop = loop
        self.host = host
        events = EventCache(capacity: options.maxEvents, seconds: options.eventSeconds)
    }

    public var identity: Proc { options.identity }

    // MARK: Starting and stopping

    /// Listens, and writes the contact files the options ask for. Clients are served from now on.
    public func start() throws(Status) {
        let listener: Listener
        do throws(Errno) {
            listener = try Listener(self)
        } catch {
            throw .notInitialized
        }
        uri = identity.nspace + "." + Text(decimal: identity.rank.rawValue) + ";" + listener.uri
        do throws(Status) {
            try contactFiles.write(uri, options)
        } catch {
            contactFiles.remove()
            throw error
        }
        loop.post { [self] in
            self.listener = listener
            listener.begin()
        }
    }

    /// Closes every connection and removes the files `start` made. Host completions that come later are ignored. From
    /// any thread; unless that is the loop's own, it returns when all is done. `stepping`: nobody else runs the loop.
    public func stop(stepping: Bool = false) {
        finish(stepping) { [self] in shutDown() }
    }

    /// Asks another host from now on. From any thread; returns when no request goes to the earlier one any more.
    public func adopt(_ other: Host, stepping: Bool = false) {
        finish(stepping) { [self] in host = other }
    }

    /// Does something on the loop and waits for it.
    private func finish(_ stepping: Bool, _ work: @escaping () -> Void) {
        if loop.isCurrent { return work() }
        let lock = Lock()
        let condition = Condition()
        let isDone = Flag()
        loop.post {
            work()
            lock.withLock {
                isDone.isSet = true
                condition.signal()
            }
        }
        while stepping && !lock.withLock({ isDone.isSet }) { loop.step() }
        lock.lock()
        while !isDone.isSet { _ = condition.wait(lock, until: .never) }
        lock.unlock()
    }

    private final class Flag: @unchecked Sendable {
        var isSet = false  // the lock of `finish`
    }

    private func shutDown() {
        lock.withLock { hasStopped = true }
        listener?.end()
        listener = nil
        for peer in peers.values { peer.close() }
        peers = [:]
        abandonCollectives()
        abandonGets()
        // Their upcalls hold this server, and a host that never answers holds those.
        atHost = []
        for monitor in monitors { monitor.cancel() }
        monitors = []
        cleanUp()
        outputs = OutputRegistrations()
        writer?.finish()
        writer = nil
        contactFiles.remove()
        onLocalEvent = nil
        onCleanup = nil
        buffer = []
    }

    // MARK: Connections

    func admit(_ socket: Socket) {
        let peer = Peer(self, socket, index: nextIndex)
        nextIndex &+= 1
        peers[peer.index] = peer
        limitGreetings()
        peer.begin()
    }

    /// Connections that have not said who they are. When there are too many the oldest goes: a rank says its name at
    /// once.
    private func limitGreetings() {
        guard peers.count > Server.mostGreetings else { return }
        let greeting = peers.values.filter { $0.stage == .greeting }
        guard greeting.count > Server.mostGreetings else { return }
        if let oldest = greeting.min(by: { $0.index < $1.index }) { dismiss(oldest) }
    }

    private static let mostGreetings = 8192

    /// Ends a connection that nothing else depends on yet.
    func dismiss(_ peer: Peer) {
        peers[peer.index] = nil
        peer.close()
    }

    /// A connection is over, from either side. Whatever waited for this peer goes on without it.
    func lost(_ peer: Peer) {
        guard peers.removeValue(forKey: peer.index) != nil else { return }
        let wasServed = peer.stage == .open
        peer.close()
        guard wasServed else { return }
        cleanUp(after: peer)
        if !peer.hasFinalized {
            tellGroups(lossOf: peer)
            leave(peer, as: .lost)
        }
        // A tool has no other way of saying that it is gone; a host that never heard of it takes a loss for a rank's.
        if peer.isTool ? host.toolConnected != nil : !peer.hasFinalized { report(lossOf: peer) }
        forgetTool(peer)
    }

    /// What a finalize and a loss have in common: the peer takes part in nothing any more.
    func leave(_ peer: Peer, as standing: Member.Standing) {
        if let member = peer.member {
            member.connectionCount -= 1
            if member.connectionCount <= 0 { member.standing = standing }
        }
        events.forget(peer)
        deafen(peer)
        outputs.removeAll(of: peer)
        endMonitors(of: peer)
        withdraw(peer)
        withdrawGets(of: peer)
    }

    private func report(lossOf peer: Peer) {
        let event = Event(
            .lostConnection, source: peer.proc, range: .processLocal,
            infos: [Info(.eventAffectedProc, .proc(peer.proc))])
        onLocalEvent?(event)
    }

    var openPeers: [Peer] {
        peers.values.filter { $0.stage == .open && !$0.hasFinalized }
    }
}
