import CLibc

/// Reading what other processes leave in the file system, where anyone may have put anything: only regular files are read, nothing
/// waits (opening a pipe would), and no more is taken than asked for. Paths are bytes without a NUL.
public enum Files {
    /// A symbolic link as the last part of a path.
    public enum Links: Sendable { case followed, refused }

    public struct Content: Sendable {
        /// The beginning of the file.
        public let bytes: [UInt8]
        public let owner: UInt32
        public let isWritableByAnyone: Bool
    }

    public struct Entry: Sendable {
        public let name: [UInt8]
        /// A folder itself, not a link to one.
        public let isFolder: Bool
    }

    /// The first `most` bytes of a regular file. EINVAL for anything else that can be opened.
    public static func read(_ path: [UInt8], atMost most: Int, links: Links) throws(Errno) -> Content {
        let descriptor = try open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY, links)
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .last }
        guard clibc_is_regular(status.st_mode) else { throw Errno(code: EINVAL) }
        var bytes = [UInt8](repeating: 0, count: most)
        var count = 0
        while count < most {
            let more = bytes.withUnsafeMutableBytes { buffer in
                // Safety: the range read into ends where the buffer does.
                buffer.baseAddress.map { CLibc.read(descriptor, $0 + count, buffer.count - count) } ?? 0
            }
            if more == 0 { break }
            if more < 0 {
                let reason = Errno.last
                if reason.code == EINTR { continue }
                throw reason
            }
            count += more
        }
        bytes.removeLast(most - count)
        return Content(bytes: bytes, owner: status.st_uid, isWritableByAnyone: status.st_mode & writableByAnyone != 0)
    }

    /// What is in a folder, in no order, without the folder itself and the one above it.
    public static func entries(of folder: [UInt8], links: Links) throws(Errno) -> [Entry] {
        let descriptor = try open(folder, O_RDONLY | O_DIRECTORY, links)
        guard let stream = fdopendir(descriptor) else {
            let reason = Errno.last
            close(descriptor)
            throw reason
        }
        defer { closedir(stream) }
        var entries: [Entry] = []
        while let entry = readdir(stream) {
            let name = Files.name(entry)
            if name == [dot] || name == [dot, dot] { continue }
            entries.append(Entry(name: name, isFolder: isFolder(name, Int(entry.pointee.d_type), descriptor)))
        }
        return entries
    }

    /// Whom a file or folder belongs to. Links are followed.
    public static func owner(of path: [UInt8]) throws(Errno) -> UInt32 {
        var status = stat()
        guard withCString(path, { stat($0, &status) }) == 0 else { throw .last }
        return status.st_uid
    }

    private static let dot = UInt8(ascii: ".")
    /// S_IWOTH, which the importer cannot see.
    private static let writableByAnyone: mode_t = 0o002

    private static func open(_ path: [UInt8], _ flags: Int32, _ links: Links) throws(Errno) -> Int32 {
        let flags = flags | O_CLOEXEC | (links == .refused ? O_NOFOLLOW : 0)
        while true {
            let descriptor = withCString(path) { clibc_open($0, flags, 0) }
            if descriptor >= 0 { return descriptor }
            let reason = Errno.last
            if reason.code != EINTR { throw reason }
        }
    }

    private static func name(_ entry: UnsafeMutablePointer<dirent>) -> [UInt8] {
        withUnsafePointer(to: &entry.pointee.d_name) { field in
            // Safety: the name ends with a NUL within its field.
            let start = UnsafeRawPointer(field)
            return Array(UnsafeRawBufferPointer(start: start, count: strlen(start.assumingMemoryBound(to: CChar.self))))
        }
    }

    /// Not every file system says in the listing what an entry is.
    private static func isFolder(_ name: [UInt8], _ type: Int, _ folder: Int32) -> Bool {
        guard type == Int(DT_UNKNOWN) else { return type == Int(DT_DIR) }
        var status = stat()
        return withCString(name) { fstatat(folder, $0, &status, AT_SYMLINK_NOFOLLOW) } == 0
            && clibc_is_directory(status.st_mode)
    }

    private static func withCString<T>(_ path: [UInt8], _ body: (UnsafePointer<CChar>) -> T) -> T {
        let terminated = path.map { CChar(bitPattern: $0) } + [0]
        return terminated.withUnsafeBufferPointer { buffer in
            // Safety: the NUL is there, so the buffer has an address.
            body(buffer.baseAddress.unsafelyUnwrapped)
        }
    }
}
