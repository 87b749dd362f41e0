import Bytes
import PMIxWire

// Requests that are passed to the host as they are. Where the host has no such function the answer is NOT_SUPPORTED.
extension Server {
    func monitor(_ request: Request, _ unpacker: inout Unpacker) throws(Malformed) {
        let subject = try unpacker.info()
        let code = try unpacker.status()
        let directives = try unpacker.infos()
        if let status = startMonitor(request.peer, subject, code, directives) { return request.reply(status) }
        guard let monitor = host.monitor else { return request.reply(.notSupported) }
        ask({ monitor(request.proc, subject, code, directives, $0) }) { request.reply($0, $1) }
    }
}
