/// How far a value put by a process is shared (`pmix_scope_t`).
public enum DataScope: UInt8, Sendable {
    case undefined = 0
    case local, remote, global
    case `internal`
}
