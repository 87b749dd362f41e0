// The store on disk: one SQLite file of blobs and roots. A commit's blobs and its root are one transaction, so a broker
// that is killed at any moment finds the last commit it has answered, and no half of another.
import CLibc
import CSQLite

final class Database: Backing {
    private let functions: csqlite
    private let handle: OpaquePointer
    private let path: String
    private var loading: OpaquePointer?
    private var saving: OpaquePointer?
    private var rooting: OpaquePointer?

    init(directory: String) throws(BackingFailure) {
        guard let table = csqlite() else {
            throw BackingFailure(text: "--statedir needs libsqlite3.so.0, which is not installed")
        }
        functions = table.pointee
        path = directory + "/content.sqlite"
        guard mkdir(directory, 0o700) == 0 || clibc_errno() == EEXIST else {
            throw BackingFailure(text: "\(directory): \(String(cString: strerror(clibc_errno())))")
        }
        var opened: OpaquePointer?
        // Whoever follows a link here follows it somewhere else's way.
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOFOLLOW
        let result = functions.open_v2(path, &opened, flags, nil)
        guard result == SQLITE_OK, let opened else {
            let reason = table.pointee.errmsg(opened).map { String(cString: $0) } ?? "out of memory"
            _ = table.pointee.close_v2(opened)
            throw BackingFailure(text: "\(path): \(reason)")
        }
        handle = opened
        chmod(path, 0o600)
        // One broker at a time: a second one is told so at once. FULL waits for the disk at every commit.
        try run("PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;")
        try run("CREATE TABLE IF NOT EXISTS blobs (name TEXT PRIMARY KEY, data BLOB NOT NULL) WITHOUT ROWID;")
        try run(
            "CREATE TABLE IF NOT EXISTS roots (name TEXT PRIMARY KEY, owner INTEGER NOT NULL, flags INTEGER NOT NULL, "
                + "root TEXT NOT NULL, sequence INTEGER NOT NULL) WITHOUT ROWID;")
        loading = try prepare("SELECT data FROM blobs WHERE name = ?1")
        saving = try prepare("INSERT OR IGNORE INTO blobs (name, data) VALUES (?1, ?2)")
        rooting = try prepare(
            "INSERT OR REPLACE INTO roots (name, owner, flags, root, sequence) VALUES (?1, ?2, ?3, ?4, ?5)")
    }

    deinit {
        for statement in [loading, saving, rooting] { _ = functions.finalize(statement) }
        _ = functions.close_v2(handle)
    }

    // MARK: Statements

    private func failure() -> BackingFailure {
        let reason = functions.errmsg(handle).map { String(cString: $0) } ?? "out of memory"
        return BackingFailure(text: "\(path): \(reason)")
    }

    private func run(_ text: String) throws(BackingFailure) {
        guard functions.exec(handle, text, nil, nil, nil) == SQLITE_OK else { throw failure() }
    }

    private func prepare(_ text: String) throws(BackingFailure) -> OpaquePointer {
        var statement: OpaquePointer?
        guard functions.prepare_v2(handle, text, -1, &statement, nil) == SQLITE_OK, let statement else {
            throw failure()
        }
        return statement
    }

    private func bind(_ statement: OpaquePointer?, _ place: Int32, _ text: String) {
        _ = functions.bind_text(statement, place, text, -1, csqlite_transient())
    }

    /// Whether there is a row.
    private func step(_ statement: OpaquePointer?) throws(BackingFailure) -> Bool {
        switch functions.step(statement) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        default: throw failure()
        }
    }

    private func reset(_ statement: OpaquePointer?) {
        _ = functions.reset(statement)
        _ = functions.clear_bindings(statement)
    }

    // MARK: Backing

    func load(_ reference: BlobReference) throws(BackingFailure) -> [UInt8]? {
        defer { reset(loading) }
        bind(loading, 1, reference.text)
        guard try step(loading) else { return nil }
        let count = Int(functions.column_bytes(loading, 0))
        return Array(UnsafeRawBufferPointer(start: functions.column_blob(loading, 0), count: count))
    }

    func save(_ blobs: [(BlobReference, [UInt8])], _ roots: [NamespaceRecord]) throws(BackingFailure) {
        try run("BEGIN")
        do throws(BackingFailure) {
            for (reference, bytes) in blobs { try save(reference, bytes) }
            for root in roots { try save(root) }
            try run("COMMIT")
        } catch {
            try? run("ROLLBACK")
            throw error
        }
    }

    private func save(_ reference: BlobReference, _ bytes: [UInt8]) throws(BackingFailure) {
        defer { reset(saving) }
        bind(saving, 1, reference.text)
        // No bytes are still a blob, where a missing address would be none.
        let result = (bytes.isEmpty ? [0] : bytes).withUnsafeBytes {
            functions.bind_blob(saving, 2, $0.baseAddress, Int32(clamping: bytes.count), csqlite_transient())
        }
        guard result == SQLITE_OK, bytes.count <= Int(Int32.max) else { throw failure() }
        _ = try step(saving)
    }

    private func save(_ root: NamespaceRecord) throws(BackingFailure) {
        defer { reset(rooting) }
        bind(rooting, 1, root.name)
        _ = functions.bind_int64(rooting, 2, Int64(root.owner))
        _ = functions.bind_int64(rooting, 3, Int64(root.flags))
        bind(rooting, 4, root.root.text)
        _ = functions.bind_int64(rooting, 5, Int64(root.sequence))
        _ = try step(rooting)
    }

    func remove(namespace: String) throws(BackingFailure) {
        let statement = try prepare("DELETE FROM roots WHERE name = ?1")
        defer { _ = functions.finalize(statement) }
        bind(statement, 1, namespace)
        _ = try step(statement)
    }

    func namespaces() throws(BackingFailure) -> [NamespaceRecord] {
        let statement = try prepare("SELECT name, owner, flags, root, sequence FROM roots ORDER BY name")
        defer { _ = functions.finalize(statement) }
        var records: [NamespaceRecord] = []
        while try step(statement) {
            func text(_ place: Int32) -> String {
                functions.column_text(statement, place).map { String(cString: $0) } ?? ""
            }
            guard let root = BlobReference(text(3)) else {
                throw BackingFailure(text: "\(path): the root of \(text(0)) is no reference")
            }
            records.append(
                NamespaceRecord(
                    name: text(0), owner: UInt32(truncatingIfNeeded: functions.column_int64(statement, 1)),
                    flags: Int(functions.column_int64(statement, 2)), root: root,
                    sequence: Int(functions.column_int64(statement, 4))))
        }
        return records
    }
}
