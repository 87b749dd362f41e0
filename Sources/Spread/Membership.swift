/// The body of a membership message, wherever the caller has it: in one piece or in many, of which a field may be split
/// over several. Every offset is checked before it is used.
public struct MembershipBody {
    private let pieces: [UnsafeRawBufferPointer]

    public init(_ pieces: [UnsafeRawBufferPointer]) {
        self.pieces = pieces
    }

    public struct GroupIdentity: Equatable, Sendable {
        public let process: Int32
        public let time: Int32
        public let index: Int32

        public init(process: Int32, time: Int32, index: Int32) {
            self.process = process
            self.time = time
            self.index = index
        }
    }

    public struct VSSet: Equatable, Sendable {
        public let memberCount: UInt32
        /// Of the first name, from the body's start.
        public let offset: UInt32

        public init(memberCount: UInt32, offset: UInt32) {
            self.memberCount = memberCount
            self.offset = offset
        }
    }

    /// Where the sets begin.
    private static let firstSet = 20

    public func identity() throws(SpreadError) -> GroupIdentity {
        let process = try integer(0)
        let time = try integer(4)
        let index = try integer(8)
        return GroupIdentity(
            process: Int32(bitPattern: process), time: Int32(bitPattern: time), index: Int32(bitPattern: index))
    }

    public func setCount() throws(SpreadError) -> UInt32 { try integer(12) }

    /// The set of the connection that received the message.
    public func ownSet() throws(SpreadError) -> VSSet {
        try set(at: MembershipBody.firstSet + Int(try integer(16)))
    }

    /// Every set in the order of the body, and which is ours. Not more than `most`: bufferTooShort.
    public func sets(atMost most: Int) throws(SpreadError) -> (sets: [VSSet], own: Int) {
        let count = Int(try setCount())
        guard count <= most else { throw .bufferTooShort }
        let own = MembershipBody.firstSet + Int(try integer(16))
        var sets: [VSSet] = []
        var place = MembershipBody.firstSet
        var index: Int?
        while sets.count < count {
            if place == own { index = sets.count }
            let next = try set(at: place)
            sets.append(next)
            place = Int(next.offset) + Int(next.memberCount) * GroupName.byteCount
        }
        guard let index else { throw .illegalMessage }
        return (sets, index)
    }

    public func name(at offset: Int) throws(SpreadError) -> GroupName {
        var bytes = [UInt8](repeating: 0, count: GroupName.byteCount)
        try copy(offset, into: &bytes)
        return bytes.withUnsafeBytes { GroupName(wire: $0.baseAddress.unsafelyUnwrapped) }
    }

    /// The set that begins at an offset, whole.
    private func set(at offset: Int) throws(SpreadError) -> VSSet {
        let count = try integer(offset)
        let first = offset + 4
        guard first + Int(count) * GroupName.byteCount <= byteCount else { throw .illegalMessage }
        return VSSet(memberCount: count, offset: UInt32(truncatingIfNeeded: first))
    }

    private var byteCount: Int { pieces.reduce(0) { $0 + $1.count } }

    private func integer(_ offset: Int) throws(SpreadError) -> UInt32 {
        var bytes = [UInt8](repeating: 0, count: 4)
        try copy(offset, into: &bytes)
        return bytes.withUnsafeBytes { $0.loadUnaligned(as: UInt32.self) }
    }

    private func copy(_ offset: Int, into bytes: inout [UInt8]) throws(SpreadError) {
        var skip = offset
        var done = 0
        for piece in pieces where done < bytes.count {
            if skip >= piece.count {
                skip -= piece.count
                continue
            }
            let count = min(piece.count - skip, bytes.count - done)
            for place in 0..<count { bytes[done + place] = piece[skip + place] }
            done += count
            skip = 0
        }
        guard done == bytes.count else { throw .illegalMessage }
    }
}

extension MembershipBody {
    /// Turns the integers of a body of the other byte order, as far as they make sense.
    public static func swap(_ body: inout [UInt8]) {
        for place in 0..<5 { swap(&body, at: place * 4) }
        guard body.count >= firstSet else { return }
        var place = firstSet
        while place + 4 <= body.count {
            swap(&body, at: place)
            let count = body.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: place, as: UInt32.self) }
            place += 4 + Int(count) * GroupName.byteCount
        }
    }

    private static func swap(_ body: inout [UInt8], at place: Int) {
        guard place + 4 <= body.count else { return }
        body.swapAt(place, place + 3)
        body.swapAt(place + 1, place + 2)
    }

    /// Whether a body that arrived is one a daemon can mean.
    public static func isSound(_ body: [UInt8], type: UInt32) -> Bool {
        guard type & Service.regularMembership != 0 else {
            return type & Service.transition == 0 || body.count >= 12
        }
        return body.withUnsafeBytes { bytes in
            let view = MembershipBody([bytes])
            guard (try? view.identity()) != nil, (try? view.sets(atMost: body.count / 4)) != nil else { return false }
            return true
        }
    }
}
