import Bytes
import PMIxWire
import Testing

@Suite("types without a recorded array")
struct TypeFormTests {
    static let values: [(DataType, Content)] = [
        (.buffer, .buffer(kind: 2, [1, 2, 3])), (.buffer, .buffer(kind: 1, [])),
        (.keyValue, .keyValue(KeyValue("a.key", .string("value")))), (.command, .unsigned(24)),
        (.infoArray, .array(DataArray(.info, [.info(Info("k", .uint32(1), flags: 8)), .info(Info("l", .undefined))]))),
        (.device, .device(Device(uuid: "u", osName: nil, type: 1 << 40))), (.resourceBlockDirective, .unsigned(3)),
        (.resourceUnit, .resourceUnit(type: 2, count: 3)),
        (.nodePID, .nodePID(NodePID(host: "h", nodeID: 70_000, pid: 9))),
        (.topology, .topology(TopologyValue(source: nil, xml: nil, support: []))),
        (.cpuset, .text("0-3,7")), (.procNamespace, .text(nil)),
        (.regex, .bytes(Array("blob\0component=zlib:\u{0}2:ab".utf8))),
    ]

    private func decode(_ bytes: [UInt8], _ dialect: Dialect, _ type: DataType) throws -> [Content] {
        try bytes.unpack(dialect) { (unpacker) throws(Malformed) in
            let contents = try unpacker.items(type)
            guard unpacker.isAtEnd else { throw .count }
            return contents
        }
    }

    private func encode(_ contents: [Content], _ dialect: Dialect, _ type: DataType) -> [UInt8] {
        var packer = Packer(dialect)
        packer.items(type, contents)
        return packer.bytes
    }

    @Test("each comes back from every dialect, and cut anywhere is refused", arguments: Dialect.all)
    func roundTrip(dialect: Dialect) throws {
        for (type, content) in TypeFormTests.values {
            let bytes = encode([content, content], dialect, type)
            let back = try decode(bytes, dialect, type)
            #expect(hex(encode(back, dialect, type)) == hex(bytes), "\(type)")
            #expect("\(back)" == "\([content, content])")
            for count in 0..<bytes.count {
                #expect(throws: Malformed.self, "\(type), \(count) bytes") {
                    try decode(Array(bytes.prefix(count)), dialect, type)
                }
            }
        }
    }

    @Test("each inside a VALUE, an INFO, a KVAL and a DATA_ARRAY comes back", arguments: Dialect.all)
    func inside(dialect: Dialect) throws {
        let all =
            try TypeFormTests.values
            + PackedType.all.filter { $0.dialect == .server }.flatMap { vector in
                try vector.contents().map { (vector.type, $0) }
            }
        for (type, content) in all where type != .topology {
            let value = Value(type, content)
            let holders: [(DataType, Content)] = [
                (.value, .value(value)), (.info, .info(Info("k", value, flags: 1))),
                (.keyValue, .keyValue(KeyValue("k", value))),
                (.pdata, .published(PublishedValue(proc: Proc("n", .wildcard), key: "k", value: value))),
                (.dataArray, .array(DataArray(type, [content, content, content]))),
            ]
            for (holder, held) in holders {
                let bytes = encode([held], dialect, holder)
                let back = try decode(bytes, dialect, holder)
                #expect("\(back)" == "\([held])", "\(type) in \(holder)")
            }
        }
    }

    @Test("content of another form is written as a zero that can be read", arguments: Dialect.all)
    func misfits(dialect: Dialect) throws {
        let codes = (1...73).compactMap { DataType(rawValue: $0) }
        #expect(codes.count == 72)
        for type in codes {
            for misfit in [Content.none, .text("x"), .unsigned(1), .bytes([1]), .proc(Proc("n", .wildcard))] {
                let bytes = encode([misfit], dialect, type)
                #expect(try decode(bytes, dialect, type).count == 1, "\(type)")
            }
        }
    }

    @Test("processes and infos look the same from the short way and the general one", arguments: Dialect.all)
    func shortcuts(dialect: Dialect) throws {
        let procs = [Proc("a", Rank(0)), Proc("b", .wildcard), Proc("", .undefined)]
        let infos = [Info("k", .string("v"), flags: 3), Info("", .infos([Info("inner", .undefined)]))]
        for count in 0...3 {
            let some = (procs: Array(procs.prefix(count)), infos: Array(infos.prefix(count)))
            var short = Packer(dialect)
            short.procs(some.procs)
            short.infos(some.infos)
            for proc in some.procs { short.proc(proc) }
            for info in some.infos { short.info(info) }
            var general = Packer(dialect)
            general.list(.proc, some.procs.map { .proc($0) })
            general.list(.info, some.infos.map { .info($0) })
            for proc in some.procs { general.one(.proc, .proc(proc)) }
            for info in some.infos { general.one(.info, .info(info)) }
            #expect(hex(short.bytes) == hex(general.bytes))
            let read = try short.bytes.unpack(dialect) { (unpacker) throws(Malformed) in
                (try unpacker.list(.proc).count, try unpacker.infos().map(\.key), unpacker.isAtEnd)
            }
            #expect(read.0 == some.procs.count)
            #expect(read.1 == some.infos.map(\.key))
            #expect(read.2 == (count == 0))
        }
    }

    @Test("numbers are read for what they are, whatever width the sender chose")
    func accessors() {
        #expect(Value(.int, .signed(7)).asUnsigned == 7)
        #expect(Value(.int, .signed(-7)).asUnsigned == nil)
        #expect(Value(.size, .unsigned(1 << 33)).asUInt32 == nil)
        #expect(Value(.double, .real(2.5)).asUnsigned == 2)
        #expect(Value(.double, .real(-1)).asUnsigned == nil)
        #expect(Value.undefined.asBool == true)
        #expect(Value.bool(false).asBool == false)
        #expect(Value.string("false").asBool == false)
        #expect(Value.string("True").asBool == true)
        #expect(Value.string("0").asBool == false)
        #expect(Value(.regex, .bytes(Array("raw:a\0".utf8))).asText == "raw:a")
        #expect([Info("a", .uint32(1)), Info("a", .uint32(2))]["a"]?.asUInt32 == 1)
    }
}
