import Bytes

// The words of process groups and process sets, and what the members of a group under construction show each other.

extension Key {
    public static let groupName: Key = "pmix.grp.id"
    public static let groupLeader: Key = "pmix.grp.ldr"
    public static let groupOptional: Key = "pmix.grp.opt"
    public static let groupNotifyTermination: Key = "pmix.grp.notterm"
    public static let groupFaultTolerant: Key = "pmix.grp.ftcoll"
    public static let groupMembership: Key = "pmix.grp.mbrs"
    public static let groupAssignContextID: Key = "pmix.grp.actxid"
    public static let groupContextID: Key = "pmix.grp.ctxid"
    public static let groupLocalOnly: Key = "pmix.grp.lcl"
    public static let groupEndpoints: Key = "pmix.grp.endpt"
    public static let groupInfo: Key = "pmix.grp.info"
    public static let processSetName: Key = "pmix.pset.nm"
    public static let processSetMembers: Key = "pmix.pset.mems"
    /// A value that holds only together with others, as what a process is called within one group: an array of infos,
    /// the value under its own key first, then what qualifies it.
    public static let qualifiedValue: Key = "pmix.qual.val"
}

extension Status {
    public static let processSetDefined = Status(-55)
    public static let processSetDeleted = Status(-56)
    public static let queryPartialSuccess = Status(-104)
    public static let groupInvited = Status(-159)
    public static let groupLeft = Status(-160)
    public static let groupInviteAccepted = Status(-161)
    public static let groupInviteDeclined = Status(-162)
    public static let groupInviteFailed = Status(-163)
    public static let groupMembershipUpdate = Status(-164)
    public static let groupConstructAbort = Status(-165)
    public static let groupConstructComplete = Status(-166)
    public static let groupLeaderSelected = Status(-167)
    public static let groupLeaderFailed = Status(-168)
    public static let groupMemberFailed = Status(-170)
}

/// PMIX_GROUP_ENDPT_DATA, which hosts carry between the servers of a group's members as they carry a fence's blob: a
/// sequence of parts, each a number that says what follows and an object. Hosts concatenate. Always in the server dialect.
public struct GroupBlob: Sendable {
    /// What members have committed: the blobs of the servers, as of a fence.
    public var modex: [UInt8] = []
    /// What members told with the call itself (PMIX_GROUP_INFO).
    public var infos: [(proc: Proc, infos: [Info])] = []

    private static let modexPart: Int64 = 207
    private static let infoPart: Int64 = 208

    public init(modex: [UInt8], infos: [(proc: Proc, infos: [Info])]) {
        self.modex = modex
        self.infos = infos
    }

    public func write() -> [UInt8] {
        var packer = Packer(.server, reserving: modex.count + 16)
        packer.one(.int, .signed(GroupBlob.modexPart))
        packer.byteObject(modex)
        if infos.isEmpty { return packer.bytes }
        var all = Packer(.server, reserving: 64)
        for one in infos {
            var inside = Packer(.server, reserving: 64)
            inside.proc(one.proc)
            inside.infos(one.infos)
            all.byteObject(inside.bytes)
        }
        packer.one(.int, .signed(GroupBlob.infoPart))
        packer.byteObject(all.bytes)
        return packer.bytes
    }

    public init(_ bytes: [UInt8]) throws(Malformed) {
        try bytes.unpack(.server) { (parts) throws(Malformed) in
            while !parts.isAtEnd {
                guard case .signed(let kind) = try parts.one(.int) else { throw .type(DataType.int.rawValue) }
                let content = try parts.byteObject()
                switch kind {
                case GroupBlob.modexPart: modex += content
                case GroupBlob.infoPart: try readInfos(content)
                // A later release's; nobody here would know what to do with it.
                default: break
                }
            }
        }
    }

    private mutating func readInfos(_ content: [UInt8]) throws(Malformed) {
        try content.unpack(.server) { (members) throws(Malformed) in
            while !members.isAtEnd {
                let member = try members.byteObject()
                try member.unpack(.server) { (inside) throws(Malformed) in
                    let proc = try inside.proc()
                    infos.append((proc, try inside.infos()))
                }
            }
        }
    }
}

// MARK: - Qualified values

extension KeyValue {
    /// `info` as what holds together with `qualifiers` only.
    public init(_ info: Info, qualifiedBy qualifiers: [Info]) {
        var all = [Info(info.key, info.value)]
        for qualifier in qualifiers { all.append(Info(qualifier.key, qualifier.value, flags: Info.qualifier)) }
        all[all.count - 1].flags |= Info.arrayEnd
        self.init(.qualifiedValue, .infos(all))
    }
}

extension KeyTable {
    /// The value of `key` that is qualified by just these.
    public func find(_ key: Key, qualifiedBy qualifiers: [Info]) -> Value? {
        for entry in entries where entry.key == .qualifiedValue {
            guard let infos = entry.value.asInfos, let first = infos.first, first.key == key else { continue }
            if KeyTable.areSame(infos.dropFirst(), qualifiers[...]) { return first.value }
        }
        return nil
    }

    /// Where a qualified value stands whose place `value` takes.
    func place(ofQualified value: Value) -> Int? {
        guard let infos = value.asInfos, let first = infos.first else { return nil }
        return entries.firstIndex { entry in
            guard entry.key == .qualifiedValue, let known = entry.value.asInfos else { return false }
            return known.first?.key == first.key && KeyTable.areSame(known.dropFirst(), infos.dropFirst())
        }
    }

    private static func areSame(_ some: ArraySlice<Info>, _ others: ArraySlice<Info>) -> Bool {
        some.count == others.count
            && some.allSatisfy { one in others.contains { $0.key == one.key && isSame($0.value, one.value) } }
    }

    /// Qualifiers are numbers, texts and processes.
    private static func isSame(_ one: Value, _ other: Value) -> Bool {
        if let number = one.asUnsigned { return number == other.asUnsigned }
        if let text = one.asText { return text == other.asText }
        if let proc = one.asProc { return proc == other.asProc }
        return false
    }
}

extension [Info] {
    /// What makes the key of a get a qualified one.
    public var qualifiers: [Info] { filter { $0.isQualifier } }
}
