import CLibc
import CMunge

/// Credentials that a daemon of the machine vouches for. The library is looked for by whoever first asks.
public enum Munge {
    /// Whether the daemon makes credentials for this process.
    public static var isUsable: Bool { encode() != nil }

    /// This process's user in the daemon's words, with the NUL they travel with. nil without a daemon.
    public static func encode() -> [UInt8]? {
        guard let encode = cmunge()?.pointee.encode else { return nil }
        var credential: UnsafeMutablePointer<CChar>?
        guard encode(&credential, nil, nil, 0) == 0, let credential else { return nil }
        defer { free(credential) }
        // Safety: the text ends with a NUL, which is copied too.
        return Array(UnsafeRawBufferPointer(start: credential, count: strlen(credential) + 1))
    }

    public static func decode(_ credential: [UInt8]) throws(Status) -> NativeCredential {
        guard let decode = cmunge()?.pointee.decode else { throw .notSupported }
        guard credential.last == 0 else { throw .invalidCredential }
        var uid: uid_t = 0
        var gid: gid_t = 0
        // Safety: the text ends with a NUL, and munge copies what it needs of it.
        let result = credential.withUnsafeBytes { bytes in
            bytes.withMemoryRebound(to: CChar.self) { decode($0.baseAddress, nil, nil, nil, &uid, &gid) }
        }
        guard result == 0 else { throw .invalidCredential }
        return NativeCredential(uid: uid, gid: gid)
    }
}
