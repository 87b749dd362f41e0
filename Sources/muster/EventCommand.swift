// `muster event`: hears the events of a job in words, or raises one.
import ArgumentParser
import Bytes
import CLibc
import CPMIx
import Dispatch
import PMIxClient
import PMIxWire

struct EventCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "event",
        abstract: "Print events as they come, or raise one.",
        discussion: """
            A CODE is the name of a constant (PMIX_ERR_PROC_ABORTED), with or without PMIX_, or its number. Without codes \
            every event is printed. With --send the one CODE is raised instead. The exit status is 0, 1 if the server \
            says no or no event came, 2 if there is no server, 124 if it does not answer in time.
            """)

    @OptionGroup var choice: ServerChoice

    @Flag(help: "Raise the event.")
    var send = false

    @Option(help: ArgumentHelp("Who is to hear of it.", valueName: "local|namespace|session|global"))
    var range = Reach.session

    @Option(help: ArgumentHelp("Only events about this process, or that it is about.", valueName: "NSPACE:RANK"))
    var affected: String?

    @Option(name: .long, parsing: .singleValue, help: ArgumentHelp("Send this along.", valueName: "KEY[=VALUE]"))
    var info: [String] = []

    @Flag(help: "Print JSON, a line for each event.")
    var json = false

    @Option(help: ArgumentHelp("End after so many events.", valueName: "N"))
    var count: Int?

    @Option(
        name: .customLong("for"),
        help: ArgumentHelp("End after so many seconds; 1 if there was none.", valueName: "SECONDS"))
    var seconds: Double?

    @Argument(help: "Which events.")
    var codes: [String] = []

    func validate() throws {
        if send && codes.count != 1 { throw ValidationError("--send raises one event: give its code") }
        if let affected, EventCommand.proc(affected) == nil {
            throw ValidationError("\(affected) is no process: NSPACE:RANK is wanted, or NSPACE:*")
        }
        for code in codes where EventCommand.status(code) == nil {
            throw ValidationError("\(code) is no event: a constant's name or a number is wanted")
        }
    }

    private static func proc(_ text: String) -> Proc? {
        guard let colon = text.lastIndex(of: ":") else { return nil }
        let word = text[text.index(after: colon)...]
        guard let rank = word == "*" ? Rank.wildcard : UInt32(word).map({ Rank($0) }) else { return nil }
        return Proc(Text(String(text[..<colon])), rank)
    }

    private var affectedInfos: [Info] {
        affected.flatMap { EventCommand.proc($0) }.map { [Info(.eventAffectedProc, .proc($0))] } ?? []
    }

    private static func status(_ code: String) -> Status? {
        if let number = Int32(code) { return Status(rawValue: number) }
        let upper = code.uppercased()
        for name in [code, "PMIX_" + upper, "PMIX_ERR_" + upper] {
            let found = PMIx_Error_code(name)
            if found != Int32.min { return Status(rawValue: found) }
        }
        return nil
    }

    func run() throws {
        let server = try choice.connect()
        let statuses = codes.compactMap { EventCommand.status($0) }
        if send { return try raise(statuses[0], server) }
        let heard = DispatchSemaphore(value: 0)
        try listen(statuses, server) { heard.signal() }
        ServerChoice.answered()
        let end = seconds.map { DispatchTime.now() + $0 } ?? .distantFuture
        var left = count ?? Int.max
        while left > 0 {
            if heard.wait(timeout: end) == .timedOut { throw left == count ?? Int.max ? Outcome.refused : ExitCode(0) }
            left -= 1
        }
    }

    private func raise(_ status: Status, _ server: Conversation) throws {
        let event = Event(
            status, source: server.client.identity, range: range.range,
            infos: affectedInfos + info.map { muster.info(given: $0) })
        let outcome = wait { server.client.notify(event, $0) }
        guard outcome == .success || outcome == .operationSucceeded else {
            complain("the event: \(outcome.words)")
            throw Outcome.refused
        }
    }

    private func listen(_ statuses: [Status], _ server: Conversation, _ heard: @escaping () -> Void) throws {
        let json = json
        let body: EventHandlers.Body = { invocation in
            json ? EventCommand.showJSON(invocation.event) : EventCommand.show(invocation.event)
            invocation.complete(.success, [])
            heard()
        }
        let outcome = wait { done in server.client.register(statuses, affectedInfos, body) { status, _ in done(status) }
        }
        guard outcome == .success else {
            complain("the server does not tell of events: \(outcome.words)")
            throw Outcome.refused
        }
        complain("listening")
    }

    private static func show(_ event: Event) {
        print("\(event.status.words) (\(event.status.rawValue)) from \(event.source.description)")
        for info in event.infos { print("    \(name(of: info.key)) = \(info.value.text(indent: "    "))") }
        fflush(nil)
    }

    private static func showJSON(_ event: Event) {
        let fields = [
            "\"event\": " + JSON.text(event.status.words), "\"code\": \(event.status.rawValue)",
            "\"source\": " + JSON.text(event.source.description), "\"infos\": " + JSON.object(event.infos),
        ]
        print("{" + fields.joined(separator: ", ") + "}")
        fflush(nil)
    }

    private func wait(_ begin: (@escaping (Status) -> Void) -> Void) -> Status {
        let ended = DispatchSemaphore(value: 0)
        nonisolated(unsafe) var outcome = Status.success
        begin { status in
            outcome = status
            ended.signal()
        }
        ended.wait()
        return outcome
    }
}
