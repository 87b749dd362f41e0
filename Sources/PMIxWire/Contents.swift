import Bytes

// One value of any type, without its tag: the one switch over all type codes, for reading and for writing.

extension Unpacker {
    public mutating func content(of type: DataType) throws(Malformed) -> Content {
        switch type {
        case .undefined: return .none
        case .bool: return .unsigned(try reader.byte() == 0 ? 0 : 1)
        case .byte, .uint8, .persistence, .scope, .dataRange, .command, .procState, .allocDirective, .jobState,
            .linkState,
            .resourceBlockDirective:
            return .unsigned(UInt64(try reader.byte()))
        case .int8: return .signed(Int64(Int8(bitPattern: try reader.byte())))
        case .pointer:
            // Only a sentinel travels: an address means nothing here.
            _ = try reader.byte()
            return .unsigned(0)
        case .uint16, .dataType, .iofChannel, .localityType, .storageAccessType: return .unsigned(try unsigned(2))
        case .uint32, .infoDirectives, .procRank: return .unsigned(try unsigned(4))
        case .uint64, .time, .deviceType, .storageMedium, .storageAccess, .storagePersistence:
            return .unsigned(try unsigned(8))
        case .int16: return .signed(try signed(2))
        case .int32, .status: return .signed(try signed(4))
        case .int64: return .signed(try signed(8))
        case .int, .uint, .size, .pid: return Content(try bits(word(of: type)), as: type)
        case .float, .double: return .real(try realInside())
        case .timeval:
            let seconds = try signed(8)
            return .timeval(seconds: seconds, microseconds: try signed(8))
        case .string, .procNamespace, .cpuset: return .text(try stringInside())
        case .byteObject, .compressedString, .compressedByteObject, .dataBuffer: return .bytes(try countedBytes())
        case .regex: return .bytes(try regexInside())
        default: return try composite(type)
        }
    }

    public mutating func value() throws(Malformed) -> Value {
        try enter()
        defer { leave() }
        let type = try tag()
        return Value(type, try content(of: type))
    }

    /// Past a value, by the rules of `value()`, copying nothing of the types that are long. Its type.
    mutating func skipValue() throws(Malformed) -> DataType {
        try enter()
        defer { leave() }
        let type = try tag()
        switch type {
        case .string, .procNamespace, .cpuset: try skipString()
        case .byteObject, .compressedString, .compressedByteObject, .dataBuffer: try skipCountedBytes()
        default: _ = try content(of: type)
        }
        return type
    }

    /// A regular expression brings its own framing: text to its NUL, or `blob`, a component's name, and counted bytes.
    private mutating func regexInside() throws(Malformed) -> [UInt8] {
        // N.B. bytes are appended one by one: -Osize confuses the literals of `head + [0]` with others of one element.
        var expression = try reader.untilNUL()
        let isBlob = expression == Array("blob".utf8)
        expression.append(0)
        guard isBlob else { return expression }
        expression.add(try reader.untilNUL())
        expression.append(0)
        var digits: [UInt8] = []
        while true {
            let byte = try reader.byte()
            if byte == UInt8(ascii: ":") { break }
            guard (0x30...0x39).contains(byte), digits.count < 10 else { throw .string }
            digits.append(byte)
        }
        guard let length = Text(digits).decimal, length <= UInt64(reader.remaining) else { throw .count }
        expression.add(digits)
        expression.append(UInt8(ascii: ":"))
        expression.add(try reader.take(Int(length)))
        return expression
    }
}

extension Packer {
    /// Content that does not have the form of `type` is written as that form's zero: the reader still finds every
    /// later field.
    public mutating func write(_ content: Content, as type: DataType) {
        switch type {
        case .undefined: break
        case .bool: writer.byte(content.bits == 0 ? 0 : 1)
        case .byte, .uint8, .int8, .persistence, .scope, .dataRange, .command, .procState, .allocDirective, .jobState,
            .linkState, .resourceBlockDirective:
            writer.byte(UInt8(truncatingIfNeeded: content.bits))
        case .pointer: writer.byte(1)
        case .uint16, .dataType, .iofChannel, .localityType, .storageAccessType: unsigned(content.bits & 0xffff, 2)
        case .uint32, .infoDirectives, .procRank: unsigned(content.bits & 0xffff_ffff, 4)
        case .uint64, .time, .deviceType, .storageMedium, .storageAccess, .storagePersistence: unsigned(content.bits, 8)
        case .int16: signed(Int64(Int16(truncatingIfNeeded: content.bits)), 2)
        case .int32, .status: signed(Int64(Int32(truncatingIfNeeded: content.bits)), 4)
        case .int64: signed(Int64(bitPattern: content.bits), 8)
        case .int, .uint: taggedInt(Int64(bitPattern: content.bits))
        case .size: size(inside: content.bits)
        case .pid: pid(inside: UInt32(truncatingIfNeeded: content.bits))
        case .float, .double:
            if case .real(let value) = content { real(inside: value) } else { real(inside: 0) }
        case .timeval:
            guard case .timeval(let seconds, let microseconds) = content else { return timeval(0, 0) }
            timeval(seconds, microseconds)
        case .string, .procNamespace, .cpuset:
            if case .text(let text) = content { string(inside: text) } else { string(inside: nil) }
        case .byteObject, .compressedString, .compressedByteObject, .dataBuffer:
            if case .bytes(let bytes) = content { counted(bytes) } else { counted([]) }
        case .regex:
            if case .bytes(let bytes) = content { regex(inside: bytes) } else { writer.byte(0) }
        default: composite(content, type)
        }
    }

    /// A blob as it is; text up to its NUL, which a host may have left out.
    private mutating func regex(inside bytes: [UInt8]) {
        if bytes.starts(with: Array("blob".utf8) + [0]) { return writer.append(bytes) }
        writer.untilNUL(Array(bytes.prefix { $0 != 0 }))
    }

    mutating func timeval(_ seconds: Int64, _ microseconds: Int64) {
        signed(seconds, 8)
        signed(microseconds, 8)
    }

    mutating func value(inside value: Value) {
        tag(value.type)
        write(value.content, as: value.type)
    }
}

extension Content {
    /// The 64 bits of a number, sign-extended; 0 for what is no number.
    var bits: UInt64 {
        switch self {
        case .unsigned(let value): value
        case .signed(let value): UInt64(bitPattern: value)
        default: 0
        }
    }
}
