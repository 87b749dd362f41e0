import Bytes
import CLibc
import PMIxWire
import Sockets

// What is logged here: this process's own output and errors, and the system's log. Everything else is the host's.
extension Server {
    func log(_ request: Request, _ unpacker: inout Unpacker) throws(Malformed) {
        var time: UInt64 = 0
        if request.peer.release.has(.logHasTime), case .unsigned(let seconds) = try unpacker.one(.time) {
            time = seconds
        }
        let data = try unpacker.infos()
        var directives = try unpacker.infos()
        directives.append(Info(.logSource, .proc(request.proc)))
        if time > 0 { directives.append(Info(.logTimestamp, Value(.time, .unsigned(time)))) }
        log(request.proc, data, directives) { request.reply($0) }
    }

    /// On the loop. What nobody here or there can log is an error, a partial success if there was something else.
    public func log(_ source: Proc, _ data: [Info], _ directives: [Info], done: @escaping Host.Done) {
        let rest = logHere(source, data, directives)
        let isOnce = directives.isTrue("pmix.log.once")
        let hasLogged = rest.count < data.count
        if hasLogged && (rest.isEmpty || isOnce) { return done(.success) }
        guard let log = host.log else { return done(hasLogged ? .partialSuccess : .notSupported) }
        ask({ finished in
            log(source, rest, directives, finished)
            return .success
        }) { done($0) }
    }

    /// What could not be logged here. Of texts that are to be logged once, one is.
    private func logHere(_ source: Proc, _ data: [Info], _ directives: [Info]) -> [Info] {
        let report = LogReport(source, directives)
        var isDone = false
        return data.filter { info in
            if isDone || info.flags & Info.processed != 0 { return true }
            guard let text = info.value.asText, write(text, report, info.key) else { return true }
            isDone = report.isOnce
            return false
        }
    }

    private func write(_ text: Text, _ report: LogReport, _ channel: Key) -> Bool {
        switch channel {
        case "pmix.log.stdout", "pmix.log.stderr":
            let isErrors = channel == "pmix.log.stderr"
            ownWriter().say(text, isErrors: isErrors, from: report.source, at: report.time, report.format)
        case "pmix.log.syslog", "pmix.log.lsys": report.writeToSystem(text)
        // The one log of the whole machine is where its gateway is.
        case "pmix.log.gsys" where options.isGateway: report.writeToSystem(text)
        default: return false
        }
        return true
    }
}

/// How the texts of one request are logged.
private struct LogReport {
    let source: Proc
    let format: OutputFormat
    let time: Int64?
    let isOnce: Bool
    private let priority: Int32

    init(_ source: Proc, _ directives: [Info]) {
        // A server that relays the request says whose it is.
        self.source = directives.first { $0.key == .logSource }?.value.asProc ?? source
        format = OutputFormat(log: directives)
        time = directives[.logTimestamp]?.asUnsigned.flatMap { Int64(exactly: $0) }
        isOnce = directives.isTrue("pmix.log.once")
        let given = directives["pmix.log.syspri"]?.asUnsigned ?? UInt64(LOG_ERR)
        priority = Int32(given <= UInt64(LOG_DEBUG) ? Int32(given) : LOG_ERR)
    }

    func writeToSystem(_ text: Text) {
        let name = "[" + source.nspace + ":" + Text(decimal: source.rank.rawValue) + "] "
        let moment = time.map { "[" + Text(OutputFiles.Moment(seconds: $0).text) + "] " } ?? ""
        let line = moment + name + text
        line.withCString { clibc_syslog(LOG_USER | priority, $0) }
    }
}
