import Bytes
import CLibc

/// What the server does with files: writing its contact files, watching one, removing a process's leftovers. Links
/// are never followed.
enum ServerFiles {
    // MARK: Writing

    /// Puts the file in place whole: readers see the old one or the new one, never a part. false when it cannot.
    static func write(_ path: Text, _ content: Text, mode: UInt32) -> Bool {
        let temporary = path + ".part" + Text(decimal: getpid())
        // Only a process of this number that ended in the middle of it can have left one.
        remove(temporary)
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
        let descriptor = temporary.withCString { clibc_open($0, flags, 0o600) }
        guard descriptor >= 0 else { return false }
        let isWritten = writeAll(descriptor, content.bytes) && (mode == 0 || fchmod(descriptor, mode) == 0)
        close(descriptor)
        if isWritten && path.withCString({ to in temporary.withCString { rename($0, to) } }) == 0 { return true }
        remove(temporary)
        return false
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

    // MARK: Removing

    /// Removes on behalf of a user: what that user does not own stays, and so does what surrounds it.
    struct Removal {
        let uid: UInt32
        let isRecursive: Bool
        let onlyEmpty: Bool
        let leavesTop: Bool
        /// Names of files that stay.
        let ignored: [Text]

        private static let deepest = 64

        func removeFile(_ path: Text) {
            guard path.bytes.first == UInt8(ascii: "/"), owns(path, isDirectory: false) else { return }
            ServerFiles.remove(path)
        }

        func removeDirectory(_ path: Text) {
            guard path.bytes.first == UInt8(ascii: "/"), path.count > 1, owns(path, isDirectory: true) else { return }
            empty(path, depth: 0)
            if !leavesTop { ServerFiles.removeEmptyDirectory(path) }
        }

        private func owns(_ path: Text, isDirectory: Bool) -> Bool {
            var status = stat()
            guard path.withCString({ lstat($0, &status) }) == 0, status.st_uid == uid else { return false }
            return clibc_is_directory(status.st_mode) == isDirectory
        }

        /// Works below an open directory, by way of its descriptor: a path changed meanwhile leads nowhere else.
        private func empty(_ path: Text, depth: Int) {
            guard depth < Removal.deepest else { return }
            let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
            let descriptor = path.withCString { clibc_open($0, flags, 0) }
            guard descriptor >= 0 else { return }
            guard let directory = fdopendir(descriptor) else {
                close(descriptor)
                return
            }
            defer { closedir(directory) }
            for name in Removal.names(directory) where !ignored.contains(name) {
                removeEntry(name, descriptor, depth)
            }
        }

        private func removeEntry(_ name: Text, _ descriptor: Int32, _ depth: Int) {
            var status = stat()
            guard name.withCString({ fstatat(descriptor, $0, &status, AT_SYMLINK_NOFOLLOW) }) == 0, status.st_uid == uid
            else { return }
            guard clibc_is_directory(status.st_mode) else {
                if !onlyEmpty { _ = name.withCString { unlinkat(descriptor, $0, 0) } }
                return
            }
            guard isRecursive else { return }
            empty("/proc/self/fd/" + Text(decimal: descriptor) + "/" + name, depth: depth + 1)
            _ = name.withCString { unlinkat(descriptor, $0, AT_REMOVEDIR) }
        }

        private static func names(_ directory: OpaquePointer) -> [Text] {
            var names: [Text] = []
            while let entry = readdir(directory) {
                let name = withUnsafePointer(to: entry.pointee.d_name) { field in
                    // Safety: the name ends with a NUL within the entry.
                    field.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: field.pointee)) {
                        Text(Array(UnsafeBufferPointer(start: $0, count: strlen($0))).map { UInt8(bitPattern: $0) })
                    }
                }
                if name != "." && name != ".." { names.append(name) }
            }
            return names
        }
    }
}

extension Text {
    /// The bytes with a NUL behind them, for the length of the call.
    func withCString<T>(_ body: (UnsafePointer<CChar>) -> T) -> T {
        var terminated = bytes.map { CChar(bitPattern: $0) } + [0]
        return body(&terminated)
    }
}
