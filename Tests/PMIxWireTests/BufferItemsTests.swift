import Bytes
import PMIxWire
import Testing

@Suite("buffers that programs pack")
struct BufferItemsTests {
    static let dialects = [
        Dialect(integers: .flex, isDescribed: false), Dialect(integers: .flex, isDescribed: true),
        Dialect(integers: .fixed, isDescribed: false), Dialect(integers: .fixed, isDescribed: true),
    ]

    private func packed(_ type: DataType, _ values: [Content], _ dialect: Dialect) -> [UInt8] {
        var packer = Packer(dialect)
        packer.items(type, values)
        return packer.bytes
    }

    private func take(
        _ bytes: [UInt8], _ type: DataType, atMost most: Int, _ dialect: Dialect
    ) -> (count: Int, status: Status, position: Int) {
        var unpacker = Unpacker(bytes.span.bytes, dialect)
        do throws(Status) {
            let taken = try unpacker.take(type, atMost: most)
            return (taken.values.count, taken.isAll ? .success : .inadequateSpace, unpacker.reader.position)
        } catch {
            return (0, error, unpacker.reader.position)
        }
    }

    @Test("an item comes out whole, in part, and never past its end", arguments: dialects)
    func parts(_ dialect: Dialect) {
        for type in [DataType.uint32, .int, .pid, .size] {
            let bytes = packed(type, [.unsigned(1), .unsigned(2)], dialect)
            let whole = take(bytes, type, atMost: 5, dialect)
            #expect(whole.count == 2 && whole.status == .success && whole.position == bytes.count)
            let part = take(bytes, type, atMost: 1, dialect)
            #expect(part.count == 1 && part.status == .inadequateSpace && part.position < bytes.count)
            for cut in 1...bytes.count {
                let short = take(Array(bytes.dropLast(cut)), type, atMost: 2, dialect)
                #expect(short.status == .readPastEnd)
            }
        }
    }

    @Test("only a described buffer knows that it has another type", arguments: dialects)
    func mismatch(_ dialect: Dialect) {
        let bytes = packed(.byte, [.unsigned(7)], dialect)
        #expect(take(bytes, .int8, atMost: 1, dialect).status == (dialect.isDescribed ? .packMismatch : .success))
    }

    @Test("however many pointers there are, one byte stands for them, and none is believed without end")
    func pointers() {
        let dialect = Self.dialects[0]
        let bytes = packed(.pointer, [.unsigned(1), .unsigned(2), .unsigned(3)], dialect)
        #expect(bytes == [6, 1])
        #expect(take(bytes, .pointer, atMost: 9, dialect).count == 3)
        let array = DataArray(.pointer, [.unsigned(0), .unsigned(0)])
        let many = packed(.dataArray, [Content](repeating: .array(array), count: 3), dialect)
        #expect(take(many, .dataArray, atMost: 3, dialect).count == 3)
        var writer = Packer(dialect)
        writer.head(.dataArray, count: 1)
        for value: UInt64 in [31, 1 << 40] { writer.writer.flex(value) }
        #expect(take(writer.bytes + [1], .dataArray, atMost: 1, dialect).status == .unpackFailure)
    }

    @Test("a negative count is refused")
    func negative() {
        #expect(take([1, 0], .byte, atMost: 1, Self.dialects[0]).status == .unpackFailure)
    }
}

@Suite("what values can be asked")
struct ValueQuestionTests {
    @Test("numbers fit or say why they do not")
    func numbers() throws {
        guard case .unsigned(let byte) = try Value.uint64(255).number(as: .uint8) else { throw Status.error }
        #expect(byte == 255)
        #expect(throws: Status(rawValue: -400)) { try Value.uint64(256).number(as: .uint8) }
        #expect(throws: Status(rawValue: -401)) { try Value(.int, .signed(-1)).number(as: .size) }
        #expect(throws: Status(rawValue: -400)) { try Value(.double, .real(.nan)).number(as: .int) }
        #expect(throws: Status(rawValue: -401)) { try Value(.double, .real(-0.5)).number(as: .uint32) }
        #expect(throws: Status.badParameter) { try Value.string("1").number(as: .int) }
        guard case .signed(let least) = try Value(.int64, .signed(.min)).number(as: .int64) else { throw Status.error }
        #expect(least == .min)
    }

    @Test("values are in an order that does not depend on their bytes")
    func order() {
        #expect(Value.uint32(1).compared(to: .uint32(256)) == .secondGreater)
        #expect(Value(.int, .signed(-1)).compared(to: Value(.int, .signed(1))) == .secondGreater)
        #expect(Value.string("b").compared(to: .string("abc")) == .firstGreater)
        #expect(Value.string(nil).compared(to: .string("")) == .secondGreater)
        #expect(Value.bytes([9]).compared(to: .bytes([1, 1])) == .secondGreater)
        #expect(Value.uint32(1).compared(to: .uint64(1)) == .differentTypes)
        let one = Value.infos([Info("a", .uint32(1)), Info("b", .uint32(2))])
        #expect(one.compared(to: .infos([Info("a", .uint32(1)), Info("b", .uint32(3))])) == .secondGreater)
        #expect(one.compared(to: .infos([Info("a", .uint32(1))])) == .firstGreater)
        #expect(one.compared(to: .procs([])) == .differentTypes)
        #expect(one.compared(to: one) == .equal)
        let logical = Value(.coordinate, .coordinate(Coordinate(view: 1, dimensions: [1])))
        let physical = Value(.coordinate, .coordinate(Coordinate(view: 2, dimensions: [1])))
        #expect(logical.compared(to: physical) == .incompatible)
        let nameless = Value(.diskStats, .diskStats(DiskStats(disk: nil, counters: [])))
        #expect(nameless.compared(to: nameless) == .notAvailable)
    }
}
