import Bytes
import CLibc

/// A line about a message, no longer than anybody reads. What a peer says is shown without control characters.
struct TraceLine {
    private(set) var bytes: [UInt8] = []
    private let release: Release

    private static let longest = 1000
    private static let longestText = 64
    private static let longestList = 16

    init(_ release: Release) {
        self.release = release
    }

    var isFull: Bool { bytes.count > TraceLine.longest }

    /// Words of ours.
    @inline(never)
    mutating func say(_ words: StaticString) {
        words.withUTF8Buffer { bytes.append(contentsOf: UnsafeRawBufferPointer($0)) }
    }

    @inline(never)
    mutating func add(_ text: Text, atMost most: Int = Int.max) {
        for byte in text.bytes.prefix(most) {
            bytes.append(byte < 0x20 || byte == 0x7f ? UInt8(ascii: "?") : byte)
        }
    }

    @inline(never)
    mutating func add(number: UInt64) {
        add(Text(decimal: number))
    }

    @inline(never)
    mutating func add(byteCount: Int) {
        add(number: UInt64(clamping: byteCount))
        say(" bytes")
    }

    mutating func addTime() {
        let clock = [UInt8](unsafeUninitializedCapacity: 32) { room, count in
            room.withMemoryRebound(to: CChar.self) { count = Int(clibc_clock($0.baseAddress, 32)) }
        }
        bytes.add(clock)
    }

    @inline(never)
    mutating func add(_ proc: Proc) {
        add(proc.nspace)
        say(":")
        proc.rank == .wildcard ? say("*") : add(plain(.procRank, .unsigned(UInt64(proc.rank.rawValue))))
    }

    private mutating func add(key: Key) {
        add(Trace.words?.key(key) ?? key)
    }

    @inline(never)
    private mutating func add(_ key: Key, _ value: Value) {
        add(key: key)
        if value.type == .undefined { return }
        say("=")
        add(value.type, value.content)
    }

    @inline(never)
    private mutating func add(_ type: DataType, list: [Content]) {
        if list.isEmpty { return }
        say("{")
        for place in 0..<list.count {
            if place > 0 { say(", ") }
            if place == TraceLine.longestList || isFull {
                say("and ")
                add(number: UInt64(list.count - place))
                say(" more")
                break
            }
            add(type, list[place])
        }
        say("}")
    }

    @inline(never)
    mutating func add(_ type: DataType, _ content: Content) {
        if isFull { return }
        switch content {
        case .text(let text):
            say("\"")
            if let text { add(text, atMost: TraceLine.longestText) }
            (text?.count ?? 0) > TraceLine.longestText ? say("...\"") : say("\"")
        case .bytes(let bytes): add(byteCount: bytes.count)
        case .proc(let proc): add(proc)
        case .value(let value): add(value.type, value.content)
        case .info(let info): add(info.key, info.value)
        case .keyValue(let pair): add(pair.key, pair.value)
        case .array(let array): add(array.type, list: array.elements)
        case .published(let data):
            add(data.key, data.value)
            say(" of ")
            add(data.proc)
        case .query(let query):
            for (place, key) in query.keys.enumerated() {
                if place > 0 { say(" ") }
                add(key: key)
            }
            if !query.qualifiers.isEmpty { say(" ") }
            add(.info, list: query.qualifiers.map { .info($0) })
        case .app(let app):
            add(number: UInt64(clamping: app.processCount))
            say(" x ")
            for argument in app.arguments {
                add(argument, atMost: TraceLine.longestText)
                say(" ")
            }
            add(.info, list: app.infos.map { .info($0) })
        case .unsigned, .signed, .real: add(plain(type, content))
        default: say("...")
        }
    }

    private func plain(_ type: DataType, _ content: Content) -> Text {
        if let words = Trace.words { return words.plain(type, content) }
        switch content {
        case .signed(let number): return Text(decimal: number)
        case .unsigned(let number): return Text(decimal: number)
        default: return "..."
        }
    }

    // MARK: Forms

    /// The items of a message, a letter each: a small one stands for one value, a capital for a list, and what a star
    /// follows is repeated to the end.
    @inline(never)
    mutating func add(form: Text, _ unpacker: inout Unpacker) throws(Malformed) {
        let letters = form.bytes
        var place = 0
        while place < letters.count && !unpacker.isAtEnd && !isFull {
            let letter = letters[place]
            if letter == UInt8(ascii: "*") {
                place -= 1
            } else {
                try add(letter, &unpacker)
                place += 1
            }
        }
    }

    private static func type(_ letter: UInt8) -> DataType {
        switch letter {
        case UInt8(ascii: "a"): .app
        case UInt8(ascii: "b"): .byteObject
        case UInt8(ascii: "c"): .iofChannel
        case UInt8(ascii: "d"): .allocDirective
        case UInt8(ascii: "e"): .status
        case UInt8(ascii: "f"): .deviceDistance
        case UInt8(ascii: "i"): .info
        case UInt8(ascii: "k"): .keyValue
        case UInt8(ascii: "l"): .resourceBlockDirective
        case UInt8(ascii: "m"): .cpuset
        case UInt8(ascii: "o"): .scope
        case UInt8(ascii: "p"): .proc
        case UInt8(ascii: "q"): .query
        case UInt8(ascii: "r"): .procRank
        case UInt8(ascii: "s"): .string
        case UInt8(ascii: "t"): .time
        case UInt8(ascii: "u"): .uint32
        case UInt8(ascii: "v"): .dataRange
        case UInt8(ascii: "w"): .resourceUnit
        case UInt8(ascii: "x"): .topology
        case UInt8(ascii: "y"): .pdata
        default: .size
        }
    }

    private mutating func add(_ letter: UInt8, _ unpacker: inout Unpacker) throws(Malformed) {
        switch letter {
        case UInt8(ascii: "C"): try addCommitted(&unpacker)
        case UInt8(ascii: "G"): try add(form: release.has(.groupAnswerHasMembers) ? "P" : "z", &unpacker)
        case UInt8(ascii: "g"):
            say(" user")
            try add(form: "u", &unpacker)
        case UInt8(ascii: "H"): try addList(.status, unpacker.items(.status))
        case UInt8(ascii: "J"): try addShown(try unpacker.byteObject(), unpacker.dialect, "pk*")
        case UInt8(ascii: "M"): try addShown(try unpacker.byteObject(), unpacker.dialect, "sk*")
        case UInt8(ascii: "K"): if release.has(.outputHasHandler) { try add(form: "zI", &unpacker) }
        case UInt8(ascii: "L"):
            let count = try unpacker.size()
            for _ in 0..<min(count, UInt64(unpacker.reader.remaining)) { try add(form: "s", &unpacker) }
        case UInt8(ascii: "N"):
            guard release.has(.groupEndHasMembers) else { return }
            _ = try unpacker.size()
            try addList(.proc, unpacker.items(.proc))
        default:
            let isOne = letter & 0x20 != 0
            let type = TraceLine.type(letter | 0x20)
            isOne ? try addList(type, unpacker.one(type)) : try addList(type, unpacker.list(type))
        }
    }

    private mutating func addList(_ type: DataType, _ list: [Content]) {
        if list.isEmpty { return }
        say(" ")
        add(type, list: list)
    }

    private mutating func addList(_ type: DataType, _ one: Content) {
        say(" ")
        add(type, one)
    }

    /// What a process shows, in a buffer of its own.
    private mutating func addShown(_ bytes: [UInt8], _ dialect: Dialect, _ form: Text) throws(Malformed) {
        try bytes.unpack(dialect) { (unpacker) throws(Malformed) in try add(form: form, &unpacker) }
    }

    private mutating func addCommitted(_ unpacker: inout Unpacker) throws(Malformed) {
        try add(form: "o", &unpacker)
        guard case .buffer(let kind, let bytes) = try unpacker.one(.buffer) else { return }
        say(":")
        try addShown(bytes, Dialect(integers: unpacker.dialect.integers, isDescribed: kind == 2), "k*")
    }
}
