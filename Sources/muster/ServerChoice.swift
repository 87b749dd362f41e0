// Which server a command for people talks to, and the conversation with it.
import ArgumentParser
import Bytes
import CLibc
import CPMIx
import Dispatch
import PMIxABI
import PMIxClient
import PMIxServer
import PMIxWire

/// Exit status of the commands that ask a server: 0 answered, 1 the answer is no, 2 no server, 124 no answer in time.
enum Outcome {
    static let refused = ExitCode(1)
    static let unreachable = ExitCode(2)
}

struct ServerChoice: ParsableArguments {
    @Option(help: ArgumentHelp("The server in this process, or that of the rank that it is.", valueName: "PID"))
    var pid: UInt32?

    @Option(help: ArgumentHelp("The server at this address, or in this file (file:PATH).", valueName: "URI"))
    var uri: String?

    @Option(help: ArgumentHelp("The server of this name.", valueName: "NAME"))
    var server: String?

    @Flag(help: "The server of the whole machine.")
    var system = false

    @Flag(help: "The server of the whole machine if there is one, else as without this.")
    var systemFirst = false

    @Option(help: ArgumentHelp("How long the server may take to answer; 0 is for ever.", valueName: "SECONDS"))
    var timeout: UInt32 = 30

    func validate() throws {
        let ways = [pid != nil, uri != nil, server != nil, system, systemFirst]
        guard ways.filter({ $0 }).count < 2 else {
            throw ValidationError(
                "only one of --pid, --uri, --server, --system and --system-first says which server is meant")
        }
    }

    /// Ends the command when the server has not answered in time.
    private func begin(allowing more: UInt32) {
        guard timeout > 0 else { return }
        let seconds = Double(timeout) + Double(more)
        let (words, time) = (words, timeout)
        DispatchQueue.global().asyncAfter(deadline: .now() + seconds) {
            if ServerChoice.isAnswered { return }
            complain("no answer from \(words) in \(time) s")
            CLibc.exit(124)
        }
    }

    /// From now on it may take as long as it likes.
    static func answered() { isAnswered = true }
    nonisolated(unsafe) private static var isAnswered = false

    private var directives: [Info] {
        if let pid { return [Info("pmix.srvr.pidinfo", Value(.pid, .unsigned(UInt64(pid))))] }
        if let uri { return [Info("pmix.srvr.uri", .string(Text(uri)))] }
        if let server { return [Info("pmix.srv.nspace", .string(Text(server)))] }
        if system { return [Info("pmix.cnct.sys", .bool(true))] }
        if systemFirst { return [Info("pmix.cnct.sys.first", .bool(true))] }
        return []
    }

    private var words: String {
        if let pid { return "the server in process \(pid)" }
        if let uri { return "the server \(uri)" }
        if let server { return "the server \(server)" }
        return system ? "the server of this machine" : "a server"
    }

    /// Connected as a tool. What was tried and did not work is said before the command ends.
    func connect(allowing more: UInt32 = 0) throws -> Conversation {
        nameTraceInWords()
        begin(allowing: more)
        var said: [String] = []
        Trace.listener = { said.append($0) }
        defer { Trace.listener = nil }
        if let pid, RunningProcess(pid: pid).isOpenMPI4 {
            complain("cannot reach \(words): it takes no tools")
            hint(pid)
            throw Outcome.unreachable
        }
        do throws(Status) {
            let tool = try Tool(looksAround ? directives + safeOnes() : directives)
            return Conversation(try tool.start(adopting: nil, startsThread: true))
        } catch {
            if let conversation = try onlyOne(error) ?? serverOfRank() { return conversation }
            complain("cannot reach \(words): \(error.words)")
            for line in said { complain("  " + line) }
            if let pid { hint(pid) }
            throw Outcome.unreachable
        }
    }

    private var looksAround: Bool {
        directives.isEmpty && !Dialect.uriVariables.contains { environmentValue($0.variable.description) != nil }
    }

    /// Servers nearby that a knock does no harm to.
    private var harmless: [(address: Text, path: Text)] {
        Tool.nearby([]).filter { one in
            let lines = (contents(of: one.path.description) ?? []).split(separator: UInt8(ascii: "\n"))
            guard lines.count > 2, let pid = UInt32(String(decoding: lines[2], as: UTF8.self)) else { return true }
            return !RunningProcess(pid: pid).isOpenMPI4
        }
    }

    /// The library would knock at the only one there is, whoever it is.
    private func safeOnes() throws(Status) -> [Info] {
        let (all, safe) = (Tool.nearby([]).count, harmless)
        if safe.count == all { return [] }
        guard safe.count == 1 else {
            Trace.say("Open MPI 4's mpirun takes no tools, and would not end after one had knocked")
            throw .unreachable
        }
        return [Info("pmix.srvr.uri", .string(safe[0].address))]
    }

    /// A rank's environment says where its server is. Where the host has no function for tools, those that name themselves are
    /// let in.
    private func serverOfRank() -> Conversation? {
        guard let pid, let address = RunningProcess(pid: pid).serverAddress else { return nil }
        let infos = [
            Info("pmix.srvr.uri", .string(address)),
            Info("pmix.tool.nspace", .string(Text("muster-tool-\(getpid())"))), Info("pmix.tool.rank", .rank(Rank(0))),
        ]
        return (try? Tool(infos).start(adopting: nil, startsThread: true)).map { Conversation($0) }
    }

    /// Of several servers nearby there may be one that is still alive.
    private func onlyOne(_ error: Status) throws -> Conversation? {
        guard directives.isEmpty, error == .unreachable else { return nil }
        var alive: [(Conversation, String)] = []
        for one in harmless.prefix(64) {
            let target = [Info("pmix.srvr.uri", .string(one.address))]
            guard let client = try? Tool(target).start(adopting: nil, startsThread: true) else { continue }
            alive.append((Conversation(client), "\(one.address.description) (\(one.path.description))"))
        }
        if alive.count < 2 { return alive.first?.0 }
        complain("there are several servers: say with --uri, --pid or --server which one is meant")
        for one in alive { complain("  " + one.1) }
        throw Outcome.unreachable
    }

    /// Hosts that are known not to let tools in unless they are told to.
    private func hint(_ pid: UInt32) {
        let process = RunningProcess(pid: pid)
        guard let name = process.command else { return complain("  there is no process \(pid) here") }
        complain("  process \(pid) is \(name)")
        if name == "slurmstepd" {
            complain("  Slurm's steps leave no word for tools: name the process of a rank")
        } else if process.isOpenMPI4 {
            complain("  Open MPI 4 refuses all tools, and does not end after one has knocked")
        }
    }
}

func complain(_ line: String) {
    let bytes = Array("muster: \(line)\n".utf8)
    _ = bytes.withUnsafeBytes { write(2, $0.baseAddress, $0.count) }
}

extension Status {
    /// The name that headers have for it.
    var words: String {
        guard let name = PMIx_Error_string(rawValue) else { return "status \(rawValue)" }
        return String(cString: name)
    }
}

/// A server that has let us in.
final class Conversation {
    let client: Client

    init(_ client: Client) {
        self.client = client
    }

    deinit {
        client.finalize()
    }

    /// What a server finds is not always all that was asked for; nothing at all is an empty answer.
    func ask(_ keys: [Key], about qualifiers: [Info] = []) throws(Status) -> [Info] {
        do throws(Status) {
            return try client.perform(client.query([Query(keys: keys, qualifiers: qualifiers)])).infos
        } catch {
            if error == .notFound || error == .notSupported { return [] }
            throw error
        }
    }

    /// Nothing where nothing is published.
    func find(_ key: Key, _ directives: [Info]) throws(Status) -> [PublishedValue] {
        do throws(Status) {
            return try client.perform(client.lookup([key], directives)).filter { $0.value.type != .undefined }
        } catch {
            if error == .notFound || error == .timeout { return [] }
            throw error
        }
    }

    func jobs() throws(Status) -> [Namespace] {
        let answer = try ask(["pmix.qry.ns"])
        let names = answer.first?.value.asText?.split(UInt8(ascii: ",")) ?? []
        if !names.isEmpty { return names.filter { !$0.isEmpty } }
        let known = try ask([.serverProcesses]).flatMap { Conversation.table($0.value) }
        return Set(known.map { $0.proc.nspace }).sorted { $0.description < $1.description }
    }

    private static func table(_ value: Value) -> [ProcInfo] {
        guard case .array(let table) = value.content else { return [] }
        return table.elements.compactMap { if case .procInfo(let info) = $0 { info } else { nil } }
    }

    /// What a host does not tell of processes of this machine can be seen.
    private lazy var visible = RunningProcess.ranks()

    private func complete(_ info: ProcInfo) -> ProcInfo {
        guard info.pid == 0, let seen = visible[info.proc] else { return info }
        var info = info
        info.pid = seen.pid
        if info.executable == nil { info.executable = seen.program.map { Text($0) } }
        return info
    }

    /// The processes of a job, by rank; nothing from a server that does not tell.
    func processes(of job: Namespace) throws(Status) -> [ProcInfo] {
        for key in ["pmix.qry.ptable", "pmix.qry.lptable", .serverProcesses] as [Key] {
            let answer = try ask([key], about: [Info(.nspace, .string(job))])
            let found = answer.first.map { Conversation.table($0.value) } ?? []
            if !found.isEmpty {
                return found.sorted { $0.proc.rank.rawValue < $1.proc.rank.rawValue }.map { complete($0) }
            }
        }
        return []
    }
}

/// Runs what asks a server; what the server says no to is said, with the status to end with.
func asking<Answer>(_ what: String, _ ask: () throws(Status) -> Answer) throws -> Answer {
    do throws(Status) {
        return try ask()
    } catch {
        complain("\(what): \(error.words)")
        throw Outcome.refused
    }
}
