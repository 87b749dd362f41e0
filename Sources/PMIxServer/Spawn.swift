import Bytes
import PMIxWire

extension Server {
    /// SPAWN: the host starts the job. The answer names it, with its data when they are registered by then; output of
    /// the new job that came before anyone could ask for it follows.
    func spawn(_ request: Request, _ unpacker: inout Unpacker) throws(Malformed) {
        var infos = try unpacker.infos()
        let apps = try unpacker.list(.app).compactMap { if case .app(let app) = $0 { app } else { nil } }
        guard let spawn = host.spawn else { return spawned(request, .notSupported, nil, 0) }
        guard !apps.isEmpty else { return spawned(request, .badParameter, nil, 0) }
        let channels = OutputChannels.forwarded(infos, toTool: request.peer.isTool)
        infos.append(Info(request.peer.isTool ? .requestorIsTool : .requestorIsClient, .bool(true)))
        let upcall = Upcall<Namespace?>(self) { [self] status, nspace in spawned(request, status, nspace, channels) }
        upcall.returned(spawn(request.proc, infos, apps, upcall.complete), nil)
    }

    private func spawned(_ request: Request, _ status: Status, _ nspace: Namespace?, _ channels: UInt16) {
        let name = nspace.flatMap { $0.isEmpty ? nil : $0 }
        var answer = request.answer(status)
        answer.string(name)
        if status.isSuccess, let name, let job = jobs[name], job.isRegistered {
            answer.writer.append(job.jobInfo(for: request.peer))
        }
        request.reply(answer)
        if status.isSuccess, let name, channels != 0, request.peer.stage == .open {
            outputs.add(for: request.peer, sources: [Proc(name, .wildcard)], channels: channels, handler: 0)
        }
    }
}
