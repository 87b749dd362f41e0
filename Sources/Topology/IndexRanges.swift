import Bytes

/// A list of indices as hwloc and locality strings write it: `0-3,8`. Kept as ranges, so that a hostile `0-4294967295`
/// costs nothing.
struct IndexRanges: Equatable {
    private(set) var ranges: [ClosedRange<UInt32>] = []

    /// nil for anything that is no such list; the empty text is the empty list.
    init?(_ list: Text) {
        self.init(list.bytes[...])
    }

    init?(_ list: ArraySlice<UInt8>) {
        guard !list.isEmpty else { return }
        for part in list.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
            let ends = part.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
            guard ends.count <= 2, let first = IndexRanges.number(ends[0]) else { return nil }
            guard let last = ends.count == 2 ? IndexRanges.number(ends[1]) : first, last >= first else { return nil }
            ranges.append(first...last)
        }
    }

    init(_ indices: [UInt32]) {
        for index in indices {
            if let last = ranges.last, last.upperBound < .max, last.upperBound + 1 == index {
                ranges[ranges.count - 1] = last.lowerBound...index
            } else {
                ranges.append(index...index)
            }
        }
    }

    /// The last of them is a single index.
    var endsInOne: Bool { ranges.last.map { $0.lowerBound == $0.upperBound } ?? false }

    var largest: UInt32 {
        ranges.reduce(0) { max($0, $1.upperBound) }
    }

    func intersects(_ other: IndexRanges) -> Bool {
        ranges.contains { range in other.ranges.contains { $0.overlaps(range) } }
    }

    var text: Text {
        let parts = ranges.map { range in
            let first = Text(decimal: range.lowerBound)
            return range.count > 1 ? first + "-" + Text(decimal: range.upperBound) : first
        }
        return .joined(parts, separator: UInt8(ascii: ","))
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> UInt32? {
        Text(Array(digits)).decimal.flatMap { UInt32(exactly: $0) }
    }
}
