// What /proc tells of processes of this machine: whose rank one is, and what it runs.
import Bytes
import CLibc
import PMIxWire

struct RunningProcess {
    let pid: UInt32

    /// The program's name, as `ps` has it.
    var command: String? {
        guard let line = procContents(of: "/proc/\(pid)/comm", atMost: 64) else { return nil }
        return String(decoding: line.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    }

    var program: String? { resolved("/proc/\(pid)/exe") }

    /// Open MPI 4's mpirun or one of its daemons. It notes a tool as a job of its own before it refuses it, and then waits
    /// for that job for ever; with OpenPMIx's library it crashes.
    var isOpenMPI4: Bool {
        guard let name = program?.split(separator: "/").last else { return false }
        return name == "orterun" || name == "orted"
    }

    private var environment: [Text] {
        (procContents(of: "/proc/\(pid)/environ") ?? []).split(separator: 0).map { Text(Array($0)) }
    }

    private func value(_ name: Text, in environment: [Text]) -> Text? {
        let beginning = name + "="
        return environment.first { $0.hasPrefix(beginning) }.map { Text(Array($0.bytes[beginning.count...])) }
    }

    /// The address of the server that has started it.
    var serverAddress: Text? {
        let environment = environment
        return Dialect.uriVariables.lazy.compactMap { value($0.variable, in: environment) }.first
    }

    private var proc: Proc? {
        let environment = environment
        guard let nspace = value("PMIX_NAMESPACE", in: environment),
            let rank = value("PMIX_RANK", in: environment)?.decimal.flatMap({ UInt32(exactly: $0) })
        else { return nil }
        return Proc(nspace, Rank(rank))
    }

    /// The ranks of this machine by their names. What a rank has started has its environment, but is younger.
    static func ranks() -> [Proc: RunningProcess] {
        var found: [Proc: RunningProcess] = [:]
        let all = entries(of: "/proc").compactMap { UInt32($0) }.sorted()
        for one in all.map({ RunningProcess(pid: $0) }) {
            if let proc = one.proc, found[proc] == nil { found[proc] = one }
        }
        return found
    }
}
