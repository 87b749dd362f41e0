import Bytes
import CLaunch
import CLibc
import Sockets

/// One program, ready to be started any number of times.
final class ProgramStarter {
    fileprivate let program: Program
    fileprivate let path: Text
    /// The path, and the directory if there is one.
    fileprivate let places: CStrings
    fileprivate let arguments: CStrings
    fileprivate let shellArguments: CStrings
    fileprivate let environment: CStrings

    private static let rankVariables: [Text] = [
        "PMIX_RANK", "OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_LOCAL_RANK", "OMPI_COMM_WORLD_NODE_RANK",
    ]

    init(_ program: Program, _ path: Text, _ environment: Environment) {
        self.program = program
        self.path = path
        places = CStrings([path] + (program.directory.map { [$0] } ?? []))
        arguments = CStrings(program.arguments)
        shellArguments = CStrings(["sh", path] + program.arguments.dropFirst())
        for name in ProgramStarter.rankVariables { environment.unset(name) }
        self.environment = CStrings(environment.texts)
    }

    func start(
        _ rank: HostedRank, _ standard: (Int32, Int32, Int32), core: [Int]?, stops: Bool, like inherited: Inherited
    ) throws(Errno) -> Launch {
        let number = Text(decimal: rank.proc.rank.rawValue)
        let values = [number, number, number, Text(decimal: rank.job.offset + rank.localRank)]
        let variables = zip(ProgramStarter.rankVariables, values).map { $0 + "=" + $1 }
        return try Launch(self, CStrings(variables), standard, core.map { Processors.map($0) } ?? [], stops, inherited)
    }
}

/// A process on its way to its program, and everything it needs until it is there: it shares our memory so long.
final class Launch {
    private(set) var pid: Int32 = -1
    private let starter: ProgramStarter
    private let variables: CStrings
    private let environment: UnsafeMutableBufferPointer<UnsafeMutablePointer<CChar>?>
    private let processors: UnsafeMutableBufferPointer<UInt8>
    private var state: OpaquePointer?

    fileprivate init(
        _ starter: ProgramStarter, _ variables: CStrings, _ standard: (Int32, Int32, Int32), _ map: [UInt8],
        _ stops: Bool, _ inherited: Inherited
    ) throws(Errno) {
        self.starter = starter
        self.variables = variables
        environment = .allocate(capacity: starter.environment.count + variables.count + 1)
        _ = environment.initialize(from: starter.environment.all + variables.all + [nil])
        processors = .allocate(capacity: map.count)
        _ = processors.initialize(from: map)
        var request = launch_request()
        request.path = UnsafePointer(starter.places.all[0])
        request.directory = starter.places.count > 1 ? UnsafePointer(starter.places.all[1]) : nil
        request.arguments = starter.arguments.address
        request.shell_arguments = starter.shellArguments.address
        request.environment = UnsafePointer(environment.baseAddress)
        request.standard = standard
        request.mask = inherited.mask
        request.descriptors = inherited.descriptors
        request.processors = map.isEmpty ? nil : UnsafePointer(processors.baseAddress)
        request.processors_size = map.count
        request.stops = stops ? 1 : 0
        pid = launch_start(&request, &state)
        guard pid < 0 else { return }
        throw Errno(code: clibc_errno())
    }

    /// Whether nothing of this is needed any more.
    var hasLeft: Bool { state.map { launch_has_left($0) != 0 } ?? true }

    /// Why it did not become its program; nil when it did. For one that has ended.
    var failure: String? {
        var step = LAUNCH_FORK
        guard let state, case let reason = launch_failure(state, &step), reason != 0 else { return nil }
        let text = Errno(code: reason).text
        switch step {
        case LAUNCH_DIRECTORY: return "\((starter.program.directory ?? ".").description): \(text)"
        case LAUNCH_EXECUTE: return "\(starter.path.description): \(text)"
        default: return text
        }
    }

    deinit {
        // Memory somebody may still be using is nobody else's.
        guard hasLeft else {
            _ = Unmanaged.passRetained(starter)
            _ = Unmanaged.passRetained(variables)
            return
        }
        if let state { launch_free(state) }
        environment.deallocate()
        processors.deallocate()
    }
}

/// What muster has changed for itself and processes are to have as it was.
struct Inherited {
    /// Signals that are blocked.
    var mask = sigset_t()
    /// How many descriptors one may have.
    var descriptors = rlimit()
}
