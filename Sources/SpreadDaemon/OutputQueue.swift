import CLibc
import Ordering
import Sockets

/// What a client has yet to be sent: parts of blocks, those that lie side by side as one piece. Knows how many messages
/// it holds even when the socket took a part of one.
struct OutputQueue {
    private struct Piece {
        /// nil once all is sent: the queue must not keep what it needs no more.
        var block: Block?
        /// Where the first message that is not wholly sent begins.
        var boundary: Int
        var sent: Int
        var end: Int
        var messageCount: Int
    }

    private var pieces: [Piece] = []
    private var first = 0
    private(set) var messageCount = 0
    private(set) var byteCount = 0

    var isEmpty: Bool { messageCount == 0 }

    mutating func add(_ message: Slice) {
        messageCount += 1
        byteCount += message.count
        let last = pieces.count - 1
        if last >= first, pieces[last].end == message.start, pieces[last].block === message.block {
            pieces[last].end = message.end
            pieces[last].messageCount += 1
            return
        }
        pieces.append(
            Piece(
                block: message.block, boundary: message.start, sent: message.start, end: message.end, messageCount: 1))
    }

    /// A message of which a part is sent. Nothing else is in the queue.
    mutating func add(_ message: Slice, sent count: Int) {
        add(message)
        pieces[pieces.count - 1].sent += count
        byteCount -= count
    }

    mutating func removeAll() {
        self = OutputQueue()
    }

    private static let mostPieces = 64

    /// Sends until all is sent or the socket takes no more.
    mutating func send(through socket: Socket) throws(Errno) {
        while !isEmpty {
            let offered = try withUnsafeTemporaryAllocation(of: iovec.self, capacity: OutputQueue.mostPieces) {
                vectors throws(Errno) in
                var count = 0
                var total = 0
                for place in first..<min(pieces.count, first + OutputQueue.mostPieces) {
                    guard let block = pieces[place].block else { continue }
                    let size = pieces[place].end - pieces[place].sent
                    vectors[count] = iovec(iov_base: block.memory + pieces[place].sent, iov_len: size)
                    count += 1
                    total += size
                }
                let taken = try socket.send(UnsafeMutableBufferPointer(rebasing: vectors[..<count]))
                advance(taken)
                return taken == total
            }
            if !offered { return }
        }
    }

    private mutating func advance(_ count: Int) {
        byteCount -= count
        var left = count
        while left > 0, first < pieces.count {
            let size = pieces[first].end - pieces[first].sent
            guard size <= left else {
                advanceWithin(left)
                break
            }
            messageCount -= pieces[first].messageCount
            pieces[first].block = nil
            left -= size
            first += 1
        }
        if first == pieces.count {
            pieces.removeAll(keepingCapacity: pieces.capacity < 4096)
            first = 0
        } else if first > 256 {
            pieces.removeFirst(first)
            first = 0
        }
    }

    private mutating func advanceWithin(_ count: Int) {
        pieces[first].sent += count
        guard let block = pieces[first].block else { return }
        while true {
            let size = Header(at: block.memory + pieces[first].boundary).messageByteCount
            guard pieces[first].boundary + size <= pieces[first].sent else { return }
            pieces[first].boundary += size
            pieces[first].messageCount -= 1
            messageCount -= 1
        }
    }
}
