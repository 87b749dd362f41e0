// The last part of every message: twenty bytes, the only ones that are always there (RFC 3; the layout as release 0.88
// sends it). Its two words mean what the type says.
import CLibc
import Sockets

struct ProtoFrame {
    static let byteCount = 20
    private static let magic: UInt8 = 0x8e
    private static let version: UInt8 = 1

    var type: MessageType
    var flags: MessageFlags = []
    var credentials = Credentials.unknown
    /// Request: nodeid. Response: errnum. Event: sequence. Control: type.
    var word1: UInt32 = 0
    /// Request and response: matchtag. Control: status.
    var word2: UInt32 = 0

    init(type: MessageType) {
        self.type = type
        setUpWords()
    }

    /// What a message starts with when it becomes one of its type. A response keeps the tag of the request it is made
    /// from.
    mutating func setUpWords() {
        switch type {
        case .request:
            word1 = NodeID.any
            word2 = 0
        case .response:
            word1 = 0
        case .event, .control:
            word1 = 0
            word2 = 0
        }
    }

    /// - Throws: EPROTO for what is not twenty bytes of this version and a known type.
    init(decoding bytes: UnsafeRawBufferPointer) throws(Errno) {
        guard bytes.count == ProtoFrame.byteCount, bytes[0] == ProtoFrame.magic, bytes[1] == ProtoFrame.version,
            let type = MessageType(rawValue: bytes[2])
        else { throw Errno(code: EPROTO) }
        self.type = type
        flags = MessageFlags(rawValue: bytes[3])
        credentials = Credentials(
            userid: ProtoFrame.word(bytes, 4), roles: Roles(rawValue: ProtoFrame.word(bytes, 8)))
        word1 = ProtoFrame.word(bytes, 12)
        word2 = ProtoFrame.word(bytes, 16)
    }

    /// Writes twenty bytes, for which the caller has made room.
    func encode(into room: UnsafeMutableRawPointer) {
        room.storeBytes(of: ProtoFrame.magic, as: UInt8.self)
        room.storeBytes(of: ProtoFrame.version, toByteOffset: 1, as: UInt8.self)
        room.storeBytes(of: type.rawValue, toByteOffset: 2, as: UInt8.self)
        room.storeBytes(of: flags.rawValue, toByteOffset: 3, as: UInt8.self)
        room.storeBytes(of: credentials.userid.bigEndian, toByteOffset: 4, as: UInt32.self)
        room.storeBytes(of: credentials.roles.rawValue.bigEndian, toByteOffset: 8, as: UInt32.self)
        room.storeBytes(of: word1.bigEndian, toByteOffset: 12, as: UInt32.self)
        room.storeBytes(of: word2.bigEndian, toByteOffset: 16, as: UInt32.self)
    }

    private static func word(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> UInt32 {
        UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }
}
