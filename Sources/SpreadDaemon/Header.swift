import Ordering

/// The bits of a message's type.
enum ServiceType {
    static let reliable: UInt32 = 0x02
    static let fifo: UInt32 = 0x04
    static let causal: UInt32 = 0x08
    static let agreed: UInt32 = 0x10
    static let safe: UInt32 = 0x20
    static let services: UInt32 = 0x3f
    static let selfDiscard: UInt32 = 0x40
    static let causedByJoin: UInt32 = 0x100
    static let causedByLeave: UInt32 = 0x200
    static let causedByDisconnect: UInt32 = 0x400
    static let membership: UInt32 = 0x1000
    static let join: UInt32 = 0x1_0000
    static let leave: UInt32 = 0x2_0000
    static let kill: UInt32 = 0x4_0000
    static let actions: UInt32 = services | join | leave | kill
    static let reject: UInt32 = 0x40_0000
    static let dropReceive: UInt32 = 0x100_0000
    static let flushLayer: UInt32 = 0x7000_0000
    /// What a client's message keeps on its way: everything else would be taken for the daemon's own words.
    static let passed: UInt32 = services | selfDiscard | dropReceive | flushLayer
    /// Its own byte swap: little-endian machines set it, big-endian ones clear it.
    static let endianMark: UInt32 = 0x8000_0080
}

/// The 48 bytes before every message, where they lie.
struct Header {
    static let byteCount = 48
    /// A body and 32 bytes for each group may not be more.
    static let largestPayload = 144_000
    static let largestMessage = byteCount + largestPayload
    static let mostGroups: UInt32 = 100

    let place: UnsafeMutableRawPointer

    init(at place: UnsafeMutableRawPointer) {
        self.place = place
    }

    init(_ message: Slice) {
        place = message.address
    }

    var type: UInt32 {
        get { place.loadUnaligned(as: UInt32.self) }
        nonmutating set { place.storeBytes(of: newValue, as: UInt32.self) }
    }
    var sender: Name {
        get { Name(at: place + 4) }
        nonmutating set { newValue.write(to: place + 4) }
    }
    var groupCount: UInt32 {
        get { place.loadUnaligned(fromByteOffset: 36, as: UInt32.self) }
        nonmutating set { place.storeBytes(of: newValue, toByteOffset: 36, as: UInt32.self) }
    }
    var hint: UInt32 {
        get { place.loadUnaligned(fromByteOffset: 40, as: UInt32.self) }
        nonmutating set { place.storeBytes(of: newValue, toByteOffset: 40, as: UInt32.self) }
    }
    var dataByteCount: UInt32 {
        get { place.loadUnaligned(fromByteOffset: 44, as: UInt32.self) }
        nonmutating set { place.storeBytes(of: newValue, toByteOffset: 44, as: UInt32.self) }
    }

    /// Of one of ours, or of a client's that has been checked: neither count can be large.
    var messageByteCount: Int {
        let old = type & ServiceType.reject == 0 ? 0 : 4
        return Header.byteCount + old + Int(groupCount) * Name.byteCount + Int(dataByteCount)
    }

    func group(_ index: Int) -> Name { Name(at: place + Header.byteCount + index * Name.byteCount) }

    /// Why a client's header is not served.
    enum Fault: Error, Equatable {
        case endian, groupCount, size, service, hint, sender
    }

    private var isForeign: Bool { type & ServiceType.endianMark == 0 }

    private var homeGroupCount: UInt32 { isForeign ? groupCount.byteSwapped : groupCount }
    private var homeDataByteCount: UInt32 { isForeign ? dataByteCount.byteSwapped : dataByteCount }

    /// Checks what a client sent, in whatever order its machine has, and tells what it wants.
    func peek(from client: Name) throws(Fault) -> UInt32 {
        let mark = type & ServiceType.endianMark
        guard mark == ServiceType.endianMark || mark == 0 else { throw .endian }
        let (groups, data) = (homeGroupCount, homeDataByteCount)
        guard groups <= Header.mostGroups else { throw .groupCount }
        guard data <= Header.largestPayload, Int(data) + Int(groups) * Name.byteCount <= Header.largestPayload else {
            throw .size
        }
        let action = (mark == 0 ? type.byteSwapped : type) & ServiceType.actions
        guard action.nonzeroBitCount == 1 else { throw .service }
        guard hint & 0x7f00_007f == 0 else { throw .hint }
        Name.pad(place + 4)
        guard sender == client else { throw .sender }
        return action
    }

    /// Of a message that `peek` has accepted.
    var plainByteCount: Int {
        Header.byteCount + Int(homeGroupCount) * Name.byteCount + Int(homeDataByteCount)
    }

    /// Brings a whole message that `peek` has accepted into this machine's order. The hint stays: its order tells the
    /// receivers the sender's. What would be taken for the daemon's own words goes from the type.
    func bringHome(_ action: UInt32) {
        let (groups, data) = (homeGroupCount, homeDataByteCount)
        let kind = isForeign ? type.byteSwapped : type
        type = kind & (ServiceType.passed & ~ServiceType.services | action) | ServiceType.endianMark
        groupCount = groups
        dataByteCount = data
        for index in 0..<Int(groups) { Name.pad(place + Header.byteCount + index * Name.byteCount) }
    }
}

extension Header.Fault {
    /// For the log.
    var text: String {
        switch self {
        case .endian: "a header in no byte order"
        case .groupCount: "a message to more than \(Header.mostGroups) groups"
        case .size: "a message of more than \(Header.largestPayload) bytes"
        case .service: "a message that does not ask for exactly one service"
        case .hint: "a message type that is none"
        case .sender: "a message in another's name"
        }
    }
}

/// Writes a message of the daemon's own.
struct MessageWriter {
    private let block: Block
    private var offset = Header.byteCount

    init(_ type: UInt32, _ name: Name, groups: Int, data: Int) {
        block = Block(capacity: Header.byteCount + 4 + groups * Name.byteCount + data)
        let header = Header(at: block.memory)
        header.type = type | ServiceType.endianMark
        header.sender = name
        header.groupCount = UInt32(groups)
        header.hint = ServiceType.endianMark
        header.dataByteCount = UInt32(data)
    }

    mutating func name(_ name: Name) {
        name.write(to: block.memory + offset)
        offset += Name.byteCount
    }

    mutating func word(_ word: UInt32) {
        block.memory.storeBytes(of: word, toByteOffset: offset, as: UInt32.self)
        offset += 4
    }

    var message: Slice { Slice(block, 0, offset) }
}
