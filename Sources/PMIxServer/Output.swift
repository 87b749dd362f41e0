import Bytes
import PMIxWire
import Reactor

/// Channels of forwarded output, a set of bits (`pmix_iof_channel_t`).
enum OutputChannels {
    static let output: UInt16 = 2
    static let errors: UInt16 = 4
    static let diagnostics: UInt16 = 8

    /// What the directives of a spawn ask to have forwarded to its caller. A tool that says nothing wants to see
    /// everything.
    static func forwarded(_ infos: [Info], toTool: Bool) -> UInt16 {
        var channels: UInt16 = 0
        for (key, channel) in [
            (Key.forwardOutput, output), (.forwardErrors, errors), (.forwardDiagnostics, diagnostics),
        ] where infos[key]?.asBool ?? toTool {
            channels |= channel
        }
        return channels
    }
}

/// Somebody who wants to see what processes write.
final class OutputRegistration {
    let id: UInt64
    let peer: Peer
    let sources: [Proc]
    let channels: UInt16
    /// The peer's own number for it, sent along with every delivery.
    let handler: UInt64

    init(id: UInt64, peer: Peer, sources: [Proc], channels: UInt16, handler: UInt64) {
        self.id = id
        self.peer = peer
        self.sources = sources
        self.channels = channels
        self.handler = handler
    }

    /// Nobody is shown its own output.
    func wants(_ output: Output) -> Bool {
        channels & output.channels != 0 && peer.proc != output.source && sources.contains { $0.covers(output.source) }
    }
}

struct Output {
    let source: Proc
    let channels: UInt16
    let bytes: [UInt8]
    let infos: [Info]

    func message(_ dialect: Dialect, _ release: Release, handler: UInt64) -> [UInt8] {
        var packer = Packer(dialect, reserving: bytes.count + 64)
        packer.proc(source)
        packer.one(.iofChannel, .unsigned(UInt64(channels)))
        // Release 3 has neither handlers nor infos here.
        if release.major >= 4 {
            packer.size(handler)
            packer.infos(infos)
        }
        packer.byteObject(bytes)
        return packer.bytes
    }
}

/// Who sees what, and the output nobody has asked for yet.
struct OutputRegistrations {
    private var registrations: [OutputRegistration] = []
    private var unowned: [Output] = []
    private var unownedByteCount = 0
    private var nextID: UInt64 = 0

    /// Registers, and hands over what was waiting for somebody to ask.
    @discardableResult
    mutating func add(for peer: Peer, sources: [Proc], channels: UInt16, handler: UInt64) -> UInt64 {
        let registration = reserve(for: peer, sources: sources, channels: channels, handler: handler)
        flush(to: registration)
        return registration.id
    }

    mutating func reserve(for peer: Peer, sources: [Proc], channels: UInt16, handler: UInt64) -> OutputRegistration {
        let registration = OutputRegistration(
            id: nextID, peer: peer, sources: sources, channels: channels, handler: handler)
        nextID += 1
        registrations.append(registration)
        return registration
    }

    mutating func flush(to registration: OutputRegistration) {
        let (wanted, others) = unowned.partitioned { registration.wants($0) }
        keep(others)
        for output in wanted { send(output, to: registration) }
    }

    /// A tool sees what its server itself has to say.
    mutating func addDefault(for peer: Peer, source: Proc) {
        let all = OutputChannels.output | OutputChannels.errors | OutputChannels.diagnostics
        add(for: peer, sources: [source], channels: all, handler: 0)
    }

    mutating func deliver(_ output: Output, keepingAtMost most: Int) {
        var isOwned = false
        for registration in registrations where registration.wants(output) {
            send(output, to: registration)
            isOwned = true
        }
        if isOwned || most <= 0 { return }
        // The oldest go many at a time: taking them one by one would move all the others each time.
        if unowned.count >= most { keep(Array(unowned.dropFirst(max(1, most / 8)))) }
        while unownedByteCount > OutputRegistrations.mostByteCount && !unowned.isEmpty {
            keep(Array(unowned.dropFirst(max(1, unowned.count / 8))))
        }
        unowned.append(output)
        unownedByteCount += output.bytes.count
    }

    /// Whatever the number of messages may be, no more bytes than this wait for somebody to ask.
    private static let mostByteCount = 256 << 20

    private mutating func keep(_ outputs: [Output]) {
        unowned = outputs
        unownedByteCount = outputs.reduce(0) { $0 + $1.bytes.count }
    }

    private func send(_ output: Output, to registration: OutputRegistration) {
        let peer = registration.peer
        peer.send(output.message(peer.dialect, peer.release, handler: registration.handler), tag: Tag.output)
    }

    func find(_ id: UInt64, of peer: Peer) -> OutputRegistration? {
        registrations.first { $0.id == id && $0.peer === peer }
    }

    mutating func remove(_ registration: OutputRegistration) {
        registrations.removeAll { $0 === registration }
    }

    mutating func removeAll(of peer: Peer) {
        registrations.removeAll { $0.peer === peer }
    }

    /// The job is over, and so is the interest in what it wrote.
    mutating func forget(_ nspace: Namespace) {
        keep(unowned.filter { $0.source.nspace != nspace })
    }
}

extension Server {
    /// PMIx_server_IOF_deliver: what a process wrote, for whoever asked to see it; kept for those who are about to ask.
    public func deliverOutput(
        source: Proc, channels: UInt16, bytes: [UInt8], infos: [Info], done: @escaping Host.Done
    ) {
        loop.post { [self] in
            let output = Output(source: source, channels: channels, bytes: bytes, infos: infos)
            outputs.deliver(output, keepingAtMost: options.maxCachedOutput)
            done(.success)
        }
    }

    func pullOutput(_ request: Request, _ unpacker: inout Unpacker) throws(Malformed) {
        let procs = try unpacker.procs()
        let infos = try unpacker.infos()
        guard case .unsigned(let channels) = try unpacker.one(.iofChannel) else { throw .count }
        // Release 3 servers had no handler ids, so an old client may leave it out.
        let handler = unpacker.isAtEnd ? 0 : try unpacker.size()
        guard let pull = host.pullOutput else { return request.reply(.notSupported) }
        let sources = procs.isEmpty ? [Proc(request.proc.nspace, .wildcard)] : procs
        let wanted = UInt16(truncatingIfNeeded: channels)
        let registration = outputs.reserve(for: request.peer, sources: sources, channels: wanted, handler: handler)
        ask({ pull(procs, infos, wanted, $0) }) { [self] status in
            guard status.isSuccess else {
                outputs.remove(registration)
                return request.reply(status)
            }
            var answer = request.answer(status)
            answer.size(registration.id)
            request.reply(answer)
            outputs.flush(to: registration)
        }
    }

    func deregisterOutput(_ request: Request, _ unpacker: inout Unpacker) throws(Malformed) {
        var infos = try unpacker.infos()
        let id = try unpacker.size()
        guard let registration = outputs.find(id, of: request.peer) else { return request.reply(.notFound) }
        outputs.remove(registration)
        guard let pull = host.pullOutput else { return request.reply(.success) }
        infos.append(Info(.outputStop, .bool(true)))
        ask({ pull(registration.sources, infos, registration.channels, $0) }) { request.reply($0) }
    }

    /// Input for processes. No bytes mean its end.
    func pushInput(_ request: Request, _ unpacker: inout Unpacker) throws(Malformed) {
        let targets = try unpacker.procs()
        let infos = try unpacker.infos()
        let bytes = unpacker.isAtEnd ? [] : try unpacker.byteObject()
        guard let push = host.pushInput else { return request.reply(.notSupported) }
        ask({ push(request.proc, targets, infos, bytes, $0) }) { request.reply($0) }
    }
}
