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
