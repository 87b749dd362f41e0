import Bytes
import CLaunch
import CLibc
import PMIxServer
import PMIxWire
import Reactor
import Sockets

// From a description to running processes.
extension JobHost {
    /// So many are started before the loop looks at what those that run already want.
    private static let batch = 16
    private static let folderSize: UInt32 = 8

    /// Registers the job and starts its processes, the first of them before this returns to the loop.
    func launch(
        _ description: JobDescription, parent: Proc?, _ prepare: (HostedJob) -> Void = { _ in }
    ) throws(LaunchFailure) -> HostedJob {
        let number = jobs.count + 1
        let nspace = name + "." + Text(decimal: number)
        let offset = jobs.reduce(0) { $0 + $1.ranks.count }
        let job = HostedJob(nspace, number: number, description, parent: parent, offset: offset)
        prepare(job)
        var starters: [ProgramStarter] = []
        for program in description.programs { starters.append(try starter(of: program, in: job)) }
        try makeDirectories(of: job)
        jobs.append(job)
        let infos = jobInfos(job)
        server.registerNamespace(nspace, localCount: job.ranks.count, infos: infos) { _ in }
        for rank in job.ranks {
            server.registerClient(rank.proc, uid: getuid(), gid: getgid(), object: 0) { _ in }
        }
        defineSets(of: job)
        // Registering has been posted: it is done before the first process can ask.
        loop.post { [self] in start(job, starters, from: 0) }
        return job
    }

    /// The sets that the description names. They go with the job.
    private func defineSets(of job: HostedJob) {
        for (place, program) in job.description.programs.enumerated() {
            guard let name = program.processSet else { continue }
            let members = job.ranks.filter { $0.program == place }.map { $0.proc }
            server.defineProcessSet(name, members) { _ in }
        }
    }

    private func starter(of program: Program, in job: HostedJob) throws(LaunchFailure) -> ProgramStarter {
        let environment = Environment(copying: baseEnvironment)
        environment.apply(program.environment)
        if let directory = program.directory, (try? System.open(directory, O_PATH | O_DIRECTORY)) == nil {
            throw LaunchFailure("\(directory.description): there is no such directory", exitCode: 1)
        }
        let path: Text
        switch System.find(program.name, path: environment.value("PATH"), directory: program.directory) {
        case .success(let found): path = found
        case .failure(let failure): throw failure
        }
        for variable in server.environment(for: Proc(job.nspace, Rank(0))) where variable.name != "PMIX_RANK" {
            environment.set(variable.name, variable.value)
        }
        describeForOpenMPI(job, environment)
        return ProgramStarter(program, path, environment)
    }

    /// What Open MPI's processes take from the environment: that a launcher started them directly and looks after
    /// where they run, and the numbers scripts read.
    private func describeForOpenMPI(_ job: HostedJob, _ environment: Environment) {
        environment.set("JSM_JSRUN_PORT", "0")
        environment.set("OMPI_COMM_WORLD_SIZE", Text(decimal: job.ranks.count))
        environment.set("OMPI_COMM_WORLD_LOCAL_SIZE", Text(decimal: job.ranks.count))
        environment.set("OMPI_UNIVERSE_SIZE", Text(decimal: max(processors.count, job.ranks.count)))
    }

    private func makeDirectories(of job: HostedJob) throws(LaunchFailure) {
        do throws(Errno) {
            for rank in job.ranks { try System.makeDirectories(processDirectory(rank)) }
        } catch {
            throw LaunchFailure("\(directory.description): \(error.text)")
        }
        guard let output = job.description.outputDirectory else { return }
        do throws(Errno) {
            try System.makeDirectories(output)
            // What is there already may be a file.
            _ = try System.open(output, O_PATH | O_DIRECTORY)
        } catch {
            throw LaunchFailure("\(output.description): \(error.text)")
        }
    }

    func namespaceDirectory(_ job: HostedJob) -> Text { directory + "/" + Text(decimal: job.number) }

    /// A few in one folder: removing a folder waits for the disk on some systems, and those of one folder wait in turn.
    func processDirectory(_ rank: HostedRank) -> Text {
        let number = rank.proc.rank.rawValue
        return namespaceDirectory(rank.job) + "/" + Text(decimal: number / JobHost.folderSize) + "/"
            + Text(decimal: number)
    }

    // MARK: Starting

    private func start(_ job: HostedJob, _ starters: [ProgramStarter], from first: Int) {
        let last = min(first + JobHost.batch, job.ranks.count)
        for rank in job.ranks[first..<last] where rank.outcome == nil {
            do throws(LaunchFailure) {
                try start(rank, starters[rank.program])
            } catch {
                _ = launch_signal_group(rank.pid, SIGKILL)
                rank.endWatcher?.cancel()
                rank.outcome = .cancelled
                fail(error.message, error.exitCode)
                break
            }
        }
        progress?.show()
        if last == job.ranks.count { tellOfHeld(job) }
        if job.isEnding || last == job.ranks.count { return consider(job) }
        loop.post { [self] in start(job, starters, from: last) }
    }

    private func start(_ rank: HostedRank, _ starter: ProgramStarter) throws(LaunchFailure) {
        do throws(Errno) {
            let output = try System.pipe()
            let errors = try System.pipe()
            let input = try inputPipe(for: rank)
            let standard = (input.read.number, output.write.number, errors.write.number)
            let launch = try starter.start(
                rank, standard, core: core(of: rank), stops: rank.stopsOnExec, like: inherited)
            rank.launch = launch
            rank.pid = launch.pid
            rank.isHeld = rank.stopsOnExec && launch_hold(rank.pid) != 0
            tellGuard(.group(rank.pid))
            if let target = input.write { rank.input = RankInput(loop, target) }
            ranksByProcess[rank.pid] = rank
            try watch(rank)
            try listen(rank, 2, output.read, self.output, "out")
            try listen(rank, 4, errors.read, self.errors, "err")
        } catch {
            throw LaunchFailure("\(rank.title) could not be started: \(error.text)", exitCode: 126)
        }
    }

    private func inputPipe(for rank: HostedRank) throws(Errno) -> (read: System.Descriptor, write: System.Descriptor?) {
        switch rank.job.description.input {
        case .all: break
        case .rank(let number) where number == rank.proc.rank.rawValue: break
        default: return (try System.open("/dev/null", O_RDONLY), nil)
        }
        let ends = try System.pipe()
        return (ends.read, ends.write)
    }

    private func core(of rank: HostedRank) -> [Int]? {
        rank.job.description.binding == .core ? processors.core(of: rank.job.offset + rank.localRank) : nil
    }

    private func watch(_ rank: HostedRank) throws(Errno) {
        let number = launch_watch(rank.pid)
        guard number >= 0 else { throw Errno(code: clibc_errno()) }
        rank.ending = System.Descriptor(number)
        rank.endWatcher = Watcher(loop, number, .readable) { [unowned self, unowned rank] in
            var value: Int32 = 0
            switch launch_ending(rank.pid, &value) {
            case 1: ended(rank, .exited(value))
            case 2: ended(rank, .killed(value))
            default: break
            }
        }
        rank.endWatcher?.enable()
    }

    private func listen(
        _ rank: HostedRank, _ channel: UInt16, _ source: System.Descriptor, _ sink: OutputSink, _ suffix: String
    ) throws(Errno) {
        var target = rank.job.shownElsewhere & channel == 0 ? RankStream.Target.sink(sink) : .elsewhere
        if let folder = rank.job.description.outputDirectory {
            let prefix = rank.job.number == 1 ? "/rank." : "/job.\(rank.job.number).rank."
            let path = folder + Text("\(prefix)\(rank.proc.rank.rawValue).\(suffix)")
            target = .file(try System.open(path, O_WRONLY | O_CREAT | O_TRUNC, mode: 0o666), path)
        }
        let stream = RankStream(self, rank, channel: channel, source, target)
        rank.streams.append(stream)
        rank.openStreams += 1
        stream.begin()
    }

    /// What is to be done when muster is killed.
    func tellGuard(_ note: GuardNote) {
        let bytes = note.framed
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                CLibc.write(guardChannel, $0.baseAddress?.advanced(by: sent), $0.count - sent)
            }
            if count > 0 { sent += count } else if clibc_errno() != EINTR { return }
        }
    }

    func startInput(of job: HostedJob) {
        // The processes are started by what has been posted before.
        loop.post { [self] in
            let targets = job.ranks.compactMap { $0.input }
            guard !targets.isEmpty else { return }
            input = InputSource(loop, targets)
            input?.proceed()
        }
    }
}
