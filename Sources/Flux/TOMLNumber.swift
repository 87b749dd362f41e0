// Numbers and moments of TOML.
import Bytes
import CLibc

enum TOMLNumber {
    private static let underscore = UInt8(ascii: "_")

    /// Digits without the underscores that may stand between two of them; nil for underscores elsewhere.
    private static func plain(_ digits: [UInt8], radix: UInt8) -> [UInt8]? {
        var plain: [UInt8] = []
        for (place, byte) in digits.enumerated() {
            if byte == underscore {
                guard place > 0, place + 1 < digits.count, digits[place - 1] != underscore else { return nil }
                continue
            }
            guard let digit = TOMLReader.digit(byte), digit < radix else { return nil }
            plain.append(digit)
        }
        return plain.isEmpty ? nil : plain
    }

    static func integer(_ word: [UInt8]) -> Int64? {
        var digits = word
        let isNegative = digits.first == UInt8(ascii: "-")
        let isSigned = isNegative || digits.first == UInt8(ascii: "+")
        if isSigned { digits.removeFirst() }
        var radix: UInt8 = 10
        if digits.count > 2, digits[0] == UInt8(ascii: "0"), !isSigned {
            switch digits[1] {
            case UInt8(ascii: "x"): radix = 16
            case UInt8(ascii: "o"): radix = 8
            case UInt8(ascii: "b"): radix = 2
            default: return nil
            }
            digits.removeFirst(2)
        }
        guard let plain = plain(digits, radix: radix), radix != 10 || plain.count == 1 || plain[0] != 0 else {
            return nil
        }
        var value: Int64 = 0
        for digit in plain {
            let (scaled, over) = value.multipliedReportingOverflow(by: Int64(radix))
            let part = isNegative ? -Int64(digit) : Int64(digit)
            let (sum, carry) = scaled.addingReportingOverflow(part)
            if over || carry { return nil }
            value = sum
        }
        return value
    }

    /// Finite ones only.
    static func real(_ word: [UInt8]) -> Double? {
        var rest = word[...]
        if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
        let whole = rest.prefix { $0 == underscore || TOMLReader.digit($0) ?? 10 < 10 }
        rest = rest.dropFirst(whole.count)
        guard let first = plain(Array(whole), radix: 10), first.count == 1 || first[0] != 0 else { return nil }
        var isReal = false
        if rest.first == UInt8(ascii: ".") {
            let fraction = rest.dropFirst().prefix { $0 == underscore || TOMLReader.digit($0) ?? 10 < 10 }
            guard plain(Array(fraction), radix: 10) != nil else { return nil }
            rest = rest.dropFirst(1 + fraction.count)
            isReal = true
        }
        if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
            var exponent = rest.dropFirst()
            if exponent.first == UInt8(ascii: "-") || exponent.first == UInt8(ascii: "+") {
                exponent = exponent.dropFirst()
            }
            guard plain(Array(exponent), radix: 10) != nil else { return nil }
            rest = []
            isReal = true
        }
        guard isReal, rest.isEmpty else { return nil }
        let text = word.filter { $0 != underscore }.map { CChar(bitPattern: $0) } + [0]
        let value = clibc_strtod(text, nil)
        return value.isFinite ? value : nil
    }

    /// YYYY-MM-DD, an hour and whatever is behind its seconds, which is dropped: the text with Z behind it.
    static func moment(_ word: [UInt8]) -> [UInt8]? {
        let shape = Array("dddd-dd-ddTdd:dd:dd".utf8)
        guard word.count >= shape.count else { return nil }
        var text: [UInt8] = []
        for (place, wanted) in shape.enumerated() {
            let byte = word[place]
            switch wanted {
            case UInt8(ascii: "d"):
                guard TOMLReader.digit(byte) ?? 10 < 10 else { return nil }
                text.append(byte)
            case UInt8(ascii: "T"):
                guard byte == wanted || byte == UInt8(ascii: "t") || byte == UInt8(ascii: " ") else { return nil }
                text.append(wanted)
            default:
                guard byte == wanted else { return nil }
                text.append(byte)
            }
        }
        guard isTail(word[shape.count...]) else { return nil }
        text.append(UInt8(ascii: "Z"))
        return text
    }

    /// A fraction of a second and a zone, either of which may be missing.
    private static func isTail(_ tail: ArraySlice<UInt8>) -> Bool {
        var rest = tail
        if rest.first == UInt8(ascii: ".") {
            let fraction = rest.dropFirst().prefix { TOMLReader.digit($0) ?? 10 < 10 }
            guard !fraction.isEmpty else { return false }
            rest = rest.dropFirst(1 + fraction.count)
        }
        if rest.isEmpty { return true }
        if rest.count == 1 { return rest.first == UInt8(ascii: "Z") || rest.first == UInt8(ascii: "z") }
        let zone = Array(rest)
        guard zone.count == 6, zone[0] == UInt8(ascii: "+") || zone[0] == UInt8(ascii: "-") else { return false }
        return zone[3] == UInt8(ascii: ":") && [1, 2, 4, 5].allSatisfy { TOMLReader.digit(zone[$0]) ?? 10 < 10 }
    }
}
