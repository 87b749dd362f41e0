import Bytes

/// Channels of forwarded output, a set of bits (`pmix_iof_channel_t`).
public enum OutputChannels {
    public static let input: UInt16 = 1
    public static let output: UInt16 = 2
    public static let errors: UInt16 = 4
    public static let diagnostics: UInt16 = 8
}

/// What a process wrote, on its way to whoever wants to see it.
public struct Output: Sendable {
    public let source: Proc
    public let channels: UInt16
    public let bytes: [UInt8]
    public let infos: [Info]

    public init(source: Proc, channels: UInt16, bytes: [UInt8], infos: [Info]) {
        self.source = source
        self.channels = channels
        self.bytes = bytes
        self.infos = infos
    }

    /// The message to a peer; `handler` is the peer's own number for its registration.
    public func message(_ dialect: Dialect, _ release: Release, handler: UInt64) -> [UInt8] {
        var packer = Packer(dialect, reserving: bytes.count + 64)
        packer.proc(source)
        packer.one(.iofChannel, .unsigned(UInt64(channels)))
        if release.has(.outputHasHandler) {
            packer.size(handler)
            packer.infos(infos)
        }
        packer.byteObject(bytes)
        return packer.bytes
    }

    /// The message, and the number of the registration it is for: 0 where none was asked for.
    public static func read(
        _ payload: [UInt8], _ dialect: Dialect, _ release: Release
    ) throws(Malformed) -> (output: Output, handler: UInt64) {
        try payload.unpack(dialect) { (unpacker) throws(Malformed) in
            let source = try unpacker.proc()
            guard case .unsigned(let channels) = try unpacker.one(.iofChannel) else { throw .count }
            let hasHandler = release.has(.outputHasHandler)
            let handler = hasHandler ? try unpacker.size() : 0
            let infos = hasHandler ? try unpacker.infos() : []
            let bytes = try unpacker.byteObject()
            let output = Output(
                source: source, channels: UInt16(truncatingIfNeeded: channels), bytes: bytes, infos: infos)
            return (output, handler)
        }
    }
}
