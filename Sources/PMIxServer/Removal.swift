import Bytes
import CLibc

/// Removes files on behalf of a user, with that user's rights and no others. Below where the work begins no link is
/// followed, wherever it leads; a path is walked by descriptors, so that one changed meanwhile leads nowhere else.
struct Removal {
    let uid: UInt32
    let gid: UInt32
    var isRecursive = false
    var onlyEmpty = false
    var leavesTop = false
    /// Files that stay: names, or whole paths.
    var ignored: [Text] = []

    private static let deepest = 64

    func removeFile(_ path: Text) {
        asUser {
            inFolder(of: path) { folder, name in
                guard let entry = entry(folder, name), !entry.isFolder, entry.isOwn, !keeps(path, name) else { return }
                _ = name.withCString { unlinkat(folder, $0, 0) }
            }
        }
    }

    func removeDirectory(_ path: Text) {
        asUser {
            inFolder(of: path) { folder, name in
                guard let entry = entry(folder, name), entry.isFolder, entry.isOwn else { return }
                empty(folder, name, path, depth: 0)
                if !leavesTop { _ = name.withCString { unlinkat(folder, $0, AT_REMOVEDIR) } }
            }
        }
    }

    /// The kernel then refuses this thread what it would refuse the user. Without the power to change there is nothing to
    /// give up either.
    private func asUser(_ body: () -> Void) {
        let changes = geteuid() == 0 && uid != 0
        if changes {
            clibc_setfsgid(gid)
            clibc_setfsuid(uid)
        }
        body()
        if changes {
            clibc_setfsuid(0)
            clibc_setfsgid(getegid())
        }
    }

    private func keeps(_ path: Text, _ name: Text) -> Bool {
        ignored.contains(path) || ignored.contains(name)
    }

    private struct Entry {
        let isFolder: Bool
        let isOwn: Bool
    }

    private func entry(_ folder: Int32, _ name: Text) -> Entry? {
        var status = stat()
        guard name.withCString({ fstatat(folder, $0, &status, AT_SYMLINK_NOFOLLOW) }) == 0 else { return nil }
        return Entry(isFolder: clibc_is_directory(status.st_mode), isOwn: status.st_uid == uid)
    }

    // MARK: Walking

    /// Runs `body` with the open folder the last part of the path is in. Links on the way there are followed only where
    /// the system put them.
    private func inFolder(of path: Text, _ body: (Int32, Text) -> Void) {
        let parts = path.split(UInt8(ascii: "/"))
        guard path.bytes.first == UInt8(ascii: "/"), let name = parts.last else { return }
        guard !parts.contains(".."), !parts.contains(".") else { return }
        var folder = open(AT_FDCWD, "/")
        for part in parts.dropLast() where folder >= 0 {
            let next = open(folder, part)
            close(folder)
            folder = next
        }
        guard folder >= 0 else { return }
        body(folder, name)
        close(folder)
    }

    private func open(_ folder: Int32, _ name: Text) -> Int32 {
        let flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC
        let descriptor = name.withCString { clibc_openat(folder, $0, flags | O_NOFOLLOW) }
        guard descriptor < 0, clibc_errno() == ELOOP || clibc_errno() == ENOTDIR else {
            return descriptor >= 0 ? descriptor : unreadable(folder, name)
        }
        var status = stat()
        guard name.withCString({ fstatat(folder, $0, &status, AT_SYMLINK_NOFOLLOW) }) == 0, status.st_uid == 0 else {
            return -1
        }
        return name.withCString { clibc_openat(folder, $0, flags) }
    }

    /// A folder that may be passed through and not read.
    private func unreadable(_ folder: Int32, _ name: Text) -> Int32 {
        guard clibc_errno() == EACCES else { return -1 }
        return name.withCString { clibc_openat(folder, $0, O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC | clibc_o_path()) }
    }

    private func empty(_ folder: Int32, _ name: Text, _ path: Text, depth: Int) {
        guard depth < Removal.deepest else { return }
        let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
        let descriptor = name.withCString { clibc_openat(folder, $0, flags) }
        guard descriptor >= 0 else { return }
        guard let directory = fdopendir(descriptor) else {
            close(descriptor)
            return
        }
        defer { closedir(directory) }
        for one in Removal.names(directory) {
            let whole = path + "/" + one
            if keeps(whole, one) { continue }
            remove(one, descriptor, whole, depth)
        }
    }

    private func remove(_ name: Text, _ folder: Int32, _ path: Text, _ depth: Int) {
        guard let entry = entry(folder, name), entry.isOwn else { return }
        guard entry.isFolder else {
            if !onlyEmpty { _ = name.withCString { unlinkat(folder, $0, 0) } }
            return
        }
        guard isRecursive else { return }
        empty(folder, name, path, depth: depth + 1)
        _ = name.withCString { unlinkat(folder, $0, AT_REMOVEDIR) }
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
