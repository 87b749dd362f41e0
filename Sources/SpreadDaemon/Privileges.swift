import CLibc

/// Giving up what root may do, for good.
public enum Privileges {
    public struct Failure: Error {
        public let text: String
    }

    public static var isRoot: Bool { geteuid() == 0 }

    /// Whom a daemon of root's becomes when nobody says: spread where there is such a user, else nobody.
    public static var defaultUser: String { getpwnam("spread") != nil ? "spread" : "nobody" }

    /// Becomes that user. The files given go to it first, so that it can remove them in the end.
    public static func drop(to user: String, files: [String]) throws(Failure) {
        guard let entry = getpwnam(user)?.pointee else { throw Failure(text: "there is no user \(user)") }
        if entry.pw_uid == 0 { return }
        for file in files { _ = chown(file, entry.pw_uid, entry.pw_gid) }
        guard setgroups(0, nil) == 0, setgid(entry.pw_gid) == 0, setuid(entry.pw_uid) == 0, setuid(0) != 0 else {
            throw Failure(text: "cannot become the user \(user)")
        }
    }
}

/// How many connections the system lets this process have: as many as it may ever ask for.
public func raiseDescriptorLimit() {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
    limit.rlim_cur = min(limit.rlim_max, 1 << 16)
    setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
}
