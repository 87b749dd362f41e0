// A job's number and the ways to write it.
import Bytes
import CLibc
import Sockets

public enum JobID {
    public enum Spelling { case decimal, hexadecimal, key, dotted, words, base58, plainBase58, pictures }

    /// - Throws: EPROTO for a way that nobody knows.
    public static func spelling(_ name: [UInt8]?) throws(Errno) -> Spelling {
        guard let name else { return .decimal }
        switch String(decoding: name.map { $0 >= 65 && $0 <= 90 ? $0 + 32 : $0 }, as: UTF8.self) {
        case "dec": return .decimal
        case "hex": return .hexadecimal
        case "kvs": return .key
        case "dothex": return .dotted
        case "words": return .words
        case "f58": return .base58
        case "f58plain": return .plainBase58
        case "emoji": return .pictures
        default: throw Errno(code: EPROTO)
        }
    }

    public static func text(_ id: UInt64, _ spelling: Spelling) -> [UInt8] {
        switch spelling {
        case .decimal: return Array(String(id).utf8)
        case .hexadecimal: return Array("0x".utf8) + hexadecimal(id, atLeast: 1)
        case .key: return Array("job.".utf8) + dotted(id)
        case .dotted: return dotted(id)
        case .words: return words(id)
        case .base58: return (isUnicodeWanted ? florin : [UInt8(ascii: "f")]) + base58(id)
        case .plainBase58: return [UInt8(ascii: "f")] + base58(id)
        case .pictures: return pictures(id)
        }
    }

    /// In whichever way it is written.
    public static func parse(_ text: [UInt8]) throws(Errno) -> UInt64 {
        var rest = text[...]
        guard !rest.isEmpty else { throw Errno(code: EINVAL) }
        rest = trimmed(rest)
        if rest.starts(with: Array("job.".utf8)) { rest = trimmed(rest.dropFirst(4)) }
        guard let id = number(rest), id >> 24 < 1 << 40 else { throw Errno(code: EINVAL) }
        return id
    }

    private static func number(_ text: ArraySlice<UInt8>) -> UInt64? {
        if text.contains(UInt8(ascii: ".")) { return fromDotted(text) }
        if text.contains(UInt8(ascii: "-")) { return fromWords(text) }
        if text.starts(with: florin) { return fromBase58(text.dropFirst(florin.count)) }
        if text.first == UInt8(ascii: "f") { return fromBase58(text.dropFirst()) }
        if text.starts(with: [0xf0, 0x9f]), text.count % 4 == 0, text.count <= 28 { return fromPictures(text) }
        return fromDigits(text)
    }

    private static func trimmed(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        text.drop { isspace(Int32($0)) != 0 }
    }

    // MARK: Digits

    private static let digits: [UInt8] = Array("0123456789abcdef".utf8)

    private static func hexadecimal(_ id: UInt64, atLeast width: Int) -> [UInt8] {
        var text: [UInt8] = []
        var left = id
        while left > 0 || text.count < width {
            text.append(digits[Int(left & 15)])
            left >>= 4
        }
        return text.reversed()
    }

    private static func dotted(_ id: UInt64) -> [UInt8] {
        var text: [UInt8] = []
        for shift in [48, 32, 16, 0] as [UInt64] {
            if !text.isEmpty { text.append(UInt8(ascii: ".")) }
            text.add(hexadecimal(id >> shift & 0xffff, atLeast: 4))
        }
        return text
    }

    private static func fromHexadecimal(_ text: ArraySlice<UInt8>) -> UInt64? {
        guard !text.isEmpty, text.count <= 16 else { return nil }
        var id: UInt64 = 0
        for byte in text {
            guard let digit = digits.firstIndex(of: byte | 0x20), isxdigit(Int32(byte)) != 0 else { return nil }
            id = id << 4 | UInt64(digit)
        }
        return id
    }

    private static func fromDotted(_ text: ArraySlice<UInt8>) -> UInt64? {
        let parts = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var id: UInt64 = 0
        for part in parts {
            guard part.count <= 4, let value = fromHexadecimal(part) else { return nil }
            id = id << 16 | value
        }
        return id
    }

    private static func fromDigits(_ text: ArraySlice<UInt8>) -> UInt64? {
        var text = text
        while let last = text.last, isspace(Int32(last)) != 0 { text.removeLast() }
        if text.starts(with: Array("0x".utf8)) { return fromHexadecimal(text.dropFirst(2)) }
        return Text(Array(text)).decimal
    }

    // MARK: Base 58

    private static let florin: [UInt8] = [0xc6, 0x92]
    private static let letters: [UInt8] = Array("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz".utf8)

    /// The florin sign where a program's locale can show it.
    private static var isUnicodeWanted: Bool {
        guard clibc_is_utf8_locale(), getenv("FLUX_F58_FORCE_ASCII") == nil else { return false }
        return true
    }

    private static func base58(_ id: UInt64) -> [UInt8] {
        var text: [UInt8] = []
        var left = id
        repeat {
            text.append(letters[Int(left % 58)])
            left /= 58
        } while left > 0
        return text.reversed()
    }

    private static func fromBase58(_ text: ArraySlice<UInt8>) -> UInt64? {
        guard !text.isEmpty, text.count <= 12 else { return nil }
        return value(text.map { byte in letters.firstIndex(of: byte).map { UInt64($0) } }, 58)
    }

    private static func value(_ digits: [UInt64?], _ base: UInt64) -> UInt64? {
        var id: UInt64 = 0
        for digit in digits {
            guard let digit else { return nil }
            let (product, isOver) = id.multipliedReportingOverflow(by: base)
            let (sum, isBeyond) = product.addingReportingOverflow(digit)
            if isOver || isBeyond { return nil }
            id = sum
        }
        return id
    }

    // MARK: Words and pictures

    private static func words(_ id: UInt64) -> [UInt8] {
        let dash = UInt8(ascii: "-")
        var text: [UInt8] = []
        for half in [id & 0xffff_ffff, id >> 32] {
            if !text.isEmpty { text.add([dash, dash]) }
            text.add(JobWords.word(half % JobWords.base))
            text.append(dash)
            text.add(JobWords.word(half / JobWords.base % JobWords.base))
            text.append(dash)
            text.add(JobWords.word(half / JobWords.base / JobWords.base))
        }
        return text
    }

    private static func fromWords(_ text: ArraySlice<UInt8>) -> UInt64? {
        let lower = text.map { $0 >= 65 && $0 <= 90 ? $0 + 32 : $0 }
        let words = lower.split { $0 < 97 || $0 > 122 }
        guard words.count == 6 else { return nil }
        var halves: [UInt64] = []
        for place in [0, 3] {
            // The least digit comes first.
            let digits = [2, 1, 0].map { JobWords.digit(Array(words[place + $0])) }
            guard let half = value(digits, JobWords.base), half >> 32 == 0 else { return nil }
            halves.append(half)
        }
        return halves[1] << 32 | halves[0]
    }

    private static func pictures(_ id: UInt64) -> [UInt8] {
        var digits: [UInt64] = []
        var left = id
        repeat {
            digits.append(left % JobPictures.base)
            left /= JobPictures.base
        } while left > 0
        var text: [UInt8] = []
        for digit in digits.reversed() { text.add(JobPictures.picture(digit)) }
        return text
    }

    private static func fromPictures(_ text: ArraySlice<UInt8>) -> UInt64? {
        let text = Array(text)
        return value(
            stride(from: 0, to: text.count, by: 4).map { JobPictures.digit(text[$0..<$0 + 4]) }, JobPictures.base)
    }
}
