import Bytes

/// Cuts what a process writes into whole lines, each with a tag in front if there is one. The rest waits for its end.
struct LineAssembler {
    let tag: [UInt8]
    private var rest: [UInt8] = []

    /// A line longer than this goes out in pieces.
    static let longest = 1 << 20
    private static let newline = UInt8(ascii: "\n")

    init(tag: [UInt8]) {
        self.tag = tag
    }

    /// The lines these bytes complete.
    mutating func add(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        guard let last = bytes.lastIndex(of: LineAssembler.newline) else {
            rest += bytes
            return rest.count > LineAssembler.longest ? finish() : []
        }
        let complete = rest + bytes[...last]
        rest = Array(bytes[(last + 1)...])
        return tagged(complete)
    }

    /// What has no end of its own.
    mutating func finish() -> [UInt8] {
        defer { rest = [] }
        return rest.isEmpty ? [] : tagged(rest)
    }

    private func tagged(_ lines: [UInt8]) -> [UInt8] {
        if tag.isEmpty { return lines }
        var result: [UInt8] = []
        result.reserveCapacity(lines.count + tag.count * 4)
        var start = lines.startIndex
        while start < lines.endIndex {
            let end = lines[start...].firstIndex(of: LineAssembler.newline) ?? lines.endIndex - 1
            result += tag
            result += lines[start...end]
            start = end + 1
        }
        return result
    }
}
