// The rules of this edge. An entry point checks its pointers, converts in, makes one engine call and converts out. Errors
// travel as thrown Status and become C's code in one place; what C will free comes from malloc; a callback and its cbdata
// become one closure here and no engine ever sees them.
import Bytes
import CLibc
import CPMIx
import PMIxClient
import PMIxServer
import PMIxWire
import Reactor
import Sockets

/// The one PMIx a process has: made by the first init of whatever kind, gone with the last finalize.
final class Library: @unchecked Sendable {
    static let shared = Library()

    /// Held through a whole init or finalize, so that two threads cannot do halves of either.
    let lifecycle = Lock()
    let lent = LentValues()
    private let lock = Lock()
    private var current: Client?  // lock
    private var hosting: Server?  // lock
    /// In a forked child: the server of the parent, which only knows what it knew.
    private var inherited: Server?  // lock
    /// Inits without their finalize. Under `lifecycle`.
    var initCount = 0

    private init() {
        if Trace.isWired { nameTraceInWords() }
        // A forked child has neither our thread nor its locks: it starts over, and may join as a process of its own.
        pthread_atfork(nil, nil) { Library.shared.forget() }
    }

    /// What every process that has called an init of any kind has.
    var client: Client? { lock.withLock { current } }
    /// The server in this process.
    var hosted: Server? { lock.withLock { hosting } }
    /// The server whose ranks this process starts. Slurm does that from a forked child of the server's process.
    var launching: Server? { lock.withLock { hosting ?? inherited } }
    /// The server in this process, where this process's own requests end. A tool that has one asks the server it is
    /// connected to, as long as there is one.
    var server: Server? { roles.1 }
    var roles: (Client?, Server?) {
        let (client, server) = lock.withLock { (current, hosting) }
        return server == nil || client?.tool == nil || client?.isConnected == false ? (client, server) : (client, nil)
    }

    func set(_ client: Client?, _ server: Server? = nil) {
        lock.withLock {
            current = client
            hosting = server
        }
        if client == nil {
            lent.removeAll()
            AttributeRegistry.shared.removeAll()
        }
    }

    private func forget() {
        lifecycle.resetAfterFork()
        lock.resetAfterFork()
        lent.resetAfterFork()
        Machine.shared.resetAfterFork()
        AttributeRegistry.shared.resetAfterFork()
        // Safety: deliberately never released; their memory and descriptors are the parent's to end.
        if let current { _ = Unmanaged.passRetained(current) }
        if let hosting { _ = Unmanaged.passRetained(hosting) }
        hosting?.resetAfterFork()
        inherited = hosting ?? inherited
        current = nil
        hosting = nil
        initCount = 0
    }
}

/// As `withClient`, for what a server's own process does otherwise.
func withRoles(_ body: (Client, Server?) throws(Status) -> Void) -> pmix_status_t {
    let (client, server) = Library.shared.roles
    guard let client else { return Status.notInitialized.rawValue }
    return code { () throws(Status) in try body(client, server) }
}

/// Runs an entry point that needs an initialized library; its thrown status, or success, becomes C's.
func withClient(_ body: (Client) throws(Status) -> Void) -> pmix_status_t {
    guard let client = Library.shared.client else { return Status.notInitialized.rawValue }
    return code { () throws(Status) in try body(client) }
}

func code(_ body: () throws(Status) -> Void) -> pmix_status_t {
    do throws(Status) {
        try body()
        return PMIX_SUCCESS
    } catch {
        return error.rawValue
    }
}

extension Result where Failure == Status, Success == Void {
    var status: Status {
        if case .failure(let reason) = self { reason } else { .success }
    }
}

/// `cbfunc` and `cbdata` as one closure; nothing when there is no callback.
func done(_ cbfunc: pmix_op_cbfunc_t?, _ cbdata: UnsafeMutableRawPointer?) -> (Status) -> Void {
    { status in cbfunc?(status.rawValue, cbdata) }
}

func doneVoid(
    _ cbfunc: pmix_op_cbfunc_t?, _ cbdata: UnsafeMutableRawPointer?
) -> (Result<Void, Status>) -> Void {
    { result in cbfunc?(result.status.rawValue, cbdata) }
}

/// For callbacks that receive infos: they stay until the receiver releases them, or, without a callback, are not made.
func doneInfos(
    _ cbfunc: pmix_info_cbfunc_t?, _ cbdata: UnsafeMutableRawPointer?
) -> (Result<[Info], Status>) -> Void {
    { result in
        guard let cbfunc else { return }
        switch result {
        case .success(let infos):
            let (array, count) = infos.newCArray()
            cbfunc(PMIX_SUCCESS, array, count, cbdata, LentInfos.release, LentInfos.keep(array, count))
        case .failure(let reason): cbfunc(reason.rawValue, nil, 0, cbdata, nil, nil)
        }
    }
}

/// Info arrays that C has until it calls the release function it got with them.
struct LentInfos {
    let array: UnsafeMutablePointer<pmix_info_t>?
    let count: Int

    private static let lent = Handles<LentInfos>()

    static func keep(_ array: UnsafeMutablePointer<pmix_info_t>?, _ count: Int) -> UnsafeMutableRawPointer? {
        lent.keep(LentInfos(array: array, count: count))
    }

    static let release: @convention(c) (UnsafeMutableRawPointer?) -> Void = { pointer in
        guard let infos = lent.take(pointer) else { return }
        freeInfos(infos.array, infos.count)
    }
}

extension Proc {
    /// NULL is no process.
    init?(checking proc: UnsafePointer<pmix_proc_t>?) {
        guard let proc else { return nil }
        self.init(copying: proc)
    }

    /// The name in C's struct; most are of `identity`'s namespace and take that one instead of a copy. An empty one means it.
    init(copying proc: UnsafePointer<pmix_proc_t>, near identity: Proc) {
        let field = UnsafeRawPointer(proc)
        let bytes = identity.nspace.bytes
        let isNear = bytes.withUnsafeBytes { own in
            guard let start = own.baseAddress else { return false }
            return memcmp(field, start, own.count) == 0 && field.load(fromByteOffset: own.count, as: UInt8.self) == 0
        }
        if isNear || field.load(as: UInt8.self) == 0 {
            self.init(identity.nspace, Rank(proc.pointee.rank))
        } else {
            self.init(copying: proc)
        }
    }

    /// Lends the name to C for the length of `body`.
    func lend<T>(_ body: (UnsafeMutablePointer<pmix_proc_t>) -> T) -> T {
        var proc = pmix_proc_t()
        store(into: &proc)
        return body(&proc)
    }
}
