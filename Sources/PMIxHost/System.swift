import Bytes
import CLaunch
import CLibc
import Sockets

/// The system calls of a launcher.
enum System {
    /// Closed with its last reference, and when the process executes another program.
    final class Descriptor {
        let number: Int32

        init(_ number: Int32) {
            self.number = number
        }

        deinit {
            close(number)
        }

        /// What is there, at most so much: nothing at the end. EAGAIN when there is nothing yet.
        func read(_ buffer: inout [UInt8]) throws(Errno) -> Int {
            while true {
                let count = CLibc.read(number, &buffer, buffer.count)
                if count >= 0 { return count }
                let reason = Errno(code: clibc_errno())
                if reason.code != EINTR { throw reason }
            }
        }

        /// How much of it was taken.
        func write(_ bytes: ArraySlice<UInt8>) throws(Errno) -> Int {
            while true {
                let count = bytes.withUnsafeBytes { CLibc.write(number, $0.baseAddress, $0.count) }
                if count >= 0 { return count }
                let reason = Errno(code: clibc_errno())
                if reason.isAgain { return 0 }
                if reason.code != EINTR { throw reason }
            }
        }

        func setNonBlocking() {
            _ = clibc_fcntl(number, F_SETFL, clibc_fcntl(number, F_GETFL, 0) | O_NONBLOCK)
        }
    }

    static func pipe() throws(Errno) -> (read: Descriptor, write: Descriptor) {
        var ends: [Int32] = [-1, -1]
        guard pipe2(&ends, O_CLOEXEC) == 0 else { throw Errno(code: clibc_errno()) }
        return (Descriptor(ends[0]), Descriptor(ends[1]))
    }

    static func open(_ path: Text, _ flags: Int32, mode: UInt32 = 0) throws(Errno) -> Descriptor {
        let descriptor = withCString(path) { clibc_open($0, flags | O_CLOEXEC, mode) }
        guard descriptor >= 0 else { throw Errno(code: clibc_errno()) }
        return Descriptor(descriptor)
    }

    static func withCString<T>(_ text: Text, _ body: (UnsafePointer<CChar>) -> T) -> T {
        String(decoding: text.bytes, as: UTF8.self).utf8.elementsEqual(text.bytes)
            ? text.description.withCString(body)
            : (text.bytes.map { CChar(bitPattern: $0) } + [0]).withUnsafeBufferPointer {
                // Safety: the NUL is there, so the buffer has an address.
                body($0.baseAddress.unsafelyUnwrapped)
            }
    }

    // MARK: Who and where

    static func variable(_ name: Text) -> Text? {
        withCString(name) { getenv($0) }.map { text($0) }
    }

    static func text(_ pointer: UnsafePointer<CChar>) -> Text {
        Text(UnsafeBufferPointer(start: pointer, count: strlen(pointer)).map { UInt8(bitPattern: $0) })
    }

    static var hostname: Text {
        var name = [CChar](repeating: 0, count: 256)
        guard gethostname(&name, 255) == 0 else { return "localhost" }
        return text(name)
    }

    static var directory: Text {
        guard let path = getcwd(nil, 0) else { return "/" }
        defer { free(path) }
        return text(path)
    }

    static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

    /// Whether the loop can tell when there is something to read: files and the like are always ready.
    static func isWatchable(_ descriptor: Int32) -> Bool {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return false }
        return isTerminal(descriptor) || !(clibc_is_regular(status.st_mode) || status.st_rdev != 0)
    }

    // MARK: Files

    /// A new directory nobody else may look into.
    static func makeTemporaryDirectory(_ prefix: Text) throws(Errno) -> Text {
        var template = (prefix + "XXXXXX").bytes.map { CChar(bitPattern: $0) } + [0]
        guard mkdtemp(&template) != nil else { throw Errno(code: clibc_errno()) }
        return text(template)
    }

    /// With the ones above it. What is there already is as good.
    static func makeDirectories(_ path: Text) throws(Errno) {
        if withCString(path, { mkdir($0, 0o777) }) == 0 || clibc_errno() == EEXIST { return }
        guard clibc_errno() == ENOENT, let slash = path.bytes.lastIndex(of: UInt8(ascii: "/")), slash > 0 else {
            throw Errno(code: clibc_errno())
        }
        try makeDirectories(Text(Array(path.bytes[..<slash])))
        guard withCString(path, { mkdir($0, 0o777) }) == 0 || clibc_errno() == EEXIST else {
            throw Errno(code: clibc_errno())
        }
    }

    /// Where a command is, as a shell finds it. A name with a slash is a path, seen from `directory`.
    static func find(_ command: Text, path: Text?, directory: Text?) -> Result<Text, LaunchFailure> {
        let slash = UInt8(ascii: "/")
        var candidates = [command]
        if !command.bytes.contains(slash) {
            let folders = (path ?? "/usr/local/bin:/usr/bin:/bin").bytes.split(
                separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
            candidates = folders.map { ($0.isEmpty ? "." : Text(Array($0))) + "/" + command }
        }
        var reason = ENOENT
        for candidate in candidates {
            let seen = candidate.hasPrefix("/") ? candidate : (directory.map { $0 + "/" } ?? "") + candidate
            var status = stat()
            guard withCString(seen, { stat($0, &status) }) == 0 else {
                if clibc_errno() == EACCES { reason = EACCES }
                continue
            }
            if clibc_is_regular(status.st_mode), withCString(seen, { access($0, X_OK) }) == 0 {
                return .success(candidate)
            }
            reason = EACCES
        }
        let text = reason == ENOENT ? "there is no such program" : "this is no program one may run"
        return .failure(LaunchFailure("\(command.description): \(text)", exitCode: reason == ENOENT ? 127 : 126))
    }

    // MARK: Signals

    static func name(ofSignal number: Int32) -> String {
        guard let text = sigdescr_np(number) else { return "signal \(number)" }
        return "signal \(number) (\(String(cString: text)))"
    }
}
