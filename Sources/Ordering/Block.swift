import CLibc

/// Memory that several hold a part of. What has been handed out is never written again.
public final class Block {
    public let memory: UnsafeMutableRawPointer
    public let capacity: Int
    private let pool: BlockPool?

    public init(capacity: Int) {
        self.capacity = capacity
        memory = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 16)
        pool = nil
    }

    fileprivate init(memory: UnsafeMutableRawPointer, capacity: Int, _ pool: BlockPool) {
        self.memory = memory
        self.capacity = capacity
        self.pool = pool
    }

    deinit {
        if let pool { pool.reclaim(memory) } else { memory.deallocate() }
    }
}

/// Keeps the memory of blocks that nobody holds any more, the last used first: it is still in the processor's cache.
public final class BlockPool {
    public let capacity: Int
    private let limit: Int
    private var idle: [UnsafeMutableRawPointer] = []

    public init(capacity: Int, keeping limit: Int) {
        self.capacity = capacity
        self.limit = limit
    }

    deinit {
        for memory in idle { munmap(memory, capacity) }
    }

    public func take() -> Block {
        Block(memory: idle.popLast() ?? map(), capacity: capacity, self)
    }

    // Straight from the system and back to it: in the heap such blocks would leave holes that small things then keep.
    private func map() -> UnsafeMutableRawPointer {
        let memory = mmap(nil, capacity, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        guard let memory, !clibc_is_map_failed(memory) else { fatalError("there is no memory left") }
        return memory
    }

    fileprivate func reclaim(_ memory: UnsafeMutableRawPointer) {
        if idle.count < limit { idle.append(memory) } else { munmap(memory, capacity) }
    }
}

/// A part of a block, and with it the block.
public struct Slice {
    public let block: Block
    public let start: Int
    public let end: Int

    public init(_ block: Block, _ start: Int, _ end: Int) {
        precondition(start >= 0 && start <= end && end <= block.capacity)
        self.block = block
        self.start = start
        self.end = end
    }

    public init(_ bytes: [UInt8]) {
        self.init(Block(capacity: max(1, bytes.count)), 0, bytes.count)
        bytes.withUnsafeBytes {
            block.memory.copyMemory(from: $0.baseAddress ?? UnsafeRawPointer(block.memory), byteCount: $0.count)
        }
    }

    public var count: Int { end - start }
    public var address: UnsafeMutableRawPointer { block.memory + start }
    public var bytes: [UInt8] { Array(UnsafeRawBufferPointer(start: address, count: count)) }
}
