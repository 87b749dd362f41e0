import Bytes
import PMIxWire

// Resources, sessions and fabrics are the host's. Each is asked for by peers and by the server's own process, in the same
// way; without such a function in the host the answer is NOT_SUPPORTED. Peers' on the loop; this process's own on the thread
// that asks, which touches no state of the server.
extension Server {
    public func allocate(
        _ directive: UInt8, _ infos: [Info], for proc: Proc, _ done: @escaping Host.DoneWithInfos
    ) {
        guard let allocate = host.allocate else { return done(.notSupported, []) }
        ask({ allocate(proc, directive, infos, $0) }, done)
    }

    public func controlSession(
        _ session: UInt32, _ infos: [Info], for proc: Proc, _ done: @escaping Host.DoneWithInfos
    ) {
        guard let control = host.controlSession else { return done(.notSupported, []) }
        ask({ control(proc, session, infos, $0) }, done)
    }

    public func resourceBlock(
        _ directive: UInt8, _ name: Text?, _ units: [ResourceUnit], _ infos: [Info], for proc: Proc,
        _ done: @escaping Host.Done
    ) {
        guard let block = host.resourceBlock else { return done(.notSupported) }
        ask({ block(proc, directive, name, units, infos, $0) }, done)
    }

    public func registerFabric(_ infos: [Info], for proc: Proc, _ done: @escaping Host.DoneWithInfos) {
        guard let fabric = host.fabric else { return done(.notSupported, []) }
        ask({ fabric(proc, false, infos, $0) }, done)
    }

    /// The host knows the fabric by the index that the registration told.
    public func updateFabric(_ index: UInt64, for proc: Proc, _ done: @escaping Host.DoneWithInfos) {
        guard let fabric = host.fabric else { return done(.notSupported, []) }
        let infos = [Info(.fabricIndex, Value(.size, .unsigned(index)))]
        ask({ fabric(proc, true, infos, $0) }, done)
    }

    // MARK: Peers' requests

    func allocate(_ request: Request, _ unpacker: inout Unpacker) throws(Malformed) {
        let directive = try unpacker.byte(.allocDirective)
        let infos = try unpacker.infos()
        allocate(directive, infos, for: request.proc) { request.answer(with: $0, $1) }
    }

    func performForHost(_ command: Command, _ request: Request, _ unpacker: inout Unpacker) throws(Malformed) {
        switch command {
        case .sessionControl:
            let session = try unpacker.uint32()
            let infos = try unpacker.infos()
            controlSession(session, infos, for: request.proc) { request.answer(with: $0, $1) }
        case .resourceBlock: try resourceBlock(request, &unpacker)
        case .registerFabric:
            let infos = try unpacker.infos()
            registerFabric(infos, for: request.proc) { request.answer(with: $0, $1) }
        case .updateFabric:
            let index = try unpacker.size()
            updateFabric(index, for: request.proc) { request.answer(with: $0, $1) }
        case .deviceDistances: try deviceDistances(request, &unpacker)
        default: request.reply(.notSupported)
        }
    }

    private func resourceBlock(_ request: Request, _ unpacker: inout Unpacker) throws(Malformed) {
        let directive = try unpacker.byte(.resourceBlockDirective)
        let name = try unpacker.string()
        let units = try unpacker.list(.resourceUnit).compactMap { content in
            if case .resourceUnit(let type, let count) = content { ResourceUnit(type: type, count: count) } else { nil }
        }
        let infos = try unpacker.infos()
        resourceBlock(directive, name, units, infos, for: request.proc) { request.reply($0) }
    }

    private func deviceDistances(_ request: Request, _ unpacker: inout Unpacker) throws(Malformed) {
        guard case .topology(let topology) = try unpacker.one(.topology) else { throw .type(0) }
        guard case .text(let list) = try unpacker.one(.cpuset) else { throw .type(0) }
        let infos = try unpacker.infos()
        guard let onDistances else { return request.reply(.notSupported) }
        do throws(Status) {
            let found = try onDistances(topology, list, infos)
            if found.isEmpty { throw .notFound }
            var answer = request.answer(.success)
            answer.list(.deviceDistance, found.map { .distance($0) })
            request.reply(answer)
        } catch {
            request.reply(error)
        }
    }
}
