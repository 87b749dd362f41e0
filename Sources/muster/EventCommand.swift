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
            says no, 2 if there is none.
            """)

    @OptionGroup var choice: ServerChoice

    @Flag(help: "Raise the event.")
    var send = false

    @Option(help: ArgumentHelp("Who is to hear of it: local, session or global.", valueName: "RANGE"))
    var range = "session"

    @Option(help: ArgumentHelp("End after so many events.", valueName: "N"))
    var count: Int?

    @Option(help: ArgumentHelp("End after so many seconds; 1 if there was none.", valueName: "SECONDS"))
    var timeout: Double?

    @Argument(help: "Which events.")
    var codes: [String] = []

    private static let ranges: [String: DataRange] = ["local": .local, "session": .session, "global": .global]

    func validate() throws {
        if send && codes.count != 1 { throw ValidationError("--send raises one event: give its code") }
        guard EventCommand.ranges[range] != nil else {
            throw ValidationError("\(range) is no range: local, session or global")
        }
        for code in codes where EventCommand.status(code) == nil {
            throw ValidationError("\(code) is no event: a constant's name or a number is wanted")
        }
    }

    private static func status(_ code: String) -> Status? {
        if let number = Int32(code) { return Status(rawValue: number) }
        for name in [code, "PMIX_" + code] {
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
        let end = timeout.map { DispatchTime.now() + $0 } ?? .distantFuture
        var left = count ?? Int.max
        while left > 0 {
            if heard.wait(timeout: end) == .timedOut { throw left == count ?? Int.max ? Outcome.refused : ExitCode(0) }
            left -= 1
        }
    }

    private func raise(_ status: Status, _ server: Conversation) throws {
        let event = Event(
            status, source: server.client.identity, range: EventCommand.ranges[range] ?? .session, infos: [])
        let outcome = wait { server.client.notify(event, $0) }
        guard outcome == .success || outcome == .operationSucceeded else {
            complain("the event: \(outcome.words)")
            throw Outcome.refused
        }
    }

    private func listen(_ statuses: [Status], _ server: Conversation, _ heard: @escaping () -> Void) throws {
        let body: EventHandlers.Body = { invocation in
            EventCommand.show(invocation.event)
            invocation.complete(.success, [])
            heard()
        }
        let outcome = wait { done in server.client.register(statuses, [], body) { status, _ in done(status) } }
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
