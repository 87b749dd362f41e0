import Bytes
import PMIxWire
import Sockets

extension Server {
    /// In a forked child, where `environment` is all that may be asked: the thread that held the lock may be gone.
    public func resetAfterFork() {
        lock.resetAfterFork()
    }

    /// The variables a client of ours is started with, in the order hosts are used to.
    public func environment(for proc: Proc) -> [(name: Text, value: Text)] {
        var variables: [(name: Text, value: Text)] = [
            ("PMIX_NAMESPACE", proc.nspace), ("PMIX_RANK", Text(decimal: proc.rank.rawValue)),
        ]
        for variable in Dialect.offeredURIVariables { variables.append((variable, uri)) }
        let kind = options.isDescribed ? Dialect.describedName : Dialect.nonDescribedName
        variables += [
            ("PMIX_SECURITY_MODE", .joined(options.securityModules, separator: UInt8(ascii: ","))),
            (Dialect.bufferTypeVariable, kind),
            ("PMIX_GDS_MODULE", Dialect.store),
            ("PMIX_SERVER_TMPDIR", options.serverDirectory),
            ("PMIX_SYSTEM_TMPDIR", options.systemDirectory),
            ("PMIX_HOSTNAME", options.hostname),
            ("PMIX_VERSION", options.version),
        ]
        return variables
    }
}
