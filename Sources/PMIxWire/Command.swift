/// The first item of every request. Numbers: facts PMIx wire 5.
public enum Command: UInt8, Sendable {
    case request = 0
    case abort, commit, fence, get, finalize, publish, lookup, unpublish, spawn, connect, disconnect, notify
    case registerEvents, deregisterEvents, query, log, allocate, jobControl, monitor
    case getCredential, validateCredential, pullOutput, pushInput
    case constructGroup, joinGroup, inviteGroup, leaveGroup, destructGroup
    case deregisterOutput, registerFabric, updateFabric, deviceDistances
    case refreshCache, resourceBlock, sessionControl, requestSystemInfo, resolvePeers, resolveNodes
}

extension Packer {
    public init(_ dialect: Dialect, command: Command, reserving capacity: Int = 64) {
        self.init(dialect, reserving: capacity)
        byte(command.rawValue, .command)
    }
}
