import Bytes
import Testing

/// What `body` reads from the bytes, and how many it leaves.
func read<T>(_ bytes: [UInt8], _ body: (inout ByteReader) throws -> T) throws -> (value: T, left: Int) {
    var reader = ByteReader(bytes.span.bytes)
    let value = try body(&reader)
    return (value, reader.remaining)
}

func written(_ body: (inout ByteWriter) -> Void) -> [UInt8] {
    var writer = ByteWriter()
    body(&writer)
    return writer.bytes
}

@Suite("integers on the wire")
struct IntegerTests {
    /// Value and bytes, as OpenPMIx 4.2.2 writes them.
    static let flex: [(UInt64, [UInt8])] = [
        (0, [0]), (1, [1]), (0x7f, [0x7f]), (0x80, [0x80, 1]), (0x3fff, [0xff, 0x7f]), (0x4000, [0x80, 0x80, 1]),
        (0xffff_fffe, [0xfe, 0xff, 0xff, 0xff, 0x0f]), (0xffff_ffff, [0xff, 0xff, 0xff, 0xff, 0x0f]),
        (0x1_0000_0000, [0x80, 0x80, 0x80, 0x80, 0x10]),
        ((1 << 56) - 1, [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]),
        (1 << 56, [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 1]),
        (1 << 63, [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80]),
        (0x1122_3344_5566_7788, [0x88, 0xef, 0x99, 0xab, 0xc5, 0xe8, 0x8c, 0x91, 0x11]),
        (.max, [UInt8](repeating: 0xff, count: 9)),
    ]

    @Test("a flex integer has the known bytes", arguments: flex)
    func flexBytes(value: UInt64, expected: [UInt8]) throws {
        #expect(written { $0.flex(value) } == expected)
        #expect(try read(expected) { try $0.flex() } == (value, 0))
    }

    @Test("a flex integer comes back around every power of two", arguments: 0..<64)
    func flexPowers(bit: Int) throws {
        let power = UInt64(1) << UInt64(bit)
        for value in [power - 1, power, power &+ 1, ~power] {
            let bytes = written { $0.flex(value) }
            #expect(bytes.count <= 9)
            #expect(try read(bytes) { try $0.flex() } == (value, 0))
        }
    }

    @Test("a flex integer cut anywhere is refused", arguments: flex)
    func flexTruncated(value: UInt64, bytes: [UInt8]) {
        for count in 0..<bytes.count {
            #expect(throws: Malformed.pastEnd) { try read(Array(bytes.prefix(count))) { try $0.flex() } }
        }
    }

    @Test("a flex integer may be longer than it needs to be")
    func flexPadded() throws {
        #expect(try read([0x81, 0x80, 0x00, 9]) { try $0.flex() } == (1, 1))
    }

    @Test(
        "zig-zag folds the sign into the last bit",
        arguments: [
            (0, 0), (-1, 1), (1, 2), (-2, 3), (-42, 0x53), (-46, 0x5b), (Int64.max, .max - 1), (Int64.min, .max),
        ] as [(Int64, UInt64)])
    func zigZag(value: Int64, folded: UInt64) {
        #expect(ZigZag.encode(value) == folded)
        #expect(ZigZag.decode(folded) == value)
    }

    @Test("fixed integers are big-endian", arguments: [0, 1, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff] as [UInt32])
    func fixed(value: UInt32) throws {
        let word = written { $0.bigEndian(value) }
        #expect(word == [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> UInt32($0)) })
        #expect(try read(word) { try $0.bigEndian(UInt32.self) } == (value, 0))
        #expect(try read(word) { try $0.bigEndian(Int32.self) } == (Int32(bitPattern: value), 0))
        #expect(try read(word) { try $0.bigEndian(UInt16.self) } == (UInt16(value >> 16), 2))
        let long = UInt64(value) << 32 | 5
        #expect(try read(written { $0.bigEndian(long) }) { try $0.bigEndian(UInt64.self) } == (long, 0))
    }

    @Test("little-endian and host integers")
    func littleEndian() throws {
        let bytes = written { $0.littleEndian(UInt32(8999)) }
        #expect(bytes == [0x27, 0x23, 0, 0])
        #expect(try read(bytes) { try $0.littleEndian(UInt32.self) } == (8999, 0))
        #expect(try read(written { $0.hostOrder(UInt32(77)) }) { try $0.hostOrder(UInt32.self) } == (77, 0))
    }

    @Test("an integer cut anywhere is refused and nothing is consumed", arguments: 0..<8)
    func fixedTruncated(count: Int) throws {
        let left = try read([UInt8](repeating: 1, count: count)) { reader in
            #expect((try? reader.bigEndian(UInt64.self)) == nil)
        }.left
        #expect(left == count)
    }
}
