// `muster ps`, `muster query`, `muster lookup`: questions to a running job's server.
import ArgumentParser
import Bytes
import PMIxABI
import PMIxClient
import PMIxWire

struct ProcessesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ps",
        abstract: "List the jobs of a server, and their processes.",
        discussion: """
            Of a host that answers no queries the processes of its node are told, as far as Muster's server knows them. \
            The exit status is 0, 1 if the server does not tell, 2 if there is none, 124 if it does not answer in time.
            """)

    @OptionGroup var choice: ServerChoice

    @Option(help: ArgumentHelp("Only this job.", valueName: "NSPACE"))
    var job: String?

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        let server = try choice.connect()
        let jobs = try asking("the jobs") { () throws(Status) in try server.jobs() }
        var found: [(job: Namespace, processes: [ProcInfo])] = []
        for name in jobs where job == nil || job == name.description {
            let processes = try asking("the processes of \(name.description)") { () throws(Status) in
                try server.processes(of: name)
            }
            found.append((name, processes))
        }
        guard !found.isEmpty else {
            complain(job.map { "the server knows no job \($0)" } ?? "the server names no jobs")
            throw Outcome.refused
        }
        if json { return print("[" + found.flatMap { $0.processes }.map { $0.json }.joined(separator: ", ") + "]") }
        var rows = [["JOB", "RANK", "PID", "HOST", "STATE", "PROGRAM"]]
        for one in found {
            if one.processes.isEmpty { rows.append([one.job.description, "-", "-", "-", "-", "-"]) }
            rows += one.processes.map { $0.cells }
        }
        show(rows.map { $0.map(printable) })
    }

    /// Columns as wide as they must be; the last is not padded.
    private func show(_ rows: [[String]]) {
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        for row in rows {
            let cells = row.enumerated().map { column, cell in
                column == row.count - 1 ? cell : cell + String(repeating: " ", count: widths[column] - cell.count)
            }
            print(cells.joined(separator: "  "))
        }
    }
}

struct QueryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "query",
        abstract: "Ask a server for keys.",
        discussion: """
            A KEY is the name of a constant (PMIX_JOB_SIZE), with or without PMIX_, or what it stands for (pmix.job.size). \
            Without keys, the keys that the server answers are asked for. --functions and --attributes ask what is \
            supported. The exit status is 0 when everything was answered, 1 when something was not, 2 when there is no \
            server, 124 when it does not answer in time.
            """)

    @OptionGroup var choice: ServerChoice

    @Option(help: ArgumentHelp("About this job.", valueName: "NSPACE"))
    var job: String?

    @Option(help: ArgumentHelp("About this rank.", valueName: "N"))
    var rank: UInt32?

    @Option(
        name: .long, parsing: .singleValue,
        help: ArgumentHelp("Narrow the question; without a value, a flag.", valueName: "KEY[=VALUE]"))
    var qualifier: [String] = []

    @Option(help: ArgumentHelp("Which functions there are: client, server, tool or host.", valueName: "LEVEL"))
    var functions: Level?

    @Option(help: ArgumentHelp("Which attributes a function takes, on all levels.", valueName: "FUNCTION|all"))
    var attributes: String?

    @Flag(help: "Have the server ask anew rather than tell what it knows.")
    var refresh = false

    @Flag(help: "Print JSON.")
    var json = false

    @Argument(help: "What to ask for.")
    var keys: [String] = []

    enum Level: String, CaseIterable, ExpressibleByArgument {
        case client, server, tool, host

        var word: String { self == .server ? "srvr" : rawValue }
    }

    /// What is supported is asked for by qualifiers alone.
    private var aboutSupport: [[Info]] {
        var questions: [[Info]] = []
        if let functions { questions.append([Info(Text("pmix.\(functions.word).fns"), .bool(true))]) }
        if let attributes {
            questions.append(Level.allCases.map { Info(Text("pmix.\($0.word).attrs"), .string(Text(attributes))) })
        }
        return questions
    }

    func run() throws {
        let server = try choice.connect()
        var qualifiers = qualifier.map { info(given: $0) }
        if let job { qualifiers.append(Info(.nspace, .string(Text(job)))) }
        if let rank { qualifiers.append(Info(.rank, .rank(Rank(rank)))) }
        if refresh { qualifiers.append(Info("pmix.qry.rfsh", .bool(true))) }
        let support = aboutSupport
        let isBare = keys.isEmpty && support.isEmpty
        let wanted = isBare ? [key(named: "PMIX_QUERY_SUPPORTED_KEYS")] : keys.map { key(named: $0) }
        var answers: [Info] = []
        for question in support {
            let here = attributeSupport(Query(keys: ["pmix.qry.attrs"], qualifiers: question), ofServer: false)
            let found =
                here
                + (try asking("what is supported") { () throws(Status) in
                    try server.ask(["pmix.qry.attrs"], about: question)
                })
            if found.isEmpty { complain("what is supported: the server does not know") }
            answers += found
        }
        // One by one: a server that does not know one of several may refuse them all.
        for key in wanted {
            let found = try asking(name(of: key)) { () throws(Status) in try server.ask([key], about: qualifiers) }
            if found.isEmpty { complain("\(name(of: key)): the server does not know") }
            answers += found
        }
        if json {
            print(JSON.object(answers))
        } else {
            for info in answers { print("\(name(of: info.key)) = \(info.value.text())") }
        }
        if answers.count < wanted.count + support.count { throw Outcome.refused }
    }
}

struct LookupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lookup",
        abstract: "Look up what processes have published.",
        discussion: """
            The exit status is 0 when every key was found, 1 when one was not, 2 when there is no server, 124 when it does \
            not answer in time.
            """)

    @OptionGroup var choice: ServerChoice

    @Option(help: ArgumentHelp("Wait until all are there, but no longer than this.", valueName: "SECONDS"))
    var wait: UInt32?

    @Option(help: ArgumentHelp("Only what was published for this range.", valueName: "local|namespace|session|global"))
    var range: Reach?

    @Flag(help: "Print JSON.")
    var json = false

    @Argument(help: "The keys, as they were published.")
    var keys: [String]

    func run() throws {
        let server = try choice.connect(allowing: wait ?? 0)
        var directives: [Info] = []
        if let wait {
            directives = [
                Info("pmix.wait", Value(.int, .signed(0))), Info(.timeout, Value(.int, .signed(Int64(wait)))),
            ]
        }
        if let range { directives.append(Info(.range, Value(.dataRange, .unsigned(UInt64(range.range.rawValue))))) }
        let wanted = keys.map { Text($0) }
        // One by one: a server that has only some may tell none of them.
        let found = try wanted.flatMap { key in
            try asking(key.description) { () throws(Status) in try server.find(key, directives) }
        }
        if json {
            print(JSON.object(found.map { Info($0.key, $0.value) }))
        } else {
            for one in found {
                print("\(printable(one.key.description)) = \(one.value.text())    (\(one.proc.description))")
            }
        }
        let missing = wanted.filter { key in !found.contains { $0.key == key } }
        for key in missing { complain("nothing is published under \(key.description)") }
        if !missing.isEmpty { throw Outcome.refused }
    }
}
