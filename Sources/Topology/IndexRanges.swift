/// A list of indices as hwloc and locality strings write it: `0-3,8`. Kept as ranges, so that a hostile `0-4294967295`
/// costs nothing.
struct IndexRanges: Equatable {
    private(set) var ranges: [ClosedRange<UInt32>] = []

    /// nil for anything that is no such list; the empty text is the empty list.
    init?(_ list: some StringProtocol) {
        guard !list.utf8.isEmpty else { return }
        for part in list.utf8.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
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

    var largest: UInt32 {
        ranges.reduce(0) { max($0, $1.upperBound) }
    }

    func intersects(_ other: IndexRanges) -> Bool {
        ranges.contains { range in other.ranges.contains { $0.overlaps(range) } }
    }

    var text: String {
        var text = ""
        for range in ranges {
            if !text.isEmpty { text += "," }
            text += String(range.lowerBound)
            if range.count > 1 { text += "-" + String(range.upperBound) }
        }
        return text
    }

    private static func number(_ digits: some Sequence<UInt8>) -> UInt32? {
        var value: UInt32 = 0
        var isEmpty = true
        for digit in digits {
            guard (0x30...0x39).contains(digit) else { return nil }
            let (tens, over) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = tens.addingReportingOverflow(UInt32(digit - 0x30))
            if over || carry { return nil }
            value = sum
            isEmpty = false
        }
        return isEmpty ? nil : value
    }
}
