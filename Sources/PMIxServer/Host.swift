import Bytes
import PMIxWire

/// What a host lets the server ask of it: `pmix_server_module_t` with the C taken off. An absent closure is a NULL
/// slot.
///
/// Each returns `.success` when it will complete later (from any thread, or before it returns), `.operationSucceeded`
/// when it is done and will not complete, anything else when it failed and will not complete. A completion given
/// twice counts once.
public struct Host {
    public typealias Done = (Status) -> Void
    public typealias DoneWithData = (Status, [UInt8]) -> Void
    public typealias DoneWithInfos = (Status, [Info]) -> Void

    /// What register_client was given to hand back with every upcall about that client: never looked into.
    public typealias Object = UInt

    /// Completion is nil where the host's answer is not waited for.
    public var clientConnected: ((Proc, Object, [Info], Done?) -> Status)?
    public var clientFinalized: ((Proc, Object, @escaping Done) -> Status)?
    public var abort: ((Proc, Object, Status, Text?, [Proc], @escaping Done) -> Status)?
    public var fence: (([Proc], [Info], [UInt8], @escaping DoneWithData) -> Status)?
    public var directModex: ((Proc, [Info], @escaping DoneWithData) -> Status)?
    public var publish: ((Proc, [Info], @escaping Done) -> Status)?
    public var lookup: ((Proc, [Key], [Info], @escaping (Status, [PublishedValue]) -> Void) -> Status)?
    /// No keys: everything the process has published.
    public var unpublish: ((Proc, [Key], [Info], @escaping Done) -> Status)?
    public var spawn: ((Proc, [Info], [App], @escaping (Status, Namespace?) -> Void) -> Status)?
    public var connect: (([Proc], [Info], @escaping Done) -> Status)?
    public var disconnect: (([Proc], [Info], @escaping Done) -> Status)?
    public var registerEvents: (([Status], [Info], @escaping Done) -> Status)?
    public var deregisterEvents: (([Status], @escaping Done) -> Status)?
    public var notifyEvent: ((Event, @escaping Done) -> Status)?
    public var query: ((Proc, [Query], @escaping DoneWithInfos) -> Status)?
    public var toolConnected: (([Info], @escaping (Status, Proc) -> Void) -> Void)?
    public var log: ((Proc, _ data: [Info], _ directives: [Info], @escaping Done) -> Void)?
    public var allocate: ((Proc, _ directive: UInt8, [Info], @escaping DoneWithInfos) -> Status)?
    public var jobControl: ((Proc, [Proc], [Info], @escaping DoneWithInfos) -> Status)?
    public var monitor: ((Proc, Info, Status, [Info], @escaping DoneWithInfos) -> Status)?
    public var getCredential: ((Proc, [Info], @escaping (Status, [UInt8], [Info]) -> Void) -> Status)?
    public var validateCredential: ((Proc, [UInt8], [Info], @escaping DoneWithInfos) -> Status)?
    public var pullOutput: (([Proc], [Info], _ channels: UInt16, @escaping Done) -> Status)?
    public var pushInput: ((Proc, [Proc], [Info], [UInt8], @escaping Done) -> Status)?
    public var group: ((_ destructs: Bool, Text, [Proc], [Info], @escaping DoneWithInfos) -> Status)?
    public var fabric: ((Proc, _ updates: Bool, [Info], @escaping DoneWithInfos) -> Status)?
    public var resourceBlock: ((Proc, _ directive: UInt8, Text?, [ResourceUnit], [Info], @escaping Done) -> Status)?
    public var controlSession: ((Proc, _ session: UInt32, [Info], @escaping DoneWithInfos) -> Status)?

    public init() {}
}
