import Bytes
import CLibc

/// What the server does with files: writing its contact files, watching one. Links are never
/// followed.
enum ServerFiles {
    // MARK: Writing

    /// Which file it is, whatever its name.
    struct Identity: Equatable, Sendable {
        let device: UInt64
        let number: UInt64
    }

    /// false when it cannot.
    static func write(_ path: Text, _ content: Text, mode: UInt32) -> Bool {
        place(path, content, mode: mode) != nil
    }

    /// Puts the file in place whole: readers see the old one or the new one, never a part. nil when it cannot. Mode 0 is
    /// what the process gives its files.
    static func place(_ path: Text, _ content: Text, mode: UInt32) -> Identity? {
        let temporary = path + ".part" + Text(decimal: getpid())
        // Only a process of this number that ended in the middle of it can have left one.
        remove(temporary)
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
        let descriptor = temporary.withCString { clibc_open($0, flags, mode == 0 ? 0o666 : 0o600) }
        guard descriptor >= 0 else { return nil }
        var status = stat()
        let isWritten =
            writeAll(descriptor, content.bytes) && (mode == 0 || fchmod(descriptor, mode) == 0)
            && fstat(descriptor, &status) == 0
        close(descriptor)
        if isWritten && path.withCString({ to in temporary.withCString { rename($0, to) } }) == 0 {
            return Identity(device: UInt64(status.st_dev), number: UInt64(status.st_ino))
        }
        remove(temporary)
        return nil
    }

    /// Removes the file, unless another has taken its place.
    static func remove(_ path: Text, _ identity: Identity) {
        var status = stat()
        guard path.withCString({ lstat($0, &status) }) == 0 else { return }
        if identity == Identity(device: UInt64(status.st_dev), number: UInt64(status.st_ino)) { remove(path) }
    }

    /// Whether what the path leads to is there and no file that could be put in its place: a pipe, a terminal, what
    /// the system keeps under /dev and /proc.
    static func isOutlet(_ path: Text) -> Bool {
        if path.hasPrefix("/dev/") || path.hasPrefix("/proc/") { return true }
        var status = stat()
        return path.withCString { stat($0, &status) } == 0 && !clibc_is_regular(status.st_mode)
    }

    static func append(_ path: Text, _ content: Text) -> Bool {
        let descriptor = path.withCString { clibc_open($0, O_WRONLY | O_NOCTTY | O_CLOEXEC, 0) }
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return writeAll(descriptor, content.bytes)
    }

    static func writeAll(_ descriptor: Int32, _ bytes: [UInt8]) -> Bool {
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { CLibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 && clibc_errno() == EINTR { continue }
            guard count > 0 else { return false }
            written += count
        }
        return true
    }

    static func closeDescriptor(_ descriptor: Int32) {
        close(descriptor)
    }

    static func processID() -> Int32 { getpid() }

    static func exists(_ path: Text) -> Bool {
        path.withCString { access($0, F_OK) } == 0
    }

    static func remove(_ path: Text) {
        _ = path.withCString { unlink($0) }
    }

    static func removeEmptyDirectory(_ path: Text) {
        _ = path.withCString { rmdir($0) }
    }

    /// Makes the directory and those above it. The ones it made, outermost first; nil when it cannot.
    static func makeDirectories(_ path: Text) -> [Text]? {
        var made: [Text] = []
        var end = 0
        while end < path.count {
            end = path.bytes[(end + 1)...].firstIndex(of: UInt8(ascii: "/")) ?? path.count
            let part = Text(Array(path.bytes[..<end]))
            if part.withCString({ mkdir($0, 0o755) }) == 0 {
                made.append(part)
            } else if clibc_errno() != EEXIST && !isDirectory(part) {
                for one in made.reversed() { removeEmptyDirectory(one) }
                return nil
            }
        }
        return made
    }

    private static func isDirectory(_ path: Text) -> Bool {
        var status = stat()
        return path.withCString { stat($0, &status) } == 0 && clibc_is_directory(status.st_mode)
    }

    /// The moment as people write it.
    static func now() -> Text {
        var moment = time(nil)
        var text = [CChar](repeating: 0, count: 64)
        guard ctime_r(&moment, &text) != nil else { return "" }
        return Text(text.prefix { $0 != 0 && $0 != 10 }.map { UInt8(bitPattern: $0) })
    }

    // MARK: Watching

    struct Sample {
        let byteCount: Int64
        let accessed: Int64
        let modified: Int64
    }

    static func sample(_ path: Text) -> Sample? {
        var status = stat()
        guard path.withCString({ stat($0, &status) }) == 0 else { return nil }
        let (accessed, modified) = (nanoseconds(status.st_atim), nanoseconds(status.st_mtim))
        return Sample(byteCount: Int64(status.st_size), accessed: accessed, modified: modified)
    }

    private static func nanoseconds(_ moment: timespec) -> Int64 {
        Int64(moment.tv_sec) &* 1_000_000_000 &+ Int64(moment.tv_nsec)
    }
}

extension Text {
    /// The bytes with a NUL behind them, for the length of the call.
    func withCString<T>(_ body: (UnsafePointer<CChar>) -> T) -> T {
        var terminated = bytes.map { CChar(bitPattern: $0) } + [0]
        return body(&terminated)
    }
}
