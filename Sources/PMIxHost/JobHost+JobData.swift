import Bytes
import CLibc
import PMIxServer
import PMIxWire

// What a job's processes can ask of the server about their job: the types are those other hosts give.
extension JobHost {
    var universeSize: Int { max(processors.count, jobs.reduce(0) { $0 + $1.ranks.count }) }

    func jobInfos(_ job: HostedJob) -> [Info] {
        let count = UInt32(clamping: job.ranks.count)
        let ranks = Text.joined(job.ranks.map { Text(decimal: $0.proc.rank.rawValue) }, separator: UInt8(ascii: ","))
        let isBound = job.description.binding == .core
        var infos: [Info] = [
            Info(.serverNspace, .string(name)), Info(.serverRank, .rank(Rank(0))),
            Info(.jobID, .string(job.nspace)), Info(.sessionID, .uint32(UInt32(clamping: getpid()))),
            Info(.managerName, .string("muster")),
            Info(.spawned, .bool(job.parent != nil)),
            Info(.nodeMap, .string(NodeMap.regex(hostname))), Info(.procMap, .string(NodeMap.ppn(ranks))),
            Info(.nodeID, .uint32(0)), Info(.numNodes, .uint32(1)), Info(.nodeSize, .uint32(count)),
            Info(.rankOffset, .uint32(UInt32(clamping: job.offset))),
            Info(.universeSize, .uint32(UInt32(clamping: max(processors.count, job.ranks.count)))),
            Info(.jobSize, .uint32(count)), Info(.maxProcs, .uint32(count)), Info(.localSize, .uint32(count)),
            Info(.appCount, .uint32(UInt32(clamping: job.description.programs.count))),
            Info(.localPeers, .string(ranks)), Info(.localLeader, .rank(Rank(0))),
            Info(.mapping, .string("BYSLOT")), Info(.ranking, .string("SLOT")),
            Info(.binding, .string(isBound ? "CORE" : "NONE")),
            Info(.isOversubscribed, .bool(job.ranks.count > processors.count)),
            Info(.temporaryDirectory, .string(directory)),
            Info(.namespaceDirectory, .string(namespaceDirectory(job))),
            Info(.managerRemovesDirectories, .bool(true)),
        ]
        if let parent = job.parent { infos.append(Info(.parentID, .proc(parent))) }
        infos += job.description.stops
        infos += programInfos(job)
        let places = isBound ? Places() : nil
        infos += job.ranks.map { Info(.procData, .infos(rankInfos($0, places))) }
        return infos
    }

    private func programInfos(_ job: HostedJob) -> [Info] {
        var first = 0
        return job.description.programs.enumerated().map { place, program in
            defer { first += program.count }
            return Info(
                .appArray,
                .infos([
                    Info(.appNumber, .uint32(UInt32(clamping: place))),
                    Info(.appSize, .uint32(UInt32(clamping: program.count))),
                    Info(.appLeader, .rank(Rank(UInt32(clamping: first)))),
                    Info(.workingDirectory, .string(program.directory ?? System.directory)),
                    Info(.appArguments, .string(.joined(program.arguments, separator: UInt8(ascii: " ")))),
                ]))
        }
    }

    private func rankInfos(_ rank: HostedRank, _ places: Places?) -> [Info] {
        let number = rank.proc.rank
        var infos: [Info] = [
            Info(.rank, .rank(number)), Info(.appNumber, .uint32(UInt32(clamping: rank.program))),
            Info(.appRank, .rank(Rank(UInt32(clamping: rank.position)))),
            Info(.globalRank, .rank(Rank(UInt32(clamping: rank.job.offset + rank.localRank)))),
            Info(.localRank, .uint16(UInt16(clamping: rank.localRank))),
            Info(.nodeRank, .uint16(UInt16(clamping: rank.job.offset + rank.localRank))),
            Info(.nodeID, .uint32(0)), Info(.hostname, .string(hostname)), Info(.reincarnation, .uint32(0)),
            Info(.processDirectory, .string(processDirectory(rank))),
        ]
        // Asked of the job by some, of the process by others.
        if let parent = rank.job.parent { infos.append(Info(.parentID, .proc(parent))) }
        if let places, let core = processors.core(of: rank.job.offset + rank.localRank) {
            infos.append(Info(.processorSet, .string(Processors.list(core))))
            if let locality = places.locality(of: core) { infos.append(Info(.localityString, .string(locality))) }
        }
        return infos
    }
}
