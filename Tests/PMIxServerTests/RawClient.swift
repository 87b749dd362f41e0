import Bytes
import PMIxWire
import Sockets
import Testing

/// A peer made of a socket and packed bytes: what the server does is judged by what it sends.
final class RawClient {
    let socket: Socket
    let handshake: Handshake
    let dialect: Dialect
    private var tag: UInt32 = 100
    private var early: [Message] = []

    static let patience: UInt64 = 5

    init(_ address: Address, _ handshake: Handshake) throws {
        self.handshake = handshake
        dialect = Dialect(module: handshake.module, isDescribed: handshake.isDescribed) ?? .server
        socket = try Socket.connect(to: address, deadline: Deadline(seconds: RawClient.patience))
        try write(handshake.bytes())
    }

    /// A connection that has said nothing yet.
    static func silent(_ address: Address) throws -> Socket {
        try Socket.connect(to: address, deadline: Deadline(seconds: patience))
    }

    func write(_ bytes: [UInt8]) throws {
        try socket.sendAll(bytes, Deadline(seconds: RawClient.patience))
    }

    func read(_ count: Int) throws -> [UInt8] {
        try socket.receiveAll(count, Deadline(seconds: RawClient.patience))
    }

    // MARK: The handshake

    func word() throws -> UInt32 {
        let bytes = try read(4)
        return bytes.reduce(0) { $0 << 8 | UInt32($1) }
    }

    func handshakeStatus() throws -> Status {
        Status(rawValue: Int32(bitPattern: try word()))
    }

    /// Why the server does not let this peer in; nil when it just closes the connection.
    func refusal() -> Status? {
        guard let status = try? handshakeStatus() else { return nil }
        return isClosed() ? status : .success
    }

    /// A client's part: the status and the index.
    func enter() throws {
        try #require(try handshakeStatus() == .success)
        _ = try word()
    }

    /// Whether the server has closed the connection.
    func isClosed() -> Bool {
        do {
            _ = try read(1)
            return false
        } catch let error as Errno {
            return error == .closed
        } catch {
            return false
        }
    }

    // MARK: Messages

    @discardableResult
    func send(_ packer: Packer) throws -> UInt32 {
        tag += 1
        try write(Message(tag: tag, payload: packer.bytes).framed(index: 0))
        return tag
    }

    func receive() throws -> Message {
        if !early.isEmpty { return early.removeFirst() }
        return try fromSocket()
    }

    private func fromSocket() throws -> Message {
        let bytes = try read(Header.byteCount)
        var reader = ByteReader(bytes.span.bytes)
        let header = try Header(from: &reader)
        return Message(tag: header.tag, payload: try read(Int(header.byteCount)))
    }

    /// The message with this tag; others are kept for `receive`.
    func answer(to tag: UInt32) throws -> [UInt8] {
        if let place = early.firstIndex(where: { $0.tag == tag }) { return early.remove(at: place).payload }
        while true {
            let message = try fromSocket()
            if message.tag == tag { return message.payload }
            early.append(message)
        }
    }

    func request(_ packer: Packer) throws -> [UInt8] {
        try answer(to: try send(packer))
    }

    func status(of packer: Packer) throws -> Status {
        try status(in: try request(packer))
    }

    func status(in payload: [UInt8]) throws -> Status {
        try payload.unpack(dialect) { (unpacker) throws(Malformed) in try unpacker.status() }
    }

    func status(to tag: UInt32) throws -> Status {
        try status(in: try answer(to: tag))
    }

    /// Whether nothing has come, other than what was asked for since: an answered request shows that the server has
    /// got so far.
    func hasNothing() throws -> Bool {
        _ = try status(of: command(.unpublish) { $0.uint32(0) })
        return early.isEmpty
    }

    // MARK: Requests

    /// What a request is made of, for tables of requests.
    enum Item {
        case status(Status)
        case string(Text?)
        case uint32(UInt32)
        case size(UInt64)
        case info(Info)
        case infos([Info])
        case procs([Proc])
        case one(DataType, Content)
        case list(DataType, [Content])

        func write(to packer: inout Packer) {
            switch self {
            case .status(let value): packer.status(value)
            case .string(let value): packer.string(value)
            case .uint32(let value): packer.uint32(value)
            case .size(let value): packer.size(value)
            case .info(let value): packer.info(value)
            case .infos(let values): packer.infos(values)
            case .procs(let values): packer.procs(values)
            case .one(let type, let content): packer.one(type, content)
            case .list(let type, let contents): packer.list(type, contents)
            }
        }
    }

    func command(_ command: Command, _ items: [Item]) -> Packer {
        var packer = Packer(dialect, command: command)
        for item in items { item.write(to: &packer) }
        return packer
    }

    func command(_ command: Command, _ body: (inout Packer) -> Void = { _ in }) -> Packer {
        var packer = Packer(dialect, command: command)
        body(&packer)
        return packer
    }

    func fence(_ procs: [Proc] = [Proc("job", .wildcard)], _ infos: [Info] = []) -> Packer {
        command(.fence) {
            $0.procs(procs)
            $0.infos(infos)
        }
    }

    func commit(_ scope: UInt8, _ pairs: [(Key, Text)]) -> Packer {
        command(.commit) { packer in
            var inside = Packer(dialect)
            for pair in pairs { inside.keyValue(pair.0, .string(pair.1)) }
            packer.byte(scope, .scope)
            packer.one(.buffer, .buffer(kind: dialect.isDescribed ? 2 : 1, inside.bytes))
        }
    }

    func get(_ proc: Proc, _ key: Key?, _ infos: [Info] = []) -> Packer {
        command(.get) {
            $0.string(proc.nspace)
            $0.rank(proc.rank)
            $0.infos(infos)
            $0.string(key)
        }
    }

    func register(_ codes: [Status], _ infos: [Info] = []) -> Packer {
        command(.registerEvents) {
            $0.list(.status, codes.map { .signed(Int64($0.rawValue)) })
            $0.infos(infos)
        }
    }

    func notify(_ code: Status, _ range: DataRange, _ infos: [Info] = []) -> Packer {
        command(.notify) {
            $0.status(code)
            $0.byte(range.rawValue, .dataRange)
            $0.infos(infos)
        }
    }

    // MARK: Reading answers

    /// A get's answer: its status, and the keys of each object.
    func found(_ payload: [UInt8]) throws -> (status: Status, objects: [(proc: Proc, pairs: [KeyValue])]) {
        let dialect = dialect
        let (status, objects) = try payload.unpack(dialect) { (unpacker) throws(Malformed) -> (Status, [[UInt8]]) in
            let status = try unpacker.status()
            var objects: [[UInt8]] = []
            while !unpacker.isAtEnd { objects.append(try unpacker.byteObject()) }
            return (status, objects)
        }
        var read: [(proc: Proc, pairs: [KeyValue])] = []
        for object in objects {
            read.append(
                try object.unpack(dialect) { (inside) throws(Malformed) in
                    (try inside.proc(), try inside.keyValuesToEnd())
                })
        }
        return (status, read)
    }

    /// The text of a key in a get's answer.
    func value(_ key: Key, in payload: [UInt8]) throws -> Text? {
        try found(payload).objects.flatMap { $0.pairs }.last { $0.key == key }?.value.asText
    }

    func event() throws -> Event {
        let message = try receive()
        try #require(message.tag == Tag.notify)
        return try Event(message: message.payload, dialect)
    }
}
