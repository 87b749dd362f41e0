import Bytes
import CLibc

// Integers, strings and counted bytes: what every other type is made of. facts: PMIx wire 4.2.

extension Unpacker {
    /// An unsigned integer of `width` bytes (2, 4 or 8).
    mutating func unsigned(_ width: Int) throws(Malformed) -> UInt64 {
        switch dialect.integers {
        case .flex:
            let value = try reader.flex()
            guard width == 8 || value >> UInt64(8 * width) == 0 else { throw .overflow }
            return value
        case .fixed:
            switch width {
            case 2: return UInt64(try reader.bigEndian(UInt16.self))
            case 4: return UInt64(try reader.bigEndian(UInt32.self))
            default: return try reader.bigEndian(UInt64.self)
            }
        }
    }

    mutating func signed(_ width: Int) throws(Malformed) -> Int64 {
        switch dialect.integers {
        case .flex:
            let value = ZigZag.decode(try reader.flex())
            switch width {
            case 2: if Int16(exactly: value) == nil { throw .overflow }
            case 4: if Int32(exactly: value) == nil { throw .overflow }
            default: break
            }
            return value
        case .fixed:
            switch width {
            case 2: return Int64(try reader.bigEndian(Int16.self))
            case 4: return Int64(try reader.bigEndian(Int32.self))
            default: return try reader.bigEndian(Int64.self)
            }
        }
    }

    /// How the numbers of a run are written, where the type's width depends on the machine.
    enum Word {
        case signed(Int)
        case unsigned(Int)
    }

    /// INT, UINT, SIZE and PID say which width they have on the sender's machine, once for however many values
    /// follow: all of them in the fixed codec, PID in both.
    mutating func word(of type: DataType) throws(Malformed) -> Word {
        guard dialect.integers == .fixed || type == .pid else { return type == .size ? .unsigned(8) : .signed(4) }
        let found = try tag()
        switch (type, found) {
        case (.int, .int), (.int, .int32), (.uint, .int), (.uint, .int32), (.pid, .int32): return .signed(4)
        case (.int, .uint), (.int, .uint32), (.uint, .uint), (.uint, .uint32), (.pid, .uint32), (.size, .uint32):
            return .unsigned(4)
        case (.size, .uint64), (.size, .size): return .unsigned(8)
        default: throw .type(found.rawValue)
        }
    }

    mutating func bits(_ word: Word) throws(Malformed) -> UInt64 {
        switch word {
        case .signed(let width): UInt64(bitPattern: try signed(width))
        case .unsigned(let width): try unsigned(width)
        }
    }

    mutating func taggedInt() throws(Malformed) -> Int64 {
        Int64(bitPattern: try bits(word(of: .int)))
    }

    mutating func sizeInside() throws(Malformed) -> UInt64 {
        try bits(word(of: .size))
    }

    mutating func pidInside() throws(Malformed) -> UInt32 {
        UInt32(truncatingIfNeeded: try bits(word(of: .pid)))
    }

    /// A run of one of the types that have a word.
    mutating func numbers(_ type: DataType, count: Int) throws(Malformed) -> [Content] {
        let word = try word(of: type)
        var values: [Content] = []
        values.reserveCapacity(count)
        for _ in 0..<count { values.append(Content(try bits(word), as: type)) }
        return values
    }

    /// A length counts the NUL; 0 is C's NULL.
    mutating func stringInside() throws(Malformed) -> Text? {
        let length = try signed(4)
        guard length >= 0, length <= Int64(reader.remaining) else {
            throw length < 0 ? .count : .pastEnd
        }
        if length == 0 { return nil }
        let bytes = try reader.take(Int(length) - 1)
        guard try reader.byte() == 0, !bytes.contains(0) else { throw .string }
        return Text(bytes)
    }

    /// Past a string, by the rules of `stringInside`.
    mutating func skipString() throws(Malformed) {
        let length = try signed(4)
        guard length >= 0, length <= Int64(reader.remaining) else {
            throw length < 0 ? .count : .pastEnd
        }
        if length > 0 { try reader.skipText(Int(length)) }
    }

    mutating func skipCountedBytes() throws(Malformed) {
        let length = try sizeInside()
        guard length <= UInt64(reader.remaining) else { throw .pastEnd }
        try reader.skip(Int(length))
    }

    mutating func countedBytes() throws(Malformed) -> [UInt8] {
        let length = try sizeInside()
        guard length <= UInt64(reader.remaining) else { throw .pastEnd }
        return try reader.take(Int(length))
    }

    /// FLOAT and DOUBLE travel as decimal text.
    mutating func realInside() throws(Malformed) -> Double {
        guard let text = try stringInside() else { return 0 }
        guard let value = Decimal.parse(text.bytes) else { throw .string }
        return value
    }
}

extension Packer {
    mutating func unsigned(_ value: UInt64, _ width: Int) {
        switch dialect.integers {
        case .flex: writer.flex(value)
        case .fixed:
            switch width {
            case 2: writer.bigEndian(UInt16(truncatingIfNeeded: value))
            case 4: writer.bigEndian(UInt32(truncatingIfNeeded: value))
            default: writer.bigEndian(value)
            }
        }
    }

    mutating func signed(_ value: Int64, _ width: Int) {
        switch dialect.integers {
        case .flex: writer.flex(ZigZag.encode(value))
        case .fixed: unsigned(UInt64(bitPattern: value), width)
        }
    }

    mutating func taggedInt(_ value: Int64) {
        if dialect.integers == .fixed { tag(.int32) }
        signed(Int64(Int32(truncatingIfNeeded: value)), 4)
    }

    mutating func size(inside value: UInt64) {
        if dialect.integers == .fixed { tag(.uint64) }
        unsigned(value, 8)
    }

    mutating func pid(inside value: UInt32) {
        tag(.uint32)
        unsigned(UInt64(value), 4)
    }

    /// Values back to back; a run of INT, UINT, SIZE or PID has its tag once, one of POINTER its sentinel.
    mutating func elements(_ type: DataType, _ values: [Content]) {
        switch type {
        case .int, .uint, .size, .pid:
            wordTag(type)
            for value in values { number(value.bits, type) }
        case .pointer: writer.byte(1)
        default:
            for value in values { write(value, as: type) }
        }
    }

    private mutating func wordTag(_ type: DataType) {
        guard dialect.integers == .fixed || type == .pid else { return }
        tag(type == .size ? .uint64 : type == .pid ? .uint32 : .int32)
    }

    private mutating func number(_ bits: UInt64, _ type: DataType) {
        switch type {
        case .size: unsigned(bits, 8)
        case .pid: unsigned(bits & 0xffff_ffff, 4)
        default: signed(Int64(Int32(truncatingIfNeeded: bits)), 4)
        }
    }

    mutating func string(inside text: Text?) {
        guard let text else { return signed(0, 4) }
        signed(Int64(text.count) + 1, 4)
        writer.untilNUL(text.bytes)
    }

    mutating func counted(_ bytes: [UInt8]) {
        size(inside: UInt64(bytes.count))
        writer.append(bytes)
    }

    mutating func real(inside value: Double) {
        string(inside: Text(Decimal.format(value)))
    }
}

extension Content {
    /// A number of a machine-dependent type from the 64 bits read for it.
    init(_ bits: UInt64, as type: DataType) {
        switch type {
        case .int: self = .signed(Int64(bitPattern: bits))
        case .size: self = .unsigned(bits)
        default: self = .unsigned(UInt64(UInt32(truncatingIfNeeded: bits)))
        }
    }
}

/// Decimal text as C's "%f" writes it, in the C locale whatever the process has set.
public enum Decimal {
    /// With at most six places behind the point.
    public static func format(_ value: Double, places: Int = 6) -> [UInt8] {
        guard value.isFinite else { return Array((value.isNaN ? "nan" : value < 0 ? "-inf" : "inf").utf8) }
        let magnitude = value.magnitude
        var bytes: [UInt8] = value.sign == .minus ? [UInt8(ascii: "-")] : []
        // From 2^53 on a double has no fraction.
        if magnitude >= 9_007_199_254_740_992 {
            bytes += wholeDigits(magnitude)
            bytes.append(UInt8(ascii: "."))
            bytes += [UInt8](repeating: UInt8(ascii: "0"), count: places)
            return bytes
        }
        var scale: UInt64 = 1
        for _ in 0..<places { scale *= 10 }
        var whole = UInt64(magnitude)
        var parts = parts(of: magnitude - Double(whole), scale)
        if parts == scale {
            whole += 1
            parts = 0
        }
        bytes += Array(String(whole).utf8)
        let digits = Array(String(parts).utf8)
        bytes.append(UInt8(ascii: "."))
        bytes += [UInt8](repeating: UInt8(ascii: "0"), count: places - digits.count) + digits
        return bytes
    }

    /// Exactly, and rounded once, a tie to the even side, as printf does it: a product of doubles would round twice.
    private static func parts(of fraction: Double, _ scale: UInt64) -> UInt64 {
        // Below 2^-21 it is less than half a millionth, the smallest part there is.
        guard fraction > 0, fraction.exponent >= -21 else { return 0 }
        // The fraction is significand / 2^shift, 53 <= shift <= 73, and the product has at most 73 bits.
        let shift = UInt64(52 - fraction.exponent)
        let product = (fraction.significandBitPattern | 1 << 52).multipliedFullWidth(by: scale)
        let (quotient, rest, half): (UInt64, (UInt64, UInt64), (UInt64, UInt64))
        if shift < 64 {
            quotient = product.high << (64 - shift) | product.low >> shift
            rest = (0, product.low & ((1 << shift) - 1))
            half = (0, 1 << (shift - 1))
        } else {
            quotient = product.high >> (shift - 64)
            rest = (product.high & ((1 << (shift - 64)) - 1), product.low)
            half = shift == 64 ? (0, 1 << 63) : (1 << (shift - 65), 0)
        }
        if rest > half || (rest == half && quotient % 2 == 1) { return quotient + 1 }
        return quotient
    }

    /// All digits of a whole number too large for an integer type: its significand, doubled as often as the exponent
    /// says.
    private static func wholeDigits(_ value: Double) -> [UInt8] {
        var digits = Array(String(UInt64(value.significandBitPattern | 1 << 52)).utf8.map { $0 - 0x30 }.reversed())
        for _ in 0..<(Int(value.exponent) - 52) {
            var carry: UInt8 = 0
            for index in digits.indices {
                let doubled = digits[index] * 2 + carry
                digits[index] = doubled % 10
                carry = doubled / 10
            }
            if carry > 0 { digits.append(carry) }
        }
        return digits.reversed().map { $0 + 0x30 }
    }

    /// nil for anything but one whole number in decimal text.
    static func parse(_ bytes: [UInt8]) -> Double? {
        guard let first = bytes.first, first != 0x20, !(0x09...0x0d).contains(first), bytes.count <= 512 else {
            return nil
        }
        return (bytes + [0]).withUnsafeBytes { text in
            guard let start = text.baseAddress?.assumingMemoryBound(to: CChar.self) else { return nil }
            var end: UnsafeMutablePointer<CChar>?
            let value = clibc_strtod(start, &end)
            // Safety: `end` points into the text, at the latest at its NUL.
            return end.map { UnsafePointer($0) - start } == bytes.count ? value : nil
        }
    }
}
