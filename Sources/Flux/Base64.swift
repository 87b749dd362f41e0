// Base64 as RFC 4648 section 4 has it, with padding: how bytes travel inside JSON.

public enum Base64 {
    private static let digits: StaticString = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    private static let padding = UInt8(ascii: "=")

    public static func encode(_ bytes: [UInt8]) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        var place = 0
        while place < bytes.count {
            let count = min(3, bytes.count - place)
            var group: UInt32 = 0
            for offset in 0..<3 { group = group << 8 | (offset < count ? UInt32(bytes[place + offset]) : 0) }
            for offset in 0..<4 {
                text.append(offset <= count ? digit(group >> UInt32(18 - 6 * offset)) : padding)
            }
            place += count
        }
        return text
    }

    /// nil for what is none: a wrong length, a foreign letter, padding that is not at the end.
    public static func decode(_ text: [UInt8]) -> [UInt8]? {
        guard text.count % 4 == 0 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count / 4 * 3)
        var place = 0
        while place < text.count {
            var group: UInt32 = 0
            var paddingCount = 0
            for offset in 0..<4 {
                let letter = text[place + offset]
                let isLast = place + 4 == text.count
                if letter == padding, isLast, offset >= 2 {
                    paddingCount += 1
                    group <<= 6
                } else {
                    guard paddingCount == 0, let value = value(letter) else { return nil }
                    group = group << 6 | value
                }
            }
            for offset in 0..<(3 - paddingCount) {
                bytes.append(UInt8(truncatingIfNeeded: group >> UInt32(16 - 8 * offset)))
            }
            place += 4
        }
        return bytes
    }

    private static func digit(_ bits: UInt32) -> UInt8 {
        // Safety: six bits, and there are 64 digits.
        digits.utf8Start[Int(bits & 63)]
    }

    private static func value(_ letter: UInt8) -> UInt32? {
        switch letter {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(letter - UInt8(ascii: "A"))
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(letter - UInt8(ascii: "a")) + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(letter - UInt8(ascii: "0")) + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}
