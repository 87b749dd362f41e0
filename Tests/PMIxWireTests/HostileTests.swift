import Bytes
import Testing

@testable import PMIxWire

@Suite("bytes nobody honest sends")
struct HostileTests {
    private func decode(_ bytes: [UInt8], _ dialect: Dialect, _ type: DataType) throws -> [Content] {
        try bytes.unpack(dialect) { (unpacker) throws(Malformed) in try unpacker.items(type) }
    }

    private func packed(_ dialect: Dialect, _ body: (inout Packer) -> Void) -> [UInt8] {
        var packer = Packer(dialect)
        body(&packer)
        return packer.bytes
    }

    /// VALUEs, each in the array that the one around it holds: every level is entered three times (VALUE, DATA_ARRAY,
    /// element).
    private func nested(_ levels: Int) -> Value {
        var value = Value.uint32(1)
        for _ in 0..<levels { value = Value(.dataArray, .array(DataArray(.value, [.value(value)]))) }
        return value
    }

    @Test("64 levels are read, one more is refused", arguments: Dialect.all)
    func depth(dialect: Dialect) throws {
        // The value itself takes one, each array two: itself and its element's own VALUE.
        for (arrays, isRead) in [(0, true), (20, true), (21, false), (200, false)] {
            let bytes = packed(dialect) { $0.one(.value, .value(nested(arrays))) }
            if isRead {
                #expect(try decode(bytes, dialect, .value).count == 1)
            } else {
                #expect(throws: Malformed.depth) { try decode(bytes, dialect, .value) }
            }
        }
    }

    @Test("exactly 64 enclosing values are read")
    func exactDepth() throws {
        // DATA_ARRAY of DATA_ARRAY: one level each, and the innermost holds a BYTE, which is none.
        func arrays(_ count: Int) -> [UInt8] {
            var bytes: [UInt8] = [2]
            for _ in 1..<count { bytes += [39, 1] }
            return bytes + [2, 1, 7]
        }
        #expect(try decode(arrays(64), .server, .dataArray).count == 1)
        #expect(throws: Malformed.depth) { try decode(arrays(65), .server, .dataArray) }
        #expect(throws: Malformed.depth) { try decode(arrays(100_000), .server, .dataArray) }
    }

    @Test("a count no bytes explain is refused", arguments: Dialect.all, [1000, Int(Int32.max), -1, Int(Int32.min)])
    func topCount(dialect: Dialect, count: Int) {
        let bytes = packed(dialect) { packer in
            packer.head(.procRank, count: count)
            packer.writer.append([UInt8](repeating: 1, count: 40))
        }
        #expect(throws: Malformed.count) { try decode(bytes, dialect, .procRank) }
    }

    @Test("the sizes inside a value are no better", arguments: Dialect.all, [1000, 1 << 31, 1 << 40, .max] as [UInt64])
    func innerSizes(dialect: Dialect, size: UInt64) {
        for element in [DataType.byte, .uint32, .string, .info, .value, .proc, .size, .pid] {
            let bytes = packed(dialect) { packer in
                packer.head(.dataArray, count: 1)
                packer.tag(element)
                packer.size(inside: size)
                packer.writer.append([UInt8](repeating: 1, count: 30))
            }
            #expect(throws: Malformed.count) { try decode(bytes, dialect, .dataArray) }
        }
        for type in [DataType.byteObject, .compressedString, .dataBuffer] {
            let bytes = packed(dialect) { packer in
                packer.head(type, count: 1)
                packer.size(inside: size)
                packer.writer.append([UInt8](repeating: 1, count: 30))
            }
            #expect(throws: Malformed.pastEnd) { try decode(bytes, dialect, type) }
        }
    }

    private enum Field {
        case byte(UInt8)
        case unsigned(UInt64)
        case signed(Int64)
        case int(Int64)
        case size(UInt64)
        case text(Text?)

        func write(to packer: inout Packer) {
            switch self {
            case .byte(let value): packer.writer.byte(value)
            case .unsigned(let value): packer.unsigned(value, 2)
            case .signed(let value): packer.signed(value, 4)
            case .int(let value): packer.taggedInt(value)
            case .size(let value): packer.size(inside: value)
            case .text(let text): packer.string(inside: text)
            }
        }
    }

    @Test(
        "counts of arguments, keys, dimensions, coordinates and disks are bounded by the bytes", arguments: Dialect.all)
    func innerCounts(dialect: Dialect) {
        let heads: [(DataType, [Field])] = [
            (.app, [.text("c"), .int(1 << 30)]), (.app, [.text("c"), .int(-1)]),
            (.app, [.text("c"), .int(0), .signed(-5)]), (.query, [.signed(1 << 30)]),
            (.query, [.signed(0), .size(1 << 50)]), (.coordinate, [.byte(1), .size(1 << 50)]),
            (.geometry, [.size(1), .text(nil), .text(nil), .size(1 << 50)]),
            (.regattr, [.text(nil), .text(nil), .unsigned(1), .signed(-1)]), (.infoArray, [.size(1 << 50)]),
        ]
        for (type, fields) in heads {
            let bytes = packed(dialect) { packer in
                packer.head(type, count: 1)
                for field in fields { field.write(to: &packer) }
                packer.writer.append([UInt8](repeating: 0, count: 20))
            }
            #expect(throws: Malformed.count, "\(type)") { try decode(bytes, dialect, type) }
        }
    }

    @Test("a string must end with its only NUL", arguments: Dialect.all)
    func strings(dialect: Dialect) throws {
        for (bytes, isRead) in [
            ([0x61, 0], true), ([0], true), ([0x61, 0x62], false), ([0x61, 0, 0], false), ([0, 0x61, 0], false),
        ] {
            let packed = packed(dialect) { packer in
                packer.head(.string, count: 1)
                packer.signed(Int64(bytes.count), 4)
                packer.writer.append(bytes.map { UInt8($0) })
            }
            if isRead {
                #expect(try decode(packed, dialect, .string).count == 1)
            } else {
                #expect(throws: Malformed.string) { try decode(packed, dialect, .string) }
            }
        }
    }

    @Test("a string longer than what is left, or of negative length, is refused", arguments: Dialect.all)
    func stringLengths(dialect: Dialect) {
        for (length, reason) in [
            (5, Malformed.pastEnd), (Int64(Int32.max), .pastEnd), (-1, .count), (Int64(Int32.min), .count),
        ] {
            let bytes = packed(dialect) { packer in
                packer.head(.string, count: 1)
                packer.signed(length, 4)
                packer.writer.append([0x61, 0x61, 0x61, 0])
            }
            #expect(throws: reason) { try decode(bytes, dialect, .string) }
        }
    }

    @Test("NULL and empty are two different strings", arguments: Dialect.all)
    func nullAndEmpty(dialect: Dialect) throws {
        let bytes = packed(dialect) { $0.items(.string, [.text(nil), .text("")]) }
        let texts = try decode(bytes, dialect, .string).map { content -> Text? in
            guard case .text(let text) = content else { return "no text" }
            return text
        }
        #expect(texts == [nil, ""])
    }

    @Test("type codes nobody has are refused", arguments: Dialect.all, [29, 74, 499, 65_535] as [UInt64])
    func unknownTypes(dialect: Dialect, code: UInt64) {
        let bytes = packed(dialect) { packer in
            packer.head(.value, count: 1)
            packer.unsigned(code, 2)
            packer.writer.append([0, 0, 0, 0])
        }
        #expect(throws: Malformed.type(UInt16(code))) { try decode(bytes, dialect, .value) }
    }

    @Test("a flex integer too large for its field is refused")
    func overflow() {
        let fields: [(DataType, UInt64)] = [
            (.uint16, 1 << 16), (.uint32, 1 << 32), (.procRank, 1 << 32), (.iofChannel, 1 << 16), (.int16, 1 << 16),
            (.int32, 1 << 32),
            (.status, 1 << 32), (.int, 1 << 32), (.uint, 1 << 32), (.int16, .max), (.uint32, .max),
        ]
        for (type, value) in fields {
            var writer = ByteWriter()
            writer.byte(2)
            writer.flex(value)
            #expect(throws: Malformed.overflow, "\(type)") { try decode(writer.bytes, .server, type) }
        }
    }

    @Test("a described buffer with another type's tags is refused")
    func wrongTags() {
        for dialect in Dialect.all where dialect.isDescribed {
            let bytes = packed(dialect) { $0.one(.uint32, .unsigned(5)) }
            #expect(throws: Malformed.type(DataType.uint32.rawValue)) { try decode(bytes, dialect, .string) }
            let plain = Dialect(integers: dialect.integers, isDescribed: false)
            let untagged = packed(plain) { $0.one(.string, .text("abc")) }
            #expect(throws: Malformed.self) { try decode(untagged, dialect, .string) }
        }
    }

    @Test("INT, SIZE and PID with a tag of another width are refused")
    func wrongWords() {
        let fixed = Dialect(integers: .fixed, isDescribed: false)
        for type in [DataType.int, .uint, .size, .pid] {
            let bytes = packed(fixed) { packer in
                packer.head(type, count: 1)
                packer.tag(.string)
                packer.writer.append([UInt8](repeating: 0, count: 8))
            }
            #expect(throws: Malformed.type(3)) { try decode(bytes, fixed, type) }
        }
    }

    @Test("one item where there are two, or none, is refused")
    func oneOf() {
        for count in [0, 2] {
            let bytes = packed(.server) { $0.items(.uint32, Array(repeating: .unsigned(1), count: count)) }
            #expect(throws: Malformed.count) {
                try bytes.unpack(.server) { (unpacker) throws(Malformed) in try unpacker.uint32() }
            }
        }
    }

    @Test("a list whose pack has another count than its SIZE is refused")
    func listCounts() {
        let bytes = packed(.server) { packer in
            packer.size(3)
            packer.items(.status, [.signed(0), .signed(-1)])
        }
        #expect(throws: Malformed.count) {
            try bytes.unpack(.server) { (unpacker) throws(Malformed) in try unpacker.list(.status) }
        }
    }

    @Test(
        "a regex blob's length is not trusted",
        arguments: [
            "blob\0component=zlib:\099999999:abc", "blob\0component=zlib:\0-1:abc",
            "blob\0component=zlib:\099999999999999:a", "blob\0x", "blob\0x\0\0",
        ])
    func regexBlob(text: String) {
        let bytes = [2] + Array(text.utf8)
        #expect(throws: Malformed.self) { try decode(bytes, .server, .regex) }
    }

    @Test("a regex blob comes back as it is")
    func wholeRegexBlob() throws {
        let blob = Array("blob\0component=zlib:\u{0}3:abc".utf8)
        let contents = try decode([2] + blob + [9], .server, .regex)
        guard case .bytes(let back) = try #require(contents.first) else { throw NoHex(text: "no bytes") }
        #expect(back == blob)
    }
}
