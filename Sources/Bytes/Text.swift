/// A C string as it is: bytes without their NUL, in no particular encoding. Swift's String would repair bytes that
/// are not UTF-8 and compare by canonical equivalence; names on the wire must come back as they went in.
public struct Text: Hashable, Sendable {
    public let bytes: [UInt8]

    public init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    public init(_ string: String) {
        bytes = Array(string.utf8)
    }

    public var isEmpty: Bool { bytes.isEmpty }
    public var count: Int { bytes.count }

    /// For people: bytes that are no UTF-8 are shown repaired.
    public var description: String { String(decoding: bytes, as: UTF8.self) }

    public func hasPrefix(_ prefix: Text) -> Bool {
        bytes.starts(with: prefix.bytes)
    }

    /// The parts between separators; an empty text has none.
    public func split(_ separator: UInt8) -> [Text] {
        bytes.split(separator: separator).map { Text(Array($0)) }
    }

    /// The number these digits mean; nil when there is anything else, or too much.
    public var decimal: UInt64? {
        guard !bytes.isEmpty, bytes.count <= 20 else { return nil }
        var value: UInt64 = 0
        for byte in bytes {
            guard (0x30...0x39).contains(byte) else { return nil }
            let (tens, over) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = tens.addingReportingOverflow(UInt64(byte - 0x30))
            if over || carry { return nil }
            value = sum
        }
        return value
    }

    public static func + (left: Text, right: Text) -> Text {
        var bytes = left.bytes
        bytes.add(right.bytes)
        return Text(bytes)
    }

    public static func == (left: Text, right: Text) -> Bool {
        left.bytes.isSame(as: right.bytes)
    }

    // One call for all bytes: the array's own hash feeds the hasher byte by byte.
    public func hash(into hasher: inout Hasher) {
        bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
    }
}

extension Text: ExpressibleByStringLiteral {
    public init(stringLiteral literal: StaticString) {
        bytes = literal.withUTF8Buffer { Array($0) }
    }
}

extension Text {
    public init(decimal value: some BinaryInteger) {
        self.init(String(value))
    }

    public static func joined(_ parts: [Text], separator: UInt8) -> Text {
        var bytes: [UInt8] = []
        for (index, part) in parts.enumerated() {
            if index > 0 { bytes.append(separator) }
            bytes.add(part.bytes)
        }
        return Text(bytes)
    }
}
