import Bytes
import CLaunch
import CLibc
import PMIxServer
import PMIxWire
import Reactor
import Sockets

/// The host behind `muster run`: it starts the processes of jobs on this machine, serves them, and ends when they have.
///
/// All state is the loop's, the thread that starts the processes as well: they are killed when it ends. What it does is
/// spread over `JobHost+*.swift`, by what it is asked for.
public final class JobHost: @unchecked Sendable {
    let loop: Loop
    let main: JobDescription
    /// What the jobs' namespaces begin with.
    let name: Text
    /// For the files of jobs, and of the server. Removed by the guard.
    let directory: Text
    let hostname = System.hostname
    let processors = Processors()
    let baseEnvironment = Environment()
    private(set) lazy var server = Server(serverOptions, loop: loop, host: upcalls)

    // loop
    var jobs: [HostedJob] = []
    var ranksByProcess: [Int32: HostedRank] = [:]
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    var published = PublishedData()
    var lookups: [WaitingLookup] = []
    var nextContextID: UInt64 = 1
    var toolCount: UInt32 = 0
    var input: InputSource?
    var progress: LaunchProgress?
    /// Decided by the first process that fails.
    var exitCode: Int32?
    /// When the command line's job has to have ended.
    private(set) var deadline = Deadline.never
    /// Something that processes wrote could not be: said once, and a failure if there is no other.
    private var hasLostOutput = false
    var interruptCount = 0
    /// Processes whose connections have broken, in that order.
    var suspects: [HostedRank] = []
    /// Processes that failed while an earlier one was suspected to be the reason.
    var deferred: [HostedRank] = []
    var timers: [Timer] = []
    private var signalWatcher: Watcher?
    /// When the dead are next looked for among what the jobs' processes have left behind.
    var burial: Timer?

    private(set) lazy var output = OutputSink(1) { [unowned self] in loop.post { [self] in resumeStreams() } }
    private(set) lazy var errors = OutputSink(2) { [unowned self] in loop.post { [self] in resumeStreams() } }

    // The end, for the thread that waits in `run`.
    private let lock = Lock()
    private let condition = Condition()
    private var isFinished = false  // lock

    let guardChannel: Int32
    let guardProcess: Int32
    private let signals: System.Descriptor
    private(set) var inherited = Inherited()

    /// For each process: its end, its output, its errors, its input, its connection and that of a child of its own; and
    /// for all of them.
    private static let descriptorsPerRank = 6
    private static let descriptorsAtLeast = 1024

    /// Call before the process has threads.
    public init(_ description: JobDescription) throws(LaunchFailure) {
        guard launch_open_standard() == 0 else { throw LaunchFailure("no descriptors are left") }
        main = description
        launch_reserve(
            JobHost.descriptorsAtLeast + description.size * JobHost.descriptorsPerRank, &inherited.descriptors)
        let process = Text(decimal: getpid())
        name = "muster-" + System.hostname + "-" + process
        let base = System.variable("TMPDIR") ?? "/tmp"
        do throws(Errno) {
            directory = try System.makeTemporaryDirectory(base + "/muster-" + process + ".")
        } catch {
            throw LaunchFailure("\(base.description): \(error.text)")
        }
        guard let signals = JobHost.blockSignals(&inherited.mask), let loop = Loop() else {
            throw LaunchFailure("no descriptors are left")
        }
        self.signals = signals
        self.loop = loop
        var channel: Int32 = -1
        guardProcess = Guard.start(directory, name, &channel)
        guardChannel = channel
        guard guardProcess > 0 else { throw LaunchFailure("the system refuses a process") }
        launch_adopt()
    }

    /// All are blocked, in every thread to come; those in the set are told of.
    private static func blockSignals(_ before: inout sigset_t) -> System.Descriptor? {
        var all = sigset_t()
        sigfillset(&all)
        pthread_sigmask(SIG_SETMASK, &all, &before)
        var watched = sigset_t()
        sigemptyset(&watched)
        let numbers = [SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2, SIGTSTP, SIGCONT, SIGCHLD]
        for number in numbers { sigaddset(&watched, number) }
        let descriptor = launch_signals(&watched)
        return descriptor < 0 ? nil : System.Descriptor(descriptor)
    }

    /// Whom to ask which attributes this server's functions take. Before `run`.
    public func describeAttributes(_ answers: @escaping (Query) -> [Info]) {
        server.onAttributeQuery = answers
    }

    private var serverOptions: Server.Options {
        var options = Server.Options(
            identity: Proc(name, Rank(0)), hostname: hostname, uid: getuid(), gid: getgid())
        options.serverDirectory = directory
        options.systemDirectory = System.variable("TMPDIR") ?? "/tmp"
        options.supportsTools = true
        options.securityModules = ["native"]
        return options
    }

    /// Runs the job to its end: the exit status for the shell.
    public func run() -> Int32 {
        defer { dismissGuard() }
        guard let thread = ProgressThread(loop) else { return 1 }
        server.onLocalEvent = { [unowned self] event in heard(event) }
        server.onCleanup = { [unowned self] cleanup, isDone in tellGuard(isDone ? .done(cleanup) : .cleanup(cleanup)) }
        do throws(Status) {
            try server.start()
        } catch {
            say("the server could not be started (\(error.rawValue))")
            errors.finish()
            thread.stop()
            return 1
        }
        loop.post { [self] in begin() }
        lock.lock()
        while !isFinished { _ = condition.wait(lock, until: .never) }
        lock.unlock()
        server.stop()
        output.finish()
        if let reason = output.loss { lost("the output", reason) }
        errors.finish()
        thread.stop()
        return exitCode ?? (hasLostOutput || errors.loss != nil ? 1 : 0)
    }

    /// It removes what there is of files, and ends. If somebody has killed it, nothing is left for that reason.
    private func dismissGuard() {
        close(guardChannel)
        launch_reap(guardProcess)
        System.withCString(directory) { launch_remove($0) }
    }

    func finish() {
        sweep(nil)
        progress?.clear()
        input?.stop()
        signalWatcher?.cancel()
        for timer in timers { timer.cancel() }
        timers = []
        burial?.cancel()
        lock.withLock {
            isFinished = true
            condition.signal()
        }
    }

    // MARK: On the loop

    private func begin() {
        signalWatcher = Watcher(loop, signals.number, .readable) { [unowned self] in
            while case let number = launch_next_signal(signals.number), number != 0 { received(number) }
        }
        signalWatcher?.enable()
        if System.isTerminal(2) && main.size > 1 { progress = LaunchProgress(self) }
        do throws(LaunchFailure) {
            let job = try launch(main, parent: nil)
            startInput(of: job)
            limit(main.timeout)
        } catch {
            say(error.message)
            exitCode = error.exitCode
            finish()
        }
    }

    private func limit(_ seconds: UInt64?) {
        guard let seconds, seconds > 0 else { return }
        deadline = Deadline(seconds: seconds)
        after(milliseconds: seconds.multipliedReportingOverflow(by: 1000).partialValue) { [unowned self] in
            let running = jobs.flatMap { $0.ranks }.filter { !$0.hasEnded }
            guard !running.isEmpty else { return }
            let names = running.prefix(4).map { String($0.proc.rank.rawValue) }.joined(separator: ", ")
            let more = running.count > 4 ? " and \(running.count - 4) more" : ""
            fail("the job did not end within \(seconds) s: rank \(names)\(more) still ran", 124)
        }
    }

    /// Kept until it fires or everything is over.
    func after(milliseconds: UInt64, _ body: @escaping () -> Void) {
        timers.append(Timer(loop, milliseconds: milliseconds, body))
    }

    func lost(_ place: Text, _ reason: Errno) {
        if !hasLostOutput { say("\(place.description) could not be written: \(reason.text)") }
        hasLostOutput = true
    }

    /// A word from muster itself.
    func say(_ message: String) {
        progress?.clear()
        errors.write(Array("muster: \(message)\n".utf8), from: ObjectIdentifier(self))
    }

    private func resumeStreams() {
        for job in jobs {
            for rank in job.ranks {
                for stream in rank.streams { stream.resume() }
            }
        }
    }

    // MARK: Who is who

    func job(_ nspace: Namespace) -> HostedJob? { jobs.first { $0.nspace == nspace } }

    func rank(_ proc: Proc) -> HostedRank? { job(proc.nspace)?.rank(proc.rank) }

    /// The processes a name stands for.
    func ranks(_ proc: Proc) -> [HostedRank] {
        guard let job = job(proc.nspace) else { return [] }
        return proc.rank == .wildcard ? job.ranks : job.rank(proc.rank).map { [$0] } ?? []
    }
}
