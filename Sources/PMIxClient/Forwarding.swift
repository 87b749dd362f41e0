import Bytes
import PMIxWire
import Reactor
import Sockets

// Output of other processes that is forwarded to this one, and this one's input that is forwarded to others.

/// Who in this process wants to see what.
struct OutputHandlers {
    struct Handler {
        /// Who forwards it.
        let link: Link
        /// What the server calls it, once it has answered.
        var number: UInt64?
        let format: OutputFormat
        /// The server may have some of it left when this ends.
        let isGathered: Bool
        /// nil: it is written to this process's own streams.
        let body: Client.OutputBody?
    }

    private(set) var handlers: [UInt64: Handler] = [:]
    // 0 stands for output that comes without having been asked for in this way.
    private var last: UInt64 = 0

    mutating func add(_ handler: Handler) -> UInt64 {
        last += 1
        handlers[last] = handler
        return last
    }

    mutating func remove(_ id: UInt64) -> Handler? {
        handlers.removeValue(forKey: id)
    }

    /// Takes away its number, so that it ends once.
    mutating func end(_ id: UInt64) -> Handler? {
        guard let handler = handlers[id], handler.number != nil else { return remove(id) }
        if handler.isGathered { handlers[id]?.number = nil } else { handlers[id] = nil }
        return handler
    }

    mutating func answered(_ id: UInt64, _ number: UInt64) {
        handlers[id]?.number = number
    }
}

extension Client {
    /// The registration's number and what came.
    public typealias OutputBody = (UInt64, Output) -> Void

    /// Calls back on the loop. `body` is called on the loop as well, from before the answer on: output may overtake it.
    public func pullOutput(
        _ procs: [Proc], _ infos: [Info], _ channels: UInt16, _ body: OutputBody?,
        _ done: @escaping (Status, UInt64) -> Void
    ) {
        guard let link else { return loop.post { done(.unreachable, 0) } }
        let handler = OutputHandlers.Handler(
            link: link, format: OutputFormat(infos), isGathered: infos.isGathered, body: body)
        let id = lock.withLock { outputs.add(handler) }
        var packer = Packer(dialect, command: .pullOutput)
        packer.procs(procs)
        packer.infos(infos)
        packer.one(.iofChannel, .unsigned(UInt64(channels)))
        packer.size(id)
        let exchange = Exchange(packer, deadline: infos.deadline) { (unpacker) throws(Malformed) in
            // Servers of release 3 do not number their registrations.
            unpacker.isAtEnd ? 0 : try unpacker.size()
        }
        begin(exchange) { [self] result in
            switch result {
            case .success(let number):
                lock.withLock { outputs.answered(id, number) }
                done(.success, id)
            case .failure(let reason):
                _ = lock.withLock { outputs.remove(id) }
                done(reason, 0)
            }
        }
    }

    /// Nothing is delivered from now on, whatever the server answers, unless it was asked to gather output: then what it
    /// has left comes before `done`. `badParameter`: there is no such registration. Blocks without `done`, which is called
    /// on the loop.
    public func stopOutput(_ id: UInt64, _ infos: [Info], _ done: ((Status) -> Void)?) throws(Status) {
        let handler = lock.withLock { outputs.end(id) }
        guard let handler, let number = handler.number else { throw .badParameter }
        let link = handler.link
        var packer = Packer(link.dialect, command: .deregisterOutput)
        packer.infos(infos)
        packer.size(number)
        let exchange = Exchange(packer, deadline: infos.deadline)
        guard let done else {
            return try exchange.answer(link.exchange(exchange.request, exchange.deadline), link)
        }
        link.request(exchange.request) { [self] outcome in
            _ = lock.withLock { outputs.remove(id) }
            do throws(Status) {
                try exchange.answer(outcome, link)
                done(.success)
            } catch {
                done(error)
            }
        }
    }

    /// Whether output of a registration may be waiting at the server.
    public func gathersOutput(_ id: UInt64) -> Bool {
        lock.withLock { outputs.handlers[id]?.isGathered ?? false }
    }

    /// No bytes are the end of the input.
    public func pushInput(_ targets: [Proc], _ infos: [Info], _ bytes: [UInt8]) -> Exchange<Void> {
        var packer = Packer(dialect, command: .pushInput)
        packer.procs(targets)
        packer.infos(infos)
        packer.byteObject(bytes)
        return Exchange(packer, deadline: infos.deadline)
    }

    /// From now on, what this process gets as its input goes to the targets. The next piece is read when the server has
    /// taken the last one.
    public func forwardInput(_ targets: [Proc], _ infos: [Info]) {
        let others = infos.filter { $0.key != .pushInput }
        loop.post { [self] in
            let inlet = self.inlet ?? Inlet(loop, 0)
            self.inlet = inlet
            passOn(inlet, targets, others)
        }
    }

    private func passOn(_ inlet: Inlet, _ targets: [Proc], _ infos: [Info]) {
        // Safety: `endForwarding` closes the inlet before the client can go, and then nothing is called any more.
        inlet.read { [unowned(unsafe) self] bytes in
            begin(pushInput(targets, infos, bytes)) { [self] result in
                guard !bytes.isEmpty, case .success = result, self.inlet === inlet else { return inlet.close() }
                passOn(inlet, targets, infos)
            }
        }
    }

    // MARK: Receiving

    func receiveOutput(_ payload: [UInt8], _ dialect: Dialect, _ release: Release) {
        // A server's malformed delivery harms nobody but itself.
        guard let (output, id) = try? Output.read(payload, dialect, release) else { return }
        let handler = lock.withLock { outputs.handlers[id] }
        // What was on its way when its registration ended is no longer wanted.
        if handler == nil && id != 0 { return }
        if let body = handler?.body { return body(id, output) }
        let own = lock.withLock { formats[output.source.nspace] } ?? OutputFormat(tool?.given ?? [])
        let format = handler.flatMap { $0.format.isGiven ? $0.format : nil } ?? own
        hasWritten = true
        writer.write(output, format, writesOwn: true, format.namesPlace ? place(of: output.source) : nil)
    }

    private func place(of source: Proc) -> OutputFormat.Place {
        lock.withLock {
            let ranks = (source.nspace == own.nspace ? own : known[source.nspace])?.ranks[source.rank]
            let process = ranks?[.processID]?.asUnsigned.map { Text(decimal: $0) }
            return OutputFormat.Place(host: ranks?[.hostname]?.asText, process: process)
        }
    }

    /// How the output of a job that this process has spawned is to be shown here.
    func show(_ nspace: Namespace, _ infos: [Info]) {
        let format = OutputFormat(infos)
        // Its files are made where it runs.
        if format.isGiven { lock.withLock { formats[nspace] = format.withoutFiles } }
    }

    /// On the loop, or where no loop runs.
    func endForwarding() {
        inlet?.close()
        inlet = nil
        if hasWritten { writer.finish() }
        hasWritten = false
        lock.withLock { outputs = OutputHandlers() }
    }
}

extension Key {
    /// Asks the library to read this process's input by itself.
    public static let pushInput: Key = "pmix.iof.stdin"
}

extension [Info] {
    fileprivate var isGathered: Bool {
        contains { ($0.key == "pmix.iof.bsize" || $0.key == "pmix.iof.btime") && $0.value.asUnsigned ?? 0 > 0 }
    }
}
