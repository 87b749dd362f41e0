import Bytes
import CLibc
import PMIxServer
import PMIxWire

// What the server asks of us, one closure for each operation. All of them run on the loop.
extension JobHost {
    var upcalls: Host {
        var host = Host()
        addLife(&host)
        addData(&host)
        addJobs(&host)
        addOutput(&host)
        return host
    }

    // MARK: Processes come and go

    private func addLife(_ host: inout Host) {
        host.clientConnected = { [unowned self] proc, _, _, _ in
            guard let rank = rank(proc) else { return .notFound }
            rank.hasConnected = true
            rank.launch = nil
            rank.connectionCount += 1
            loop.post { [self] in lookForAbsent(rank.job) }
            progress?.show()
            return .operationSucceeded
        }
        host.clientFinalized = { [unowned self] proc, _, _ in
            rank(proc)?.hasFinalized = true
            rank(proc)?.connectionCount -= 1
            return .operationSucceeded
        }
        host.abort = { [unowned self] proc, _, status, message, procs, done in
            abort(proc, status, message, procs)
            done(.success)
            return .success
        }
        host.toolConnected = { [unowned self] infos, done in
            guard infos[.userID]?.asUInt32 == getuid() || infos[.userID]?.asUInt32 == 0 else {
                return done(.noPermissions, Proc("", .undefined))
            }
            toolCount += 1
            done(.success, Proc(name + ".tool." + Text(decimal: toolCount), Rank(0)))
        }
    }

    /// No processes stand for the caller's whole job, and so does naming all of it: that ends everything.
    private func abort(_ proc: Proc, _ status: Status, _ message: Text?, _ procs: [Proc]) {
        let named = procs.flatMap { ranks($0) }
        let own = job(proc.nspace)
        let isWhole = procs.isEmpty || (own?.ranks ?? []).allSatisfy { one in named.contains { $0 === one } }
        guard isWhole else { return end(named) }
        let code = status.rawValue & 0xff
        let words = message.flatMap { $0.isEmpty || $0 == "N/A" ? nil : ": " + $0.description } ?? ""
        let who = rank(proc)?.title ?? proc.description
        own?.ending = .jobAborted
        fail("\(who) called PMIx_Abort with status \(status.rawValue)\(words)", code == 0 ? 1 : code, own)
    }

    // MARK: Data

    private func addData(_ host: inout Host) {
        // Every process is here, so whatever there is to collect has been collected.
        host.fence = { _, _, data, done in
            done(.success, data)
            return .success
        }
        host.directModex = { _, _, _ in .notFound }
        host.publish = { [unowned self] proc, infos, _ in publish(proc, infos) }
        host.lookup = { [unowned self] proc, keys, infos, done in lookup(proc, keys, infos, done) }
        host.unpublish = { [unowned self] proc, keys, infos, _ in
            let status = published.unpublish(proc, keys, infos)
            return status == .success ? .operationSucceeded : status
        }
        host.connect = { _, _, _ in .operationSucceeded }
        host.disconnect = { _, _, _ in .operationSucceeded }
        host.group = { [unowned self] destructs, _, procs, infos, done in
            done(.success, group(destructs, procs, infos))
            return .success
        }
        host.registerEvents = { _, _, _ in .operationSucceeded }
        host.deregisterEvents = { _, _ in .operationSucceeded }
        // The server has told everyone it knows, and there is nobody else.
        host.notifyEvent = { [unowned self] event, _ in
            if event.status == .readyForDebug { tellOfStopped(event) }
            if event.status == .debuggerRelease { releaseHeld(event) }
            return .operationSucceeded
        }
    }

    /// The members, and a number nobody else has if they want one.
    private func group(_ destructs: Bool, _ procs: [Proc], _ infos: [Info]) -> [Info] {
        if destructs { return [] }
        var results = [Info(.groupMembers, .procs(procs))]
        if infos.isTrue(.assignContextID) {
            results.append(Info(.contextID, .size(Int(nextContextID))))
            nextContextID += 1
        }
        return results
    }

    // MARK: Jobs

    private func addJobs(_ host: inout Host) {
        host.spawn = { [unowned self] proc, infos, apps, done in spawn(proc, infos, apps, done) }
        host.query = { [unowned self] proc, queries, done in
            let (status, answers) = answer(queries, to: proc)
            done(status, answers)
            return .success
        }
        host.jobControl = { [unowned self] proc, procs, directives, done in
            done(control(proc, procs, directives), [])
            return .success
        }
        // There is one machine, and a job has it already.
        host.allocate = { _, _, _, _ in .notSupported }
        host.monitor = { _, _, _, _, _ in .notSupported }
    }

    // MARK: Output and input

    private func addOutput(_ host: inout Host) {
        host.pullOutput = { [unowned self] procs, infos, _, _ in
            if !infos.isTrue(.outputStop) {
                for job in jobs where procs.isEmpty || procs.contains(where: { $0.nspace == job.nspace }) {
                    job.isForwarded = true
                }
            }
            return .operationSucceeded
        }
        host.pushInput = { [unowned self] _, procs, _, bytes, _ in
            let targets = procs.flatMap { ranks($0) }.compactMap { $0.input }
            guard !targets.isEmpty else { return .notFound }
            for target in targets {
                if bytes.isEmpty { target.end() } else { target.write(bytes) }
            }
            return .operationSucceeded
        }
        host.log = { [unowned self] _, data, directives, done in done(log(data, directives)) }
    }

    private func log(_ data: [Info], _ directives: [Info]) -> Status {
        var written = 0
        for info in data {
            guard let text = info.value.asText else { continue }
            switch info.key {
            case .logOutput: output.write(text.bytes, from: ObjectIdentifier(self))
            case .logErrors: errors.write(text.bytes, from: ObjectIdentifier(self))
            case .logSystem, .logLocalSystem, .logGlobalSystem:
                let priority = directives[.logPriority]?.asUnsigned.flatMap { Int32(exactly: $0) } ?? LOG_NOTICE
                System.withCString(text) { clibc_syslog(priority, $0) }
            default: continue
            }
            written += 1
        }
        if written == data.count { return .success }
        return written == 0 ? .notSupported : .partialSuccess
    }
}
