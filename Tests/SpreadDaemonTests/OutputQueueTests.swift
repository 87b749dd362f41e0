import CLibc
import Ordering
import Sockets
import Testing

@testable import SpreadDaemon

@Suite struct OutputQueueTests {
    /// Two ends of a stream.
    static func pair() throws -> (Socket, Socket) {
        let path = "/tmp/muster-queue-\(getpid())-\(UInt32.random(in: 0 ... .max))"
        let listener = try Socket.listen(atPath: path, mode: 0o700)
        defer { unlink(path) }
        let near = try Socket.connect(toPath: path)
        return (near, try listener.accept())
    }

    static func message(_ size: Int) -> Slice {
        MessageWriter(ServiceType.agreed, Name("#a"), groups: 0, data: 0).message.bytes.withUnsafeBytes { head in
            let slice = Slice([UInt8](head) + [UInt8](repeating: 7, count: size))
            Header(slice).dataByteCount = UInt32(size)
            return slice
        }
    }

    @Test("what is sent is let go, and the count is of messages that are not wholly sent")
    func partial() throws {
        let (near, far) = try OutputQueueTests.pair()
        var queue = OutputQueue()
        weak var first: Block?
        do {
            let slice = OutputQueueTests.message(1000)
            first = slice.block
            queue.add(slice)
        }
        for _ in 0..<40 { queue.add(OutputQueueTests.message(100_000)) }
        let total = queue.byteCount
        try queue.send(through: near)
        #expect(first == nil)
        #expect(queue.messageCount < 41 && queue.messageCount > 0)
        var received = 0
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        while received < total {
            received += try far.receive(into: &buffer, .allowed)
            try queue.send(through: near)
            #expect(queue.messageCount == (queue.byteCount + 100_047) / 100_048)
        }
        #expect(queue.isEmpty && queue.byteCount == 0)
    }

    @Test("messages that lie side by side are one piece, and are counted one by one")
    func together() throws {
        let (near, far) = try OutputQueueTests.pair()
        let one = OutputQueueTests.message(52).bytes
        let all = Slice((0..<5000).flatMap { _ in one })
        var queue = OutputQueue()
        for index in 0..<5000 { queue.add(Slice(all.block, index * 100, index * 100 + 100)) }
        #expect(queue.messageCount == 5000)
        try queue.send(through: near)
        #expect(queue.messageCount == (queue.byteCount + 99) / 100)
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        while !queue.isEmpty {
            _ = try far.receive(into: &buffer, .allowed)
            try queue.send(through: near)
            #expect(queue.messageCount == (queue.byteCount + 99) / 100)
        }
    }

    @Test("of a message that is sent in part the rest comes before what follows")
    func rest() throws {
        let (near, far) = try OutputQueueTests.pair()
        let (first, second) = (OutputQueueTests.message(1000), OutputQueueTests.message(10))
        var queue = OutputQueue()
        queue.add(first, sent: 400)
        #expect(queue.messageCount == 1 && queue.byteCount == first.count - 400)
        queue.add(second)
        try queue.send(through: near)
        #expect(queue.isEmpty && queue.byteCount == 0)
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = try far.receive(into: &buffer, .allowed)
        #expect(Array(buffer[..<count]) == first.bytes[400...] + second.bytes)
    }
}
