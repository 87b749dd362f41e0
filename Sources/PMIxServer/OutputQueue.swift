import Bytes
import PMIxWire
import Reactor

/// Output on its way to somebody whose directives say how much of it may wait, or is to come together.
final class OutputQueue {
    /// So many bytes of a channel wait here at most, for a reader that is slow or came late.
    private let most: Int?
    /// When there are more the oldest go, otherwise the newest.
    private let dropsOldest: Bool
    /// So many bytes are to be sent together, if they come within the time.
    private let batch: Int?
    private let milliseconds: UInt64?
    private let loop: Loop

    private var waiting: [Output] = []
    private var byteCounts: [UInt16: Int] = [:]
    private var timer: Timer?
    private var isDue = false

    /// nil: the directives ask for nothing of this.
    init?(_ infos: [Info], _ loop: Loop) {
        func number(_ key: Key) -> UInt64? { infos[key]?.asUnsigned.flatMap { $0 > 0 ? $0 : nil } }
        let most = number(.outputCacheSize).map { Int(clamping: $0) }
        let batch = number(.outputBufferSize).map { Int(clamping: $0) }
        milliseconds = number(.outputBufferTime)?.multipliedClamping(by: 1000)
        guard most != nil || batch != nil || milliseconds != nil else { return nil }
        self.most = most
        // What can never be there would be waited for in vain.
        self.batch = batch.map { min($0, most ?? $0) }
        dropsOldest = infos.isTrue(.outputDropOldest) && !infos.isTrue(.outputDropNewest)
        self.loop = loop
    }

    private var gathers: Bool { batch != nil || milliseconds != nil }

    func hasRoom(_ output: Output) -> Bool {
        guard let most else { return true }
        return output.bytes.count <= most - (byteCounts[output.channels] ?? 0)
    }

    func add(_ output: Output) {
        var output = output
        let count = byteCounts[output.channels] ?? 0
        if let most, !dropsOldest, output.bytes.count > most - count {
            output = output.part(0..<max(0, most - count))
            if output.bytes.isEmpty { return }
        }
        waiting.append(output)
        byteCounts[output.channels] = count + output.bytes.count
        // Not each time: what is kept is looked through.
        if let most, dropsOldest, count + output.bytes.count - most > most { dropOldest(most) }
    }

    private func dropOldest(_ most: Int) {
        var excess = byteCounts.mapValues { $0 - most }
        guard excess.values.contains(where: { $0 > 0 }) else { return }
        waiting = waiting.compactMap { output in
            let over = excess[output.channels] ?? 0
            if over <= 0 || output.bytes.isEmpty { return output }
            excess[output.channels] = over - output.bytes.count
            let count = output.bytes.count
            return count <= over ? nil : output.part(over..<count)
        }
        byteCounts = byteCounts.mapValues { min($0, most) }
    }

    /// What is to be sent now, if anything is; `later` is called when there may be more. The end of a stream waits for
    /// nothing.
    func ready(_ later: @escaping () -> Void) -> [Output] {
        guard gathers, !isDue, let last = waiting.last, !last.isEnd else { return all() }
        if let batch, byteCounts.values.contains(where: { $0 >= batch }) { return all() }
        if let milliseconds, timer == nil {
            // Safety: the timer goes with this object.
            timer = Timer(loop, milliseconds: milliseconds) { [unowned(unsafe) self] in
                isDue = true
                later()
            }
        }
        return []
    }

    func all() -> [Output] {
        timer?.cancel()
        timer = nil
        isDue = false
        if let most, dropsOldest { dropOldest(most) }
        let outputs = gathers ? waiting.joined : waiting
        waiting = []
        byteCounts = [:]
        return outputs
    }
}

extension Output {
    fileprivate var isEnd: Bool { bytes.isEmpty || infos.isTrue("pmix.iof.cmp") }

    fileprivate func part(_ range: Range<Int>) -> Output {
        Output(source: source, channels: channels, bytes: bytes.part(range), infos: infos)
    }
}

extension [Output] {
    /// Pieces that follow one another on one channel of one process are one.
    fileprivate var joined: [Output] {
        var joined: [Output] = []
        for output in self {
            guard let last = joined.last, last.source == output.source, last.channels == output.channels,
                last.infos.isEmpty, output.infos.isEmpty, !last.bytes.isEmpty, !output.bytes.isEmpty
            else {
                joined.append(output)
                continue
            }
            var bytes = last.bytes
            bytes.add(output.bytes)
            joined[joined.count - 1] = Output(
                source: output.source, channels: output.channels, bytes: bytes, infos: [])
        }
        return joined
    }
}
