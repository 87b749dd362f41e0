import Bytes
import PMIxWire
import Testing

/// One line of types.txt: an array of values of one type as OpenPMIx 4.2.2 packs it.
struct PackedType: CustomStringConvertible, Sendable {
    var dialect: Dialect
    var type: DataType
    var name: String
    var bytes: [UInt8]

    var description: String {
        name + (dialect.integers == .flex ? " flex" : " fixed") + (dialect.isDescribed ? " described" : "")
    }

    static let all: [PackedType] = {
        do {
            return try Vectors.lines("types.txt").map { line in
                guard let code = UInt16(line[1]), let type = DataType(rawValue: code) else {
                    throw NoHex(text: line[1])
                }
                return PackedType(
                    dialect: Dialect(
                        integers: line[0].hasPrefix("flex") ? .flex : .fixed,
                        isDescribed: line[0].hasSuffix("described")),
                    type: type, name: line[2], bytes: try PMIxWireTests.bytes(hex: line[3]))
            }
        } catch {
            fatalError("types.txt is unreadable: \(error)")
        }
    }()

    func contents() throws -> [Content] {
        try bytes.unpack(dialect) { (unpacker) throws(Malformed) in
            let contents = try unpacker.items(type)
            guard unpacker.isAtEnd else { throw .count }
            return contents
        }
    }
}

extension Dialect {
    static let all = [
        Dialect(integers: .flex, isDescribed: false), Dialect(integers: .flex, isDescribed: true),
        Dialect(integers: .fixed, isDescribed: false), Dialect(integers: .fixed, isDescribed: true),
    ]
}

@Suite("types as the original packs them")
struct TypeTests {
    @Test("an array decodes to its last byte and encodes to the same bytes", arguments: PackedType.all)
    func golden(vector: PackedType) throws {
        let contents = try vector.contents()
        var packer = Packer(vector.dialect)
        packer.items(vector.type, contents)
        #expect(hex(packer.bytes) == hex(vector.bytes))
    }

    @Test("an array cut anywhere is refused", arguments: PackedType.all)
    func truncated(vector: PackedType) {
        // The topology's last field is as long as the sender's hwloc has it; the XML before it cannot be cut.
        let whole = vector.type == .topology ? vector.bytes.count - 32 : vector.bytes.count
        // Release 6.1 ends an array of nothing after its element type.
        let sizeByteCount = vector.dialect.integers == .flex ? 1 : 10
        for count in 0..<whole where vector.name != "array-undef" || count != whole - sizeByteCount {
            var short = vector
            short.bytes = Array(vector.bytes.prefix(count))
            #expect(throws: Malformed.self, "\(count) of \(whole) bytes") { try short.contents() }
        }
    }

    @Test(
        "every type written in one dialect is read back in it, and from there in any other", arguments: PackedType.all)
    func translated(vector: PackedType) throws {
        let contents = try vector.contents()
        for dialect in Dialect.all {
            var there = Packer(dialect)
            there.items(vector.type, contents)
            let back = try there.bytes.unpack(dialect) { (unpacker) throws(Malformed) in
                let contents = try unpacker.items(vector.type)
                guard unpacker.isAtEnd else { throw .count }
                return contents
            }
            var again = Packer(vector.dialect)
            again.items(vector.type, back)
            #expect(hex(again.bytes) == hex(vector.bytes))
        }
    }

    @Test("no type is without a vector but those of later releases and the library's own")
    func coverage() {
        let seen = Set(PackedType.all.filter { $0.dialect.integers == .flex }.map(\.type.rawValue))
        let missing = (1...73).filter { !seen.contains($0) && DataType(rawValue: $0) != nil }
        // BUFFER, KVAL, COMMAND and INFO_ARRAY are in the sessions or in TypeFormTests; 70 to 73 came with release 6.1.
        #expect(missing == [26, 28, 34, 44, 70, 71, 72, 73])
    }

    @Test("each dialect has all the types its codec knows")
    func counts() {
        let counts = Dialect.all.map { dialect in PackedType.all.filter { $0.dialect == dialect }.count }
        #expect(counts == [100, 100, 67, 67])
    }
}
