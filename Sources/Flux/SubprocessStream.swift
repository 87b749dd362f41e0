// What flows between a process and who started it. A reader keeps what has come until it is asked for; a writer what could
// not be written yet.
import Bytes
import CLibc
import Sockets

final class StreamReader {
    private let capacity: Int
    let isLineBuffered: Bool
    private let post: PostWatcher
    private let output: () -> Void
    private let ended: () -> Void
    /// When there is room again.
    var onRoom: (() -> Void)?

    private var buffer: [UInt8] = []
    private var start = 0
    /// What C was given last.
    private var lent = Slice("")
    /// Instead of all that: what has come just now, for those who want no buffer.
    var passing: Slice?

    private(set) var hasEnded = false
    private(set) var isEndTold = false
    /// The end is not told while somebody holds it back.
    private var holds = 0
    private var isPaused = false
    private var isGone = false
    /// Keeps the loop running while the stream is paused.
    private let pausing: CheckWatcher

    init(
        _ reactor: Reactor, capacity: Int, isLineBuffered: Bool, output: @escaping () -> Void,
        ended: @escaping () -> Void
    ) {
        self.capacity = capacity
        self.isLineBuffered = isLineBuffered
        self.output = output
        self.ended = ended
        pausing = CheckWatcher(reactor, nil)
        var fire: (() -> Void)?
        post = PostWatcher(reactor) { _, _ in fire?() }
        // Before others that may bring more.
        post.level = Reactor.usualLevel + 1
        fire = { [unowned(unsafe) self] in tell() }
    }

    func tearDown() {
        isGone = true
        post.stop()
        pausing.stop()
        onRoom = nil
    }

    var count: Int { buffer.count - start }
    var room: Int { max(capacity - count, 0) }

    // MARK: From the process

    func append(_ bytes: [UInt8]) {
        if start > 0, start == buffer.count || start > 65536 {
            buffer = buffer.part(start..<buffer.count)
            start = 0
        }
        buffer.add(bytes)
        arrange()
    }

    func end() {
        hasEnded = true
        arrange()
    }

    private var mayEnd: Bool { hasEnded && holds == 0 }

    private var isDue: Bool {
        if mayEnd && !isEndTold { return true }
        return isLineBuffered ? lineLength != nil || room == 0 : count > 0
    }

    private var lineLength: Int? {
        guard let end = buffer[start...].firstIndex(of: UInt8(ascii: "\n")) else { return nil }
        return end + 1 - start
    }

    private func arrange() {
        if isDue && !isPaused { post.start() } else { post.stop() }
    }

    /// Has the program look at what there is.
    private func tell() {
        if count > 0, !isLineBuffered || lineLength != nil || room == 0 || mayEnd { output() }
        if !isGone, count == 0, mayEnd, !isEndTold {
            isEndTold = true
            output()
            if !isGone { ended() }
        }
        if !isGone { arrange() }
    }

    /// Passes something on without keeping it.
    func pass(_ bytes: [UInt8], isEnd: Bool) {
        if isEnd { hasEnded = true }
        if !bytes.isEmpty {
            passing = Slice(bytes)
            output()
            if isGone { return }
        }
        passing = nil
        guard isEnd, !isEndTold else { return }
        isEndTold = true
        output()
        if !isGone { ended() }
    }

    // MARK: By the program

    func hold() { holds += 1 }

    func letGo() {
        guard holds > 0 else { return }
        holds -= 1
        arrange()
    }

    func pause() {
        guard !isPaused else { return }
        isPaused = true
        pausing.start()
        arrange()
    }

    func proceed() {
        guard isPaused else { return }
        isPaused = false
        pausing.stop()
        arrange()
        onRoom?()
    }

    var canReceive: Bool { !isPaused && room > 0 }

    /// All that there is.
    func readAll() -> Slice { take(count) }

    /// A line with its end; nothing when there is none, unless no room is left for its end to come.
    func readLine(isTrimmed: Bool) -> Slice {
        guard let length = lineLength else { return room == 0 ? take(count) : take(0) }
        let line = take(length)
        guard isTrimmed else { return line }
        lent = Slice(line.bytes.part(0..<length - 1))
        return lent
    }

    private func take(_ length: Int) -> Slice {
        let wasFull = room == 0
        lent = Slice(buffer.part(start..<start + length))
        start += length
        if wasFull, length > 0 { onRoom?() }
        return lent
    }
}

final class StreamWriter {
    private let capacity: Int
    private let descriptor: Int32
    private let credit: (Int) -> Void
    private let closed: () -> Void
    private var source: DescriptorWatcher?
    private var first: PostWatcher?
    private var waiting: [UInt8] = []
    private var told: Int
    private var isFirst = true
    private(set) var isClosing = false
    private var isGone = false

    /// `credit` says how many bytes more may be written; `closed` that all has been.
    init(
        _ reactor: Reactor, _ descriptor: Int32, capacity: Int, credit: @escaping (Int) -> Void,
        closed: @escaping () -> Void
    ) {
        self.capacity = capacity
        self.descriptor = descriptor
        self.credit = credit
        self.closed = closed
        told = capacity
        source = DescriptorWatcher(reactor, descriptor: descriptor, events: Poll.output) {
            [unowned(unsafe) self] _, _ in
            flush()
        }
        first = PostWatcher(reactor) { [unowned(unsafe) self] _, _ in tellFirst() }
    }

    func start() { first?.start() }

    func tearDown() {
        isGone = true
        source?.stop()
        first?.stop()
    }

    /// The whole buffer is the first credit.
    private func tellFirst() {
        first?.stop()
        isFirst = false
        credit(capacity)
        if !isGone { tell() }
    }

    func write(_ bytes: [UInt8]) throws(Errno) {
        guard capacity - waiting.count >= bytes.count else { throw Errno(code: ENOSPC) }
        waiting.add(bytes)
        told -= bytes.count
        source?.start()
    }

    /// After what is still waiting.
    func close() {
        guard !isClosing else { return }
        isClosing = true
        source?.start()
    }

    private func flush() {
        while !waiting.isEmpty {
            let sent = waiting.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            if sent < 0 {
                let reason = clibc_errno()
                if reason == EINTR { continue }
                if reason == EAGAIN { break }
                // Nobody reads any more.
                waiting = []
                break
            }
            waiting = waiting.part(sent..<waiting.count)
        }
        if waiting.isEmpty {
            source?.stop()
            if isClosing {
                closed()
                return
            }
        }
        if !isFirst { tell() }
    }

    /// What has become free since it was said last.
    private func tell() {
        let free = capacity - waiting.count
        guard free > told else { return }
        let more = free - told
        told = free
        credit(more)
    }
}
