import Bytes
import PMIxServer
import PMIxWire

// What processes and tools may ask about jobs, nodes and processes. The server answers for groups and sets of processes.
extension JobHost {
    private static let known: [Key] = [
        .queryKeys, .queryNamespaces, .queryNamespaceInfo, .queryJobStatus, .queryProcTable, .queryLocalProcTable,
        .querySpawnSupport, .queryDebugSupport, .querySetCount, .querySetNames, .querySetMembers, .queryGroupCount,
        .queryGroupNames, .queryGroupMembers, .managerName, .managerVersion, .universeSize, .hostname, .nodeList,
        .numNodes, .jobSize, .timeRemaining,
    ]
    private static let spawnDirectives: [Key] = [
        .workingDirectory, .setVariable, .addVariable, .unsetVariable, .prependVariable, .appendVariable, .hosts,
        .processSetName, .inputTarget, .forwardInput, .forwardOutput, .forwardErrors, .notifyCompletion, .tagOutput,
        .outputDirectory, .childSeparate,
    ]

    func answer(_ queries: [Query], to asker: Proc) -> (Status, [Info]) {
        var answers: [Info] = []
        var asked = 0
        for query in queries {
            for key in query.keys {
                asked += 1
                if let value = value(of: key, query.qualifiers, asker) { answers.append(Info(key, value)) }
            }
        }
        if answers.isEmpty { return (.notFound, []) }
        return (answers.count == asked ? .success : .queryPartialSuccess, answers)
    }

    private func value(of key: Key, _ qualifiers: [Info], _ asker: Proc) -> Value? {
        let nspace = qualifiers[.nspace]?.asText ?? qualifiers[.procID]?.asProc?.nspace
        switch key {
        case .queryKeys: return list(JobHost.known)
        case .querySpawnSupport: return list(JobHost.spawnDirectives)
        case .queryDebugSupport: return list(JobHost.stops)
        case .queryNamespaces: return list(jobs.filter { !$0.isRetired }.map { $0.nspace })
        case .queryNamespaceInfo: return namespaceInfo(nspace)
        case .managerName: return .string("muster")
        case .managerVersion: return .string(Release.oursText)
        case .universeSize: return .uint32(UInt32(clamping: universeSize))
        case .hostname, .nodeList: return .string(hostname)
        case .numNodes: return .uint32(1)
        case .timeRemaining: return deadline.milliseconds.map { .uint32(UInt32(clamping: $0 / 1000)) }
        default: break
        }
        guard let job = job(nspace ?? asker.nspace) else { return nil }
        switch key {
        case .queryJobStatus: return .status(status(of: job))
        case .queryProcTable, .queryLocalProcTable: return processes(of: job, qualifiers)
        case .jobSize: return .uint32(UInt32(clamping: job.ranks.count))
        default: return nil
        }
    }

    private func list(_ texts: [Text]) -> Value {
        .string(.joined(texts, separator: UInt8(ascii: ",")))
    }

    // MARK: Jobs

    private func status(of job: HostedJob) -> Status {
        job.hasEnded ? job.ending ?? .jobTerminated : .success
    }

    /// `pmix_job_state_t`.
    private func state(of job: HostedJob) -> UInt8 {
        if job.hasEnded { return job.ending == nil ? 20 : 50 }
        if job.isPaused { return 4 }
        if job.ranks.contains(where: { $0.pid == 0 }) { return 2 }
        return job.ranks.allSatisfy { $0.hasConnected } ? 5 : 3
    }

    /// One job's facts, or each job's.
    private func namespaceInfo(_ nspace: Namespace?) -> Value? {
        let chosen = jobs.filter { nspace == nil || $0.nspace == nspace }
        guard !chosen.isEmpty else { return nil }
        let arrays = chosen.map { job -> Info in
            let program = job.description.programs[0]
            return Info(
                .jobArray,
                .infos([
                    Info(.nspace, .string(job.nspace)), Info(.jobSize, .uint32(UInt32(clamping: job.ranks.count))),
                    Info(.numNodes, .uint32(1)), Info(.nodeList, .string(hostname)),
                    Info(.appArguments, list([program.name])),
                    Info(.queryJobStatus, Value(.jobState, .unsigned(UInt64(state(of: job))))),
                ]))
        }
        return .infos(arrays)
    }

    private func processes(of job: HostedJob, _ qualifiers: [Info]) -> Value {
        let rank = qualifiers[.rank]?.asRank ?? qualifiers[.procID]?.asProc?.rank ?? .wildcard
        let chosen = job.ranks.filter { rank == .wildcard || $0.proc.rank == rank }
        let table = chosen.map { one -> Content in
            var info = ProcInfo(
                proc: one.proc, host: hostname, executable: job.description.programs[one.program].name,
                pid: UInt32(clamping: one.pid), state: one.state)
            info.exitCode = one.exitStatus
            return .procInfo(info)
        }
        return Value(.dataArray, .array(DataArray(.procInfo, table)))
    }
}
