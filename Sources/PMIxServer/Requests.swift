import Bytes
import PMIxWire

// Requests that are passed to the host as they are. Where the host has no such function the answer is NOT_SUPPORTED.
extension Server {
    // MARK: Logging

    func log(_ request: Request, _ unpacker: inout Unpacker) throws(Malformed) {
        var time: UInt64 = 0
        if request.peer.release.major >= 3, case .unsigned(let seconds) = try unpacker.one(.time) { time = seconds }
        let data = try unpacker.infos()
        var directives = try unpacker.infos()
        guard let log = host.log else { return request.reply(.notSupported) }
        directives.append(Info(.logSource, .proc(request.proc)))
        if time > 0 { directives.append(Info(.logTimestamp, Value(.time, .unsigned(time)))) }
        ask({ done in
            log(request.proc, data, directives, done)
            return .success
        }) { request.reply($0) }
    }

    // MARK: Resources and jobs

    /// Directives to clean up after a process are for this server; all others are for the host.
    func jobControl(_ request: Request, _ unpacker: inout Unpacker) throws(Malformed) {
        let targets = try unpacker.procs()
        let directives = try unpacker.infos()
        if Cleanup.isMeant(by: directives) {
            request.reply(registerCleanup(request.peer, targets, directives))
            return
        }
        guard let jobControl = host.jobControl else { return request.reply(.notSupported) }
        ask({ jobControl(request.proc, targets, directives, $0) }) { request.reply($0, $1) }
    }

    func monitor(_ request: Request, _ unpacker: inout Unpacker) throws(Malformed) {
        let subject = try unpacker.info()
        let code = try unpacker.status()
        let directives = try unpacker.infos()
        if let status = startMonitor(request.peer, subject, code, directives) { return request.reply(status) }
        guard let monitor = host.monitor else { return request.reply(.notSupported) }
        ask({ monitor(request.proc, subject, code, directives, $0) }) { request.reply($0, $1) }
    }
}
