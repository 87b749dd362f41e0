import Bytes

/// Node and rank lists in the compressed forms hosts and jobs hand around: `pmix[node[3:1-4,7],login]` and
/// `raw:0,1;2,3`. What is written here equals the original's output byte for byte, save where that would lose a name
/// (a number its 32-bit int cannot hold, a prefix longer than its buffer).
public enum NodeMap {
    private static let comma = UInt8(ascii: ",")
    private static let semicolon = UInt8(ascii: ";")
    private static let dash = UInt8(ascii: "-")
    private static let colon = UInt8(ascii: ":")
    private static let open = UInt8(ascii: "[")
    private static let close = UInt8(ascii: "]")
    private static let raw: Text = "raw:"
    private static let native: Text = "pmix["

    /// A range is a few bytes that ask for any amount of memory: no real job comes near these.
    static let mostNodes = 1 << 20
    static let mostNameBytes = 1 << 26
    static let mostRanks = 1 << 22
    static let widestNumber = 20

    /// The compressed form of a comma list of node names.
    public static func regex(_ list: Text) -> Text {
        if list.isEmpty { return raw }
        var names = list.bytes.split(separator: comma, omittingEmptySubsequences: false)
        // A comma at the end begins no further name.
        if names.last?.isEmpty == true { names.removeLast() }
        var families: [Family] = []
        // The last family of each kind: a numbered name is only ever compared with the one before it of its kind.
        var lastPrefixed: Int?
        var lastBare: Int?
        for name in names {
            guard let numbered = NumberedName(name) else {
                families.append(Family(name: Array(name), numbered: nil, ranges: []))
                continue
            }
            let last = numbered.prefix.isEmpty ? lastBare : lastPrefixed
            if let last, families[last].numbered?.isAlike(numbered) == true {
                families[last].add(numbered.number)
                continue
            }
            if numbered.prefix.isEmpty { lastBare = families.count } else { lastPrefixed = families.count }
            families.append(Family(name: [], numbered: numbered, ranges: [numbered.number...numbered.number]))
        }
        var out = native.bytes
        for (index, family) in families.enumerated() {
            if index > 0 { out.append(comma) }
            family.write(to: &out)
        }
        return Text(out + [close])
    }

    /// The form of a list of ranks per node (`0,1;2,3`).
    public static func ppn(_ list: Text) -> Text {
        raw + list
    }

    /// The node names of `pmix[...]`, `raw:...` or a plain comma list, in order.
    public static func nodes(_ text: Text) throws(Malformed) -> [Text] {
        guard text.hasPrefix(native) else {
            let names = plain(text).split(comma)
            guard names.count <= mostNodes else { throw .count }
            return names
        }
        var scanner = try Scanner(inside: text)
        var names = Names()
        while !scanner.isAtEnd {
            let prefix = scanner.until(comma, open)
            if scanner.take(open) {
                try family(prefix, &scanner, &names)
            } else {
                try names.add(prefix)
            }
            guard scanner.take(comma) || scanner.isAtEnd else { throw .string }
        }
        return names.texts
    }

    /// The ranks of each node in `raw:...`, `pmix[...]` or plain `0-3;4,5`. A node between two semicolons may have
    /// none.
    public static func ranks(_ text: Text) throws(Malformed) -> [[UInt32]] {
        let list: [UInt8]
        if text.hasPrefix(native) {
            list = try Scanner(inside: text).bytes
        } else {
            list = plain(text).bytes
        }
        var groups = list.split(separator: semicolon, maxSplits: mostNodes, omittingEmptySubsequences: false)
        guard groups.count <= mostNodes else { throw .count }
        if groups.last?.isEmpty == true { groups.removeLast() }
        var nodes: [[UInt32]] = []
        var total = 0
        for group in groups {
            var ranks: [UInt32] = []
            for part in group.split(separator: comma) {
                let range = try self.range(part)
                let count = Int(range.upperBound - range.lowerBound) + 1
                total += count
                guard total <= mostRanks else { throw .count }
                ranks.append(contentsOf: range)
            }
            nodes.append(ranks)
        }
        return nodes
    }

    private static func plain(_ text: Text) -> Text {
        text.hasPrefix(raw) ? Text(Array(text.bytes.dropFirst(raw.count))) : text
    }

    /// After an opening bracket: `width:range,range]suffix`. Brackets that hold anything else belong to a literal name.
    private static func family(_ prefix: Text, _ scanner: inout Scanner, _ names: inout Names) throws(Malformed) {
        let inside = scanner.until(close, close)
        guard scanner.take(close) else { throw .string }
        let suffix = scanner.until(comma, open)
        let parts = inside.bytes.split(separator: colon, maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let width = Text(Array(parts[0])).decimal else {
            return try names.add(prefix + Text([open]) + inside + Text([close]) + suffix)
        }
        guard width <= UInt64(widestNumber) else { throw .count }
        for part in parts[1].split(separator: comma) {
            let range = try self.range(part)
            guard Int(range.upperBound - range.lowerBound) < mostNodes else { throw .count }
            for number in range {
                try names.add(prefix + padded(number, Int(width)) + suffix)
            }
        }
    }

    private static func padded(_ number: UInt32, _ width: Int) -> Text {
        let digits = Text(decimal: number)
        guard digits.count < width else { return digits }
        return Text([UInt8](repeating: UInt8(ascii: "0"), count: width - digits.count)) + digits
    }

    /// `7` or `3-9`.
    private static func range(_ part: ArraySlice<UInt8>) throws(Malformed) -> ClosedRange<UInt32> {
        let ends = part.split(separator: dash, omittingEmptySubsequences: false)
        guard let first = ends.first, let last = ends.last, ends.count <= 2 else { throw .string }
        let low = try number(first)
        let high = try number(last)
        guard low <= high else { throw .count }
        return low...high
    }

    private static func number(_ digits: ArraySlice<UInt8>) throws(Malformed) -> UInt32 {
        let space = UInt8(ascii: " ")
        var digits = digits.drop { $0 == space }
        while digits.last == space { digits = digits.dropLast() }
        guard let value = Text(Array(digits)).decimal else { throw .string }
        guard let number = UInt32(exactly: value) else { throw .overflow }
        return number
    }
}

/// A node name that is letters, digits, and letters or digits again: the only kind that is compressed.
private struct NumberedName {
    var prefix: [UInt8]
    var digitCount: Int
    var number: UInt32
    var suffix: [UInt8]

    /// nil when the name has to stand as it is.
    init?(_ name: ArraySlice<UInt8>) {
        let letters = name.prefix(while: NumberedName.isLetter)
        let digits = name.dropFirst(letters.count).prefix(while: NumberedName.isDigit)
        let rest = name.dropFirst(letters.count + digits.count)
        guard rest.allSatisfy({ NumberedName.isLetter($0) || NumberedName.isDigit($0) }),
            digits.count <= NodeMap.widestNumber, let value = Text(Array(digits)).decimal,
            value <= UInt64(Int32.max)
        else { return nil }
        prefix = Array(letters)
        digitCount = digits.count
        number = UInt32(truncatingIfNeeded: value)
        suffix = Array(rest)
    }

    func isAlike(_ other: NumberedName) -> Bool {
        prefix == other.prefix && digitCount == other.digitCount && suffix == other.suffix
    }

    static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
    static func isLetter(_ byte: UInt8) -> Bool { (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte) }
}

/// Names that differ in one number, or one name as it is.
private struct Family {
    var name: [UInt8]
    var numbered: NumberedName?
    var ranges: [ClosedRange<UInt32>]

    /// Only the next number lengthens the last range: the order of the names must survive.
    mutating func add(_ number: UInt32) {
        if let last = ranges.last, number > 0, last.upperBound == number - 1 {
            ranges[ranges.count - 1] = last.lowerBound...number
        } else {
            ranges.append(number...number)
        }
    }

    func write(to out: inout [UInt8]) {
        guard let numbered else { return out.append(contentsOf: name) }
        out.append(contentsOf: numbered.prefix)
        out.append(UInt8(ascii: "["))
        out.append(contentsOf: Text(decimal: numbered.digitCount).bytes)
        var separator = UInt8(ascii: ":")
        for range in ranges {
            out.append(separator)
            out.append(contentsOf: Text(decimal: range.lowerBound).bytes)
            if range.count > 1 {
                out.append(UInt8(ascii: "-"))
                out.append(contentsOf: Text(decimal: range.upperBound).bytes)
            }
            separator = UInt8(ascii: ",")
        }
        out.append(UInt8(ascii: "]"))
        out.append(contentsOf: numbered.suffix)
    }
}

/// Names collected under a bound: many short ranges ask for as much as one long one. Empty names mean nothing.
private struct Names {
    var texts: [Text] = []
    var byteCount = 0

    mutating func add(_ name: Text) throws(Malformed) {
        if name.isEmpty { return }
        byteCount += name.count
        guard texts.count < NodeMap.mostNodes, byteCount <= NodeMap.mostNameBytes else { throw .count }
        texts.append(name)
    }
}

/// The bytes between the outer brackets of `pmix[...]`, read from the left.
private struct Scanner {
    let bytes: [UInt8]
    var position = 0

    init(inside text: Text) throws(Malformed) {
        guard text.bytes.last == UInt8(ascii: "]") else { throw .string }
        bytes = Array(text.bytes[5..<text.count - 1])
    }

    var isAtEnd: Bool { position == bytes.count }

    mutating func until(_ first: UInt8, _ second: UInt8) -> Text {
        let start = position
        while position < bytes.count, bytes[position] != first, bytes[position] != second { position += 1 }
        return Text(Array(bytes[start..<position]))
    }

    mutating func take(_ byte: UInt8) -> Bool {
        guard position < bytes.count, bytes[position] == byte else { return false }
        position += 1
        return true
    }
}
