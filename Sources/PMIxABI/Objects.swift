// Empty objects of any type, alone and in arrays. An empty object is all zero but for what `begin` says.
import CLibc
import CPMIx
import PMIxWire

extension Cell {
    /// Makes the object empty; what it held is overwritten unseen.
    static func construct(_ type: DataType, _ object: UnsafeMutableRawPointer?) {
        guard let object, let size = byteCount(type) else { return }
        memset(object, 0, size)
        begin(type, at: object)
    }

    /// Frees what the object holds, not the object. A name does not outlive that: release 5 empties processes whole.
    static func destruct(_ type: DataType, _ object: UnsafeMutableRawPointer?) {
        guard let object else { return }
        destroy(type, at: object)
        if type == .proc || type == .procInfo { construct(type, object) }
    }

    /// A block of so many empty objects; nil for none, and without memory.
    static func create<Object>(_ type: DataType, _ count: Int) -> UnsafeMutablePointer<Object>? {
        newArray(type, count)?.assumingMemoryBound(to: Object.self)
    }

    static func newArray(_ type: DataType, _ count: Int) -> UnsafeMutableRawPointer? {
        guard let stride = byteCount(type), let array = Memory.zeroed(count, stride) else { return nil }
        for index in 0..<count { begin(type, at: array + index * stride) }
        if type == .info {
            let last = (array + (count - 1) * stride).assumingMemoryBound(to: pmix_info_t.self)
            last.pointee.flags = Info.arrayEnd
        }
        return array
    }

    /// What is not zero in an empty object: what must not be taken for a real rank, distance, node or process.
    private static func begin(_ type: DataType, at object: UnsafeMutableRawPointer) {
        switch type {
        case .proc: object.storeBytes(of: Rank.undefined.rawValue, toByteOffset: Fields.procRank, as: UInt32.self)
        case .deviceDistance:
            let distance = object.assumingMemoryBound(to: pmix_device_distance_t.self)
            distance.pointee.mindist = .max
            distance.pointee.maxdist = .max
        case .nodePID:
            let node = object.assumingMemoryBound(to: pmix_node_pid_t.self)
            node.pointee.nodeid = .max
            node.pointee.pid = -1
        default: break
        }
    }
}
