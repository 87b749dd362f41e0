// `muster status`: what the processes of a running job wait for, and for whom.
import ArgumentParser
import Bytes
import PMIxClient
import PMIxServer
import PMIxWire

struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Tell what the processes of a running job wait for: who has arrived, and who is missing.",
        discussion: """
            Every fence, connect, disconnect and group that has begun and not ended is shown with the seconds since the \
            first process called, and with the processes of its node that have not. The server is found as every PMIx \
            tool finds it. The exit status is 0, 1 if the server does not tell, 2 if there is none, 124 if it does not \
            answer in time.
            """)

    @OptionGroup var choice: ServerChoice

    @Option(help: ArgumentHelp("Only what this job waits in.", valueName: "NSPACE"))
    var job: String?

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        let server = try choice.connect()
        let qualifiers = job.map { [Info(.nspace, .string(Text($0)))] } ?? []
        let answer = try asking("what the processes wait for") { () throws(Status) in
            try server.ask([.pending], about: qualifiers)
        }
        guard let collectives = answer[.pending]?.asInfos else {
            complain("this server does not tell what its processes wait for: only Muster's do")
            throw Outcome.refused
        }
        if json {
            let objects = collectives.map { JSON.object($0.value.asInfos ?? []) }
            return print("[" + objects.joined(separator: ", ") + "]")
        }
        let jobs = try asking("the jobs") { () throws(Status) in try server.jobs() }
        for name in jobs where job == nil || job == name.description {
            let processes = try asking("the processes of \(name.description)") { () throws(Status) in
                try server.processes(of: name)
            }
            print("\(name.description): \(summary(processes))")
        }
        if collectives.isEmpty { return print("nobody waits for anybody") }
        for collective in collectives { try report(collective.value.asInfos ?? [], server) }
    }

    private func summary(_ processes: [ProcInfo]) -> String {
        var counts: [(state: String, count: Int)] = []
        for one in processes {
            if let place = counts.firstIndex(where: { $0.state == one.stateName }) {
                counts[place].count += 1
            } else {
                counts.append((one.stateName, 1))
            }
        }
        let states = counts.map { "\($0.count) \($0.state)" }.joined(separator: ", ")
        return "\(processes.count) process\(processes.count == 1 ? "" : "es")" + (states.isEmpty ? "" : ": " + states)
    }

    private func report(_ infos: [Info], _ server: Conversation) throws {
        let operation = infos[.pendingOperation]?.asText?.description ?? "?"
        let group = infos[.groupName]?.asText.map { " " + printable($0.description) } ?? ""
        let procs = Value.list(infos[.pendingProcs])
        let elsewhere = infos[.pendingElsewhere]?.asUnsigned ?? 0
        let arrived = infos[.pendingArrived]?.asProcs ?? []
        let missing = infos[.pendingMissing]?.asProcs ?? []
        let seconds = infos[.pendingSeconds]?.asUnsigned ?? 0
        print("\(operation)\(group) of \(procs), for \(seconds) s")
        print("    here: \(arrived.isEmpty ? "nobody" : Value.list(.procs(arrived)))")
        if infos.isTrue(.pendingAtHost) {
            print("    all of this node have called: waiting for the host and other nodes")
        }
        for proc in missing { print("    missing: \(try describe(proc, server))") }
        if elsewhere > 0 { print("    elsewhere: \(elsewhere) on other nodes, whose servers know of them") }
    }

    private func describe(_ proc: Proc, _ server: Conversation) throws -> String {
        if proc.rank == .wildcard { return "\(proc.description), whose processes have not all been announced" }
        let table = try asking("the processes of \(proc.nspace.description)") { () throws(Status) in
            try server.processes(of: proc.nspace)
        }
        guard let one = table.first(where: { $0.proc == proc }) else { return proc.description }
        let program = one.executable.map { $0.description + ", " } ?? ""
        let process = one.pid > 0 ? "pid \(one.pid)" : "a process"
        let host = one.host.map { " on " + $0.description } ?? ""
        return printable("\(proc.description) (\(program)\(process)\(host), \(one.stateName))")
    }
}

extension Value {
    /// Processes as people write them.
    fileprivate static func list(_ value: Value?) -> String {
        let procs = value?.asProcs ?? []
        return procs.map { $0.rank == .wildcard ? $0.nspace.description + ":*" : $0.description }.joined(separator: " ")
    }
}
