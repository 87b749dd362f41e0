import Bytes
import PMIxWire
import Sockets

// What a collecting fence carries between nodes: each server hands its host what its ranks show, and the host brings
// back what all servers handed in.
extension Server {
    /// What the callers show to other nodes. Ranks are numbered through all the namespaces taking part.
    func contribution(_ collective: Collective) -> [UInt8] {
        var ranks: [(relative: UInt32, pairs: [KeyValue])] = []
        var written: Set<Proc> = []
        let offsets = rankOffsets(collective)
        for caller in collective.callers {
            guard let member = caller.peer.member, let offset = offsets[member.proc.nspace],
                written.insert(member.proc).inserted
            else { continue }
            ranks.append((offset &+ member.proc.rank.rawValue, member.remote.table.entries))
        }
        return ModexBlob.write(ranks: ranks)
    }

    private func rankOffsets(_ collective: Collective) -> [Namespace: UInt32] {
        var offsets: [Namespace: UInt32] = [:]
        var next: UInt32 = 0
        for proc in collective.name.procs where offsets[proc.nspace] == nil {
            offsets[proc.nspace] = next
            next &+= jobs[proc.nspace]?.data.jobSize ?? 0
        }
        return offsets
    }

    /// Keeps what the servers of all nodes have shown. Ranks of this node are known better here.
    func takeIn(_ data: [UInt8], _ collective: Collective) -> Status {
        let contributions: [ModexBlob.Contribution]
        do throws(Malformed) {
            contributions = try ModexBlob.read(data)
        } catch {
            return Status(error)
        }
        let offsets = rankOffsets(collective)
        lock.withLock {
            for contribution in contributions {
                guard let proc = owner(contribution.owner, offsets), let job = jobs[proc.nspace],
                    job.members[proc.rank] == nil
                else { continue }
                job.imported[proc.rank, default: Shown(proc)].add(contribution.pairs)
            }
        }
        for proc in gets.keys where collective.includes(proc) { reconsiderGets(of: proc) }
        return .success
    }

    private func owner(_ owner: ModexBlob.Owner, _ offsets: [Namespace: UInt32]) -> Proc? {
        switch owner {
        case .proc(let proc): return proc
        case .relative(let number):
            for (nspace, offset) in offsets where number >= offset {
                let rank = number - offset
                if rank < jobs[nspace]?.data.jobSize ?? (offsets.count == 1 ? UInt32.max : 0) {
                    return Proc(nspace, Rank(rank))
                }
            }
            return nil
        }
    }
}
