import Bytes
import CHwloc
import CLibc

/// Why a topology or a set of processors could not be had.
public enum TopologyError: Error, Hashable, Sendable {
    /// hwloc is not installed on this machine.
    case unavailable
    /// The text is not what it should be.
    case malformed
    /// The text names another source than hwloc (`other:0-3`).
    case otherSource
    /// hwloc or the kernel refused.
    case refused
}

/// hwloc's functions, or the error that says it is not there.
func hwloc() throws(TopologyError) -> chwloc {
    guard let functions = chwloc() else { throw .unavailable }
    return functions.pointee
}

/// A set of processors by their operating system's numbers: hwloc's bitmap with an owner.
public final class CPUSet {
    /// What precedes a list where the source is told: `hwloc:0-3`.
    public static let sourceName: Text = "hwloc"
    /// More processors than any machine has; a text from outside must not decide how large a bitmap gets.
    static let largestIndex: UInt32 = 1 << 20

    let functions: chwloc
    let bitmap: OpaquePointer

    /// Takes over a bitmap.
    init(owning bitmap: OpaquePointer?, _ functions: chwloc) throws(TopologyError) {
        guard let bitmap else { throw .refused }
        self.bitmap = bitmap
        self.functions = functions
    }

    /// The empty set.
    public convenience init() throws(TopologyError) {
        let functions = try hwloc()
        try self.init(owning: functions.bitmap_alloc(), functions)
    }

    /// A copy of a bitmap that belongs to somebody else.
    public convenience init(copying bitmap: OpaquePointer) throws(TopologyError) {
        let functions = try hwloc()
        try self.init(owning: functions.bitmap_dup(bitmap), functions)
    }

    /// A list such as `0-3,8`; the empty text is the empty set, and the last range may have no end.
    public convenience init(list: Text) throws(TopologyError) {
        let isOpen = list.bytes.last == UInt8(ascii: "-")
        let closed = isOpen ? list.bytes.dropLast() : list.bytes[...]
        guard let ranges = IndexRanges(closed), ranges.largest <= CPUSet.largestIndex, !isOpen || !closed.isEmpty,
            !isOpen || ranges.endsInOne
        else { throw .malformed }
        try self.init()
        if closed.isEmpty { return }
        // Safety: the text gets its NUL here, and is only read.
        let status = (list.bytes + [0]).withUnsafeBytes {
            functions.bitmap_list_sscanf(bitmap, $0.baseAddress?.assumingMemoryBound(to: CChar.self))
        }
        guard status == 0 else { throw .malformed }
    }

    /// A list with its source, `hwloc:0-3`.
    public convenience init(sourced text: Text) throws(TopologyError) {
        guard let colon = text.bytes.firstIndex(of: UInt8(ascii: ":")) else { throw .malformed }
        guard Text(Array(text.bytes[..<colon])) == CPUSet.sourceName else { throw .otherSource }
        try self.init(list: Text(Array(text.bytes[(colon + 1)...])))
    }

    deinit {
        functions.bitmap_free(bitmap)
    }

    /// A bitmap of the caller's own, to be freed with hwloc_bitmap_free.
    public func copy() throws(TopologyError) -> OpaquePointer {
        guard let copy = functions.bitmap_dup(bitmap) else { throw .refused }
        return copy
    }

    public var isEmpty: Bool { functions.bitmap_iszero(bitmap) != 0 }
    public var count: Int { Int(functions.bitmap_weight(bitmap)) }

    public func contains(_ index: UInt32) -> Bool {
        functions.bitmap_isset(bitmap, index) != 0
    }

    public func intersects(_ other: CPUSet) -> Bool {
        functions.bitmap_intersects(bitmap, other.bitmap) != 0
    }

    public var list: Text {
        var text: UnsafeMutablePointer<CChar>?
        guard functions.bitmap_list_asprintf(&text, bitmap) >= 0, let text else { return "" }
        defer { free(text) }
        return Text(Array(UnsafeRawBufferPointer(start: text, count: strlen(text))))
    }

    public var sourcedList: Text { CPUSet.sourceName + ":" + list }
}
