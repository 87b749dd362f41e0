/// The bits of a message's type, those of the interface and those only the wire has.
public enum Service {
    public static let regular: UInt32 = 0x3f
    public static let fifo: UInt32 = 0x04
    public static let selfDiscard: UInt32 = 0x40
    public static let causedByJoin: UInt32 = 0x100
    public static let causedByLeave: UInt32 = 0x200
    public static let causedByDisconnect: UInt32 = 0x400
    public static let causedByNetwork: UInt32 = 0x800
    public static let regularMembership: UInt32 = 0x1000
    public static let transition: UInt32 = 0x2000
    public static let membership: UInt32 = 0x3f00
    public static let join: UInt32 = 0x1_0000
    public static let leave: UInt32 = 0x2_0000
    public static let kill: UInt32 = 0x4_0000
    public static let reject: UInt32 = 0x40_0000
    public static let dropReceive: UInt32 = 0x100_0000
    /// Its own byte swap: little-endian machines set it, big-endian ones clear it.
    public static let endianMark: UInt32 = 0x8000_0080

    /// A forger can set membership bits on data, but the service bits of data only a client's message has.
    public static func isMembership(_ type: UInt32) -> Bool {
        type & membership != 0 && type & (reject | regular) == 0
    }
}

public enum Limits {
    /// A body and 32 bytes for each group.
    public static let payload = 144_000
    public static let groups = 100
    public static let scatterElements = 100
    public static let mailboxes = 1024
    public static let privateName = 10
    /// What is kept whole in memory: a membership message of half a million names.
    public static let kept = 16 << 20
}
