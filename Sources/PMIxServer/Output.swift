import Bytes
import PMIxWire
import Reactor

extension OutputChannels {
    /// What the directives of a spawn ask to have forwarded to its caller. A tool that says nothing wants to see
    /// everything.
    static func forwarded(_ infos: [Info], toTool: Bool) -> UInt16 {
        var channels: UInt16 = 0
        if infos.isTrue(.forwardInput) { channels |= input }
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
    enum Target {
        /// A peer, and its own number for the registration, sent along with every delivery.
        case peer(Peer, handler: UInt64)
        /// This server's own process.
        case own(Proc, (Output) -> Void)
    }

    let id: UInt64
    let target: Target
    let sources: [Proc]
    let channels: UInt16
    /// For those who limit what may wait; the others get everything at once.
    private let queue: OutputQueue?

    init(id: UInt64, _ target: Target, sources: [Proc], channels: UInt16, _ queue: OutputQueue?) {
        self.id = id
        self.target = target
        self.sources = sources
        self.channels = channels
        self.queue = queue
    }

    private var proc: Proc {
        switch target {
        case .peer(let peer, _): peer.proc
        case .own(let identity, _): identity
        }
    }

    func isOf(_ peer: Peer) -> Bool {
        if case .peer(let one, _) = target { one === peer } else { false }
    }

    /// Nobody is shown its own output.
    func wants(_ output: Output) -> Bool {
        channels & output.channels != 0 && proc != output.source && sources.contains { $0.covers(output.source) }
    }

    func take(_ output: Output) {
        guard let queue else { return send(output) }
        // Who reads gets everything: only what has to wait is limited.
        if !isBehind && !queue.hasRoom(output) {
            finish()
            return send(output)
        }
        queue.add(output)
        proceed()
    }

    /// What was there before it.
    func take(late outputs: [Output]) {
        guard let queue else {
            for output in outputs { send(output) }
            return
        }
        for output in outputs { queue.add(output) }
        proceed()
    }

    private var isBehind: Bool {
        if case .peer(let peer, _) = target { peer.isBehind } else { false }
    }

    /// Sends what waits, if it is time and the peer reads.
    func proceed() {
        if isBehind { return }
        // Safety: the timer is the queue's, and the queue this object's.
        let ready = queue?.ready { [unowned(unsafe) self] in proceed() } ?? []
        for output in ready { send(output) }
    }

    /// Sends what waits.
    func finish() {
        for output in queue?.all() ?? [] { send(output) }
    }

    private func send(_ output: Output) {
        switch target {
        case .peer(let peer, let handler):
            peer.send(output.message(peer.dialect, peer.release, handler: handler), tag: Tag.output)
        case .own(_, let body): body(output)
        }
    }
}

/// Who sees what, and the output nobody has asked for yet.
struct OutputRegistrations {
    private var registrations: [OutputRegistration] = []
    private var unowned: [Output] = []
    private var unownedByteCount = 0
    // A caller takes 0 for no number at all.
    private var nextID: UInt64 = 1

    /// Registers, and hands over what was waiting for somebody to ask.
    mutating func add(for peer: Peer, sources: [Proc], channels: UInt16, handler: UInt64) {
        flush(to: reserve(.peer(peer, handler: handler), sources: sources, channels: channels, nil))
    }

    /// Deliveries begin at once; `flush` brings what has waited.
    mutating func reserve(
        _ target: OutputRegistration.Target, sources: [Proc], channels: UInt16, _ queue: OutputQueue?
    ) -> OutputRegistration {
        let registration = OutputRegistration(id: nextID, target, sources: sources, channels: channels, queue)
        nextID += 1
        registrations.append(registration)
        return registration
    }

    mutating func flush(to registration: OutputRegistration) {
        let (wanted, others) = unowned.partitioned { registration.wants($0) }
        keep(others)
        registration.take(late: wanted)
    }

    /// A tool sees what its server itself has to say.
    mutating func addDefault(for peer: Peer, source: Proc) {
        let all = OutputChannels.output | OutputChannels.errors | OutputChannels.diagnostics
        add(for: peer, sources: [source], channels: all, handler: 0)
    }

    mutating func deliver(_ output: Output, keepingAtMost most: Int) {
        var isOwned = false
        for registration in registrations where registration.wants(output) {
            registration.take(output)
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

    func find(_ id: UInt64, of peer: Peer) -> OutputRegistration? {
        registrations.first { $0.id == id && $0.isOf(peer) }
    }

    func findOwn(_ id: UInt64) -> OutputRegistration? {
        registrations.first { one in
            if case .own = one.target { one.id == id } else { false }
        }
    }

    /// The peer has read what was sent.
    func proceed(_ peer: Peer) {
        for registration in registrations where registration.isOf(peer) { registration.proceed() }
    }

    mutating func remove(_ registration: OutputRegistration) {
        registrations.removeAll { $0 === registration }
    }

    mutating func removeAll(of peer: Peer) {
        registrations.removeAll { $0.isOf(peer) }
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
            writeHere(output)
            outputs.deliver(output, keepingAtMost: options.maxCachedOutput)
            done(.success)
        }
    }

    /// On this process's own streams, or in files, for jobs that were registered so.
    private func writeHere(_ output: Output) {
        guard let format = jobs[output.source.nspace]?.outputFormat else { return }
        let writesOwn = format.isLocal ?? options.writesOutput
        guard writesOwn || format.namesFiles else { return }
        let place = format.namesPlace ? place(of: output.source) : nil
        ownWriter().write(output, format, writesOwn: writesOwn, place)
    }

    func ownWriter() -> OutputWriter {
        let writer = self.writer ?? OutputWriter(loop)
        self.writer = writer
        return writer
    }

    private func place(of source: Proc) -> OutputFormat.Place {
        let process = find(source, key: .processID, scope: nil)?.asUnsigned.map { Text(decimal: $0) }
        return OutputFormat.Place(host: find(source, key: .hostname, scope: nil)?.asText, process: process)
    }

    // MARK: This process's own

    /// PMIx_IOF_pull in the server's own process. The body is called on the loop; without one what comes is written here.
    public func pullOutput(
        _ procs: [Proc], _ infos: [Info], _ channels: UInt16, _ body: ((UInt64, Output) -> Void)?,
        _ done: @escaping (Status, UInt64) -> Void
    ) {
        loop.post { [self] in
            let format = OutputFormat(infos)
            var id: UInt64 = 0
            let target = OutputRegistration.Target.own(identity) { [unowned(unsafe) self] output in
                if let body { return body(id, output) }
                ownWriter().write(output, format, writesOwn: true, nil)
            }
            let registration = outputs.reserve(
                target, sources: procs, channels: channels, OutputQueue(infos, loop))
            id = registration.id
            // A host that cannot be asked may deliver all the same: it is this very process.
            guard let pull = host.pullOutput else {
                done(.success, id)
                return outputs.flush(to: registration)
            }
            ask({ pull(procs, infos, channels, $0) }) { [self] status in
                guard status.isSuccess else {
                    outputs.remove(registration)
                    return done(status, 0)
                }
                done(.success, id)
                outputs.flush(to: registration)
            }
        }
    }

    public func stopOutput(_ id: UInt64, _ infos: [Info], _ done: @escaping Host.Done) {
        loop.post { [self] in
            guard let registration = outputs.findOwn(id) else { return done(.badParameter) }
            end(registration, infos) { done($0.isSuccess ? .success : $0) }
        }
    }

    public func pushInput(_ targets: [Proc], _ infos: [Info], _ bytes: [UInt8], _ done: @escaping Host.Done) {
        loop.post { [self] in
            guard let push = host.pushInput else { return done(.notSupported) }
            ask({ push(self.identity, targets, infos, bytes, $0) }) { done($0.isSuccess ? .success : $0) }
        }
    }

    private func end(_ registration: OutputRegistration, _ infos: [Info], _ done: @escaping Host.Done) {
        outputs.remove(registration)
        registration.finish()
        guard let pull = host.pullOutput else { return done(.success) }
        let infos = infos + [Info(.outputStop, .bool(true))]
        ask({ pull(registration.sources, infos, registration.channels, $0) }, done)
    }

    // MARK: Peers

    func pullOutput(_ request: Request, _ unpacker: inout Unpacker) throws(Malformed) {
        let procs = try unpacker.procs()
        let infos = try unpacker.infos()
        guard case .unsigned(let channels) = try unpacker.one(.iofChannel) else { throw .count }
        // Release 3 servers had no handler ids, so an old client may leave it out.
        let handler = unpacker.isAtEnd ? 0 : try unpacker.size()
        guard let pull = host.pullOutput else { return request.reply(.notSupported) }
        let sources = procs.isEmpty ? [Proc(request.proc.nspace, .wildcard)] : procs
        let wanted = UInt16(truncatingIfNeeded: channels)
        let registration = outputs.reserve(
            .peer(request.peer, handler: handler), sources: sources, channels: wanted, OutputQueue(infos, loop))
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
        let infos = try unpacker.infos()
        let id = try unpacker.size()
        guard let registration = outputs.find(id, of: request.peer) else { return request.reply(.notFound) }
        end(registration, infos) { request.reply($0) }
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
