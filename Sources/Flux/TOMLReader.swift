// The words of TOML: names, texts, numbers, moments, arrays and tables in a line.
import Bytes
import CLibc
import JSON

struct TOMLReader {
    private let bytes: [UInt8]
    private var offset = 0
    private var line = 1
    private static let depthLimit = 64

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    var peek: UInt8? { offset < bytes.count ? bytes[offset] : nil }

    mutating func advance() {
        if peek == UInt8(ascii: "\n") { line += 1 }
        if offset < bytes.count { offset += 1 }
    }

    mutating func take(_ byte: UInt8) -> Bool {
        guard peek == byte else { return false }
        advance()
        return true
    }

    private mutating func take(_ word: StaticString) -> Bool {
        word.withUTF8Buffer { word in
            guard bytes.count - offset >= word.count else { return false }
            for place in word.indices where bytes[offset + place] != word[place] { return false }
            for _ in word { advance() }
            return true
        }
    }

    func failure(_ reason: String) -> TOMLError {
        TOMLError(line: line, reason: reason)
    }

    mutating func skipBlank(acrossLines isAcrossLines: Bool = false) {
        while let byte = peek {
            switch byte {
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"):
                advance()
            case UInt8(ascii: "\n") where isAcrossLines:
                advance()
            case UInt8(ascii: "#"):
                while let next = peek, next != UInt8(ascii: "\n") { advance() }
            default:
                return
            }
        }
    }

    mutating func endLine() throws(TOMLError) {
        skipBlank()
        guard peek == nil || take(UInt8(ascii: "\n")) else { throw failure("there is more than a line should have") }
    }

    // MARK: Names

    /// Names with points between them.
    mutating func key() throws(TOMLError) -> [String] {
        var names: [String] = []
        repeat {
            skipBlank()
            names.append(try name())
            skipBlank()
        } while take(UInt8(ascii: "."))
        return names
    }

    private mutating func name() throws(TOMLError) -> String {
        if peek == UInt8(ascii: "\"") || peek == UInt8(ascii: "'") {
            guard let name = try JSON.string(text(isName: true)).string else { throw failure("a name is no text") }
            return name
        }
        let start = offset
        while let byte = peek, TOMLReader.isBare(byte) { advance() }
        guard offset > start else { throw failure("a name is missing") }
        return String(decoding: bytes[start..<offset], as: UTF8.self)
    }

    private static func isBare(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }

    // MARK: Values

    mutating func value(depth: Int) throws(TOMLError) -> JSON {
        guard depth < TOMLReader.depthLimit else { throw failure("values nest too deep") }
        switch peek {
        case UInt8(ascii: "\""), UInt8(ascii: "'"):
            let text = try text(isName: false)
            let made = JSON.string(text)
            // What is no UTF-8 comes back empty.
            guard made.bytes?.count == text.count else { throw failure("a text is no UTF-8") }
            return made
        case UInt8(ascii: "["):
            return try array(depth: depth)
        case UInt8(ascii: "{"):
            return try inlineTable(depth: depth)
        default:
            if take("true") { return .bool(true) }
            if take("false") { return .bool(false) }
            return try number()
        }
    }

    private mutating func array(depth: Int) throws(TOMLError) -> JSON {
        advance()
        let made = JSON.array()
        while true {
            skipBlank(acrossLines: true)
            if take(UInt8(ascii: "]")) { return made }
            made.append(try value(depth: depth + 1))
            skipBlank(acrossLines: true)
            if take(UInt8(ascii: "]")) { return made }
            guard take(UInt8(ascii: ",")) else { throw failure("an array has no end") }
        }
    }

    private mutating func inlineTable(depth: Int) throws(TOMLError) -> JSON {
        advance()
        let made = JSON.object()
        skipBlank()
        if take(UInt8(ascii: "}")) { return made }
        while true {
            let names = try key()
            guard take(UInt8(ascii: "=")) else { throw failure("a name needs = and a value") }
            skipBlank()
            let value = try value(depth: depth + 1)
            var here = made
            for name in names.dropLast() {
                let next = here[name] ?? .object()
                guard next.isObject else { throw failure(name + " is no table") }
                here[name] = next
                here = next
            }
            guard let last = names.last, here[last] == nil else { throw failure("a name is there already") }
            here[last] = value
            skipBlank()
            if take(UInt8(ascii: "}")) { return made }
            guard take(UInt8(ascii: ",")) else { throw failure("a table has no end") }
        }
    }

    // MARK: Texts

    private mutating func text(isName: Bool) throws(TOMLError) -> [UInt8] {
        let quote = bytes[offset]
        let isLong = quote == UInt8(ascii: "\"") ? take("\"\"\"") : take("'''")
        if isLong {
            guard !isName else { throw failure("a name has one line") }
            _ = take(UInt8(ascii: "\r"))
            _ = take(UInt8(ascii: "\n"))
        } else {
            advance()
        }
        var text: [UInt8] = []
        while let byte = peek {
            if byte == quote, !isLong || isEnd(quote) {
                advance()
                if isLong { finish(quote, &text) }
                return text
            }
            guard byte != UInt8(ascii: "\n") || isLong else { break }
            advance()
            if byte == UInt8(ascii: "\\"), quote == UInt8(ascii: "\"") {
                try escape(isLong, &text)
            } else {
                text.append(byte)
            }
        }
        throw failure("a text has no end")
    }

    /// Three quotes in a row stand here.
    private func isEnd(_ quote: UInt8) -> Bool {
        bytes.count - offset >= 3 && bytes[offset + 1] == quote && bytes[offset + 2] == quote
    }

    /// Behind the first of three quotes; up to two more before them belong to the text.
    private mutating func finish(_ quote: UInt8, _ text: inout [UInt8]) {
        advance()
        advance()
        for _ in 0..<2 where take(quote) { text.append(quote) }
    }

    private mutating func escape(_ isLong: Bool, _ text: inout [UInt8]) throws(TOMLError) {
        guard let byte = peek else { throw failure("a text has no end") }
        if isLong, isLineEnd() {
            while let next = peek, next <= 0x20 { advance() }
            return
        }
        advance()
        switch byte {
        case UInt8(ascii: "b"): text.append(8)
        case UInt8(ascii: "t"): text.append(9)
        case UInt8(ascii: "n"): text.append(10)
        case UInt8(ascii: "f"): text.append(12)
        case UInt8(ascii: "r"): text.append(13)
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): text.append(byte)
        case UInt8(ascii: "u"): try scalar(digits: 4, &text)
        case UInt8(ascii: "U"): try scalar(digits: 8, &text)
        default: throw failure("nothing is meant by this \\")
        }
    }

    /// Only blanks are left in the line.
    private func isLineEnd() -> Bool {
        for place in offset..<bytes.count {
            switch bytes[place] {
            case UInt8(ascii: "\n"): return true
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): continue
            default: return false
            }
        }
        return false
    }

    private mutating func scalar(digits: Int, _ text: inout [UInt8]) throws(TOMLError) {
        var value: UInt32 = 0
        for _ in 0..<digits {
            guard let byte = peek, let digit = TOMLReader.digit(byte), digit < 16 else {
                throw failure("a character needs so many digits")
            }
            value = value << 4 | UInt32(digit)
            advance()
        }
        guard let scalar = Unicode.Scalar(value) else { throw failure("there is no such character") }
        for unit in UTF8.encode(scalar) ?? .init() { text.append(unit) }
    }

    static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    // MARK: Numbers and moments

    private mutating func number() throws(TOMLError) -> JSON {
        let start = offset
        while let byte = peek, TOMLReader.isOfNumber(byte) { advance() }
        // A day and an hour may have a blank between them.
        if offset - start == 10, bytes[start + 4] == UInt8(ascii: "-"), peek == UInt8(ascii: " "),
            offset + 1 < bytes.count, let digit = TOMLReader.digit(bytes[offset + 1]), digit < 10
        {
            advance()
            while let byte = peek, TOMLReader.isOfNumber(byte) { advance() }
        }
        let word = Array(bytes[start..<offset])
        guard !word.isEmpty else { throw failure("a value is missing") }
        if let moment = TOMLNumber.moment(word) { return .object([("iso-8601-ts", .string(moment))]) }
        if let integer = TOMLNumber.integer(word) { return .integer(integer) }
        if let real = TOMLNumber.real(word) { return .real(real) }
        throw failure(String(decoding: word, as: UTF8.self) + " is no value")
    }

    private static func isOfNumber(_ byte: UInt8) -> Bool {
        isBare(byte) || byte == UInt8(ascii: ".") || byte == UInt8(ascii: ":") || byte == UInt8(ascii: "+")
    }
}
