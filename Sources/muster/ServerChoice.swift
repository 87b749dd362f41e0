// Which server a command for people talks to, and the conversation with it.
import ArgumentParser
import Bytes
import CLibc
import CPMIx
import PMIxABI
import PMIxClient
import PMIxWire

/// Exit status of the commands that ask a server: 0 answered, 1 the answer is no, 2 no server.
enum Outcome {
    static let refused = ExitCode(1)
    static let unreachable = ExitCode(2)
}

struct ServerChoice: ParsableArguments {
    @Option(help: ArgumentHelp("The server in this process.", valueName: "PID"))
    var pid: UInt32?

    @Option(help: ArgumentHelp("The server at this address, or in this file (file:PATH).", valueName: "URI"))
    var uri: String?

    @Option(help: ArgumentHelp("The server of this name.", valueName: "NAME"))
    var server: String?

    @Flag(help: "The server of the whole machine.")
    var system = false

    func validate() throws {
        let ways = [pid != nil, uri != nil, server != nil, system]
        guard ways.filter({ $0 }).count < 2 else {
            throw ValidationError("only one of --pid, --uri, --server and --system says which server is meant")
        }
    }

    private var directives: [Info] {
        if let pid { return [Info("pmix.srvr.pidinfo", Value(.pid, .unsigned(UInt64(pid))))] }
        if let uri { return [Info("pmix.srvr.uri", .string(Text(uri)))] }
        if let server { return [Info("pmix.srv.nspace", .string(Text(server)))] }
        if system { return [Info("pmix.cnct.sys", .bool(true))] }
        return []
    }

    private var words: String {
        if let pid { return "the server in process \(pid)" }
        if let uri { return "the server \(uri)" }
        if let server { return "the server \(server)" }
        return system ? "the server of this machine" : "a server"
    }

    /// Connected as a tool. What was tried and did not work is said before the command ends.
    func connect() throws -> Conversation {
        nameTraceInWords()
        var said: [String] = []
        Trace.listener = { said.append($0) }
        defer { Trace.listener = nil }
        do throws(Status) {
            return Conversation(try Tool(directives).start(adopting: nil, startsThread: true))
        } catch {
            if let conversation = try onlyOne(error) { return conversation }
            complain("cannot reach \(words): \(error.words)")
            for line in said { complain("  " + line) }
            if let pid { hint(pid) }
            throw Outcome.unreachable
        }
    }

    /// Of several servers nearby there may be one that is still alive.
    private func onlyOne(_ error: Status) throws -> Conversation? {
        guard directives.isEmpty, error == .unreachable else { return nil }
        var alive: [(Conversation, String)] = []
        for one in Tool.nearby([]).prefix(64) {
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
        guard let name = command(of: pid) else { return complain("  there is no process \(pid) here") }
        complain("  process \(pid) is \(name)")
        if name == "slurmstepd" {
            complain("  Slurm's steps leave no word for tools")
        } else if name == "orted" || name == "orterun" || name == "mpirun" {
            complain(
                "  Open MPI 4 leaves word for tools only with --mca pmix_session_server 1, and refuses them even then")
        }
    }

    private func command(of pid: UInt32) -> String? {
        guard let line = procContents(of: "/proc/\(pid)/comm", atMost: 64) else { return nil }
        return String(decoding: line.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
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
        return names.filter { !$0.isEmpty }
    }

    /// The processes of a job, by rank; nothing from a server that does not tell.
    func processes(of job: Namespace) throws(Status) -> [ProcInfo] {
        for key in ["pmix.qry.ptable", "pmix.qry.lptable"] as [Key] {
            let answer = try ask([key], about: [Info(.nspace, .string(job))])
            guard case .array(let table) = answer.first?.value.content else { continue }
            let found = table.elements.compactMap { if case .procInfo(let info) = $0 { info } else { nil } }
            if !found.isEmpty { return found.sorted { $0.proc.rank.rawValue < $1.proc.rank.rawValue } }
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
