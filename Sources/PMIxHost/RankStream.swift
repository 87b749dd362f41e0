import Bytes
import CLibc
import PMIxWire
import Reactor
import Sockets

/// What one process writes on one of its streams, on its way to whoever is to see it. On the loop.
final class RankStream {
    enum Target {
        case sink(OutputSink)
        case file(System.Descriptor, Text)
        /// It goes over PMIx only.
        case elsewhere
    }

    let rank: HostedRank
    /// `pmix_iof_channel_t`.
    let channel: UInt16
    let target: Target
    private let host: JobHost
    private let source: System.Descriptor
    private var lines: LineAssembler
    /// A job of one process has nobody to keep apart: what it writes goes out as it comes.
    private let isRaw: Bool
    private var watcher: Watcher?

    init(_ host: JobHost, _ rank: HostedRank, channel: UInt16, _ source: System.Descriptor, _ target: Target) {
        self.host = host
        self.rank = rank
        self.channel = channel
        self.source = source
        self.target = target
        let job = rank.job
        let tag = job.description.tagsOutput ? "[\(job.nspace.description),\(rank.proc.rank.rawValue)] " : ""
        lines = LineAssembler(tag: Array(tag.utf8))
        if case .file = target {
            isRaw = !job.description.tagsOutput
        } else {
            isRaw = tag.isEmpty && job.ranks.count == 1
        }
        source.setNonBlocking()
    }

    func begin() {
        watcher = Watcher(host.loop, source.number, .readable) { [unowned self] in read() }
        watcher?.enable()
    }

    /// Whoever gets it has room again.
    func resume() { watcher?.enable() }

    private func read() {
        let count: Int
        do throws(Errno) {
            count = try source.read(&host.buffer)
        } catch {
            if !error.isAgain { end() }
            return
        }
        if count == 0 { return end() }
        let bytes = host.buffer[..<count]
        deliver(isRaw ? Array(bytes) : lines.add(bytes), isPiece: !isRaw)
        if case .sink(let sink) = target {
            // A process whose output nobody reads gets to know that as any other does.
            if sink.hasFailed { return end() }
            if sink.isFull { watcher?.disable() }
        }
    }

    private func deliver(_ bytes: [UInt8], isPiece: Bool) {
        if bytes.isEmpty { return }
        host.progress?.clear()
        switch target {
        case .sink(let sink): sink.write(bytes, from: ObjectIdentifier(self), isPiece: isPiece)
        case .file(let file, let path): write(bytes, to: file, path)
        case .elsewhere: break
        }
        if rank.job.isForwarded {
            host.server.deliverOutput(source: rank.proc, channels: channel, bytes: bytes, infos: []) { _ in }
        }
    }

    private func write(_ bytes: [UInt8], to file: System.Descriptor, _ path: Text) {
        var rest = bytes[...]
        do throws(Errno) {
            while !rest.isEmpty { rest = rest.dropFirst(try file.write(rest)) }
        } catch {
            host.lost(path, error)
        }
    }

    /// Everything has been read, or nobody wants it any more.
    func end() {
        guard let watcher else { return }
        watcher.cancel()
        self.watcher = nil
        deliver(lines.finish(), isPiece: false)
        rank.streams.removeAll { $0 === self }
        rank.openStreams -= 1
        host.streamEnded(rank)
    }
}
