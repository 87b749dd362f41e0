// Moving bytes in one piece. Embedded Swift's own append(contentsOf:), Array(slice) and array growth go byte by byte, which
// made them half of all a server does; through raw memory they are one memcpy.
extension [UInt8] {
    /// Adds a range of other bytes at the end. Out of bounds traps, as slicing does: callers have checked.
    public mutating func add(_ more: [UInt8], _ range: Range<Int>) {
        makeRoom(range.count)
        more.withUnsafeBytes { whole in
            append(contentsOf: UnsafeRawBufferPointer(rebasing: whole[range]))
        }
    }

    public mutating func add(_ more: [UInt8]) {
        add(more, 0..<more.count)
    }

    /// A range of these bytes as an array of their own.
    public func part(_ range: Range<Int>) -> [UInt8] {
        withUnsafeBytes { whole in
            let part = UnsafeRawBufferPointer(rebasing: whole[range])
            return [UInt8](unsafeUninitializedCapacity: part.count) { buffer, initialized in
                // Safety: both are `part.count` long, and the new array does not overlap the old.
                UnsafeMutableRawBufferPointer(buffer).copyMemory(from: part)
                initialized = part.count
            }
        }
    }

    /// An array of `count` bytes to be overwritten: until then they are whatever the memory held.
    public init(room count: Int) {
        self.init(unsafeUninitializedCapacity: count) { _, initialized in
            // Safety: bytes have no invalid values, and nobody reads one before it is written.
            initialized = count
        }
    }

    /// Overwrites bytes from `start` on with a range of others. Out of bounds traps, as slicing does: callers have checked.
    public mutating func put(_ more: [UInt8], _ range: Range<Int>, at start: Int) {
        more.withUnsafeBytes { whole in
            withUnsafeMutableBytes { room in
                let place = UnsafeMutableRawBufferPointer(rebasing: room[start..<start + range.count])
                place.copyMemory(from: UnsafeRawBufferPointer(rebasing: whole[range]))
            }
        }
    }

    /// Equality eight bytes at a time, which Array's own does not do here.
    public func isSame(as other: [UInt8]) -> Bool {
        guard count == other.count else { return false }
        return withUnsafeBytes { left in
            other.withUnsafeBytes { right in
                if left.baseAddress == right.baseAddress { return true }
                var position = 0
                while position + 8 <= left.count {
                    let word = left.loadUnaligned(fromByteOffset: position, as: UInt64.self)
                    if word != right.loadUnaligned(fromByteOffset: position, as: UInt64.self) { return false }
                    position += 8
                }
                while position < left.count {
                    if left[position] != right[position] { return false }
                    position += 1
                }
                return true
            }
        }
    }

    /// Grows, at least doubling, so that `extra` more bytes fit.
    private mutating func makeRoom(_ extra: Int) {
        let needed = count + extra
        guard needed > capacity else { return }
        let room = Swift.max(needed, capacity * 2)
        self = withUnsafeBytes { old in
            [UInt8](unsafeUninitializedCapacity: room) { buffer, initialized in
                // Safety: `room` is at least `count`, and the new array does not overlap the old.
                UnsafeMutableRawBufferPointer(buffer).copyMemory(from: old)
                initialized = old.count
            }
        }
    }
}
