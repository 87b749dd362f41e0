import CLibc

/// Descriptors that output goes to: files made for it, and what the process was started with.
public enum OutputFiles {
    public struct Moment: Sendable {
        public let seconds: Int64

        public init(seconds: Int64) {
            self.seconds = seconds
        }

        public static var now: Moment { Moment(seconds: Int64(time(nil))) }

        /// The moment as people write it, in local time, without a line end.
        public var text: [UInt8] {
            var moment = time_t(seconds)
            var text = [CChar](repeating: 0, count: 64)
            guard ctime_r(&moment, &text) != nil else { return [] }
            return text.prefix { $0 != 0 && $0 != 10 }.map { UInt8(bitPattern: $0) }
        }
    }

    /// Makes the file, emptied if it is there, and the folders it is to be in. A link in the file's place is refused.
    public static func create(_ path: [UInt8]) throws(Errno) -> Int32 {
        try makeFolders(above: path)
        let flags = O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK | O_CLOEXEC
        let descriptor = withCString(path) { clibc_open($0, flags, 0o644) }
        guard descriptor >= 0 else { throw .last }
        return descriptor
    }

    private static func makeFolders(above path: [UInt8]) throws(Errno) {
        for (index, byte) in path.enumerated() where byte == UInt8(ascii: "/") && index > 0 {
            if withCString(Array(path[..<index]), { mkdir($0, 0o750) }) == 0 { continue }
            let reason = Errno.last
            guard reason.code == EEXIST || reason.code == EROFS || reason.code == EACCES else { throw reason }
        }
    }

    public static func isRegular(_ descriptor: Int32) -> Bool {
        var status = stat()
        return fstat(descriptor, &status) == 0 && clibc_is_regular(status.st_mode)
    }

    /// Whether a write of at most PIPE_BUF bytes goes through without waiting; true as well where it fails at once.
    public static func takesMore(_ descriptor: Int32, milliseconds: Int32) -> Bool {
        var one = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        return poll(&one, 1, milliseconds) > 0
    }

    public static func write(_ descriptor: Int32, _ bytes: [UInt8], from start: Int, atMost most: Int) throws(Errno)
        -> Int
    {
        while true {
            let count = bytes.withUnsafeBytes { whole in
                let part = UnsafeRawBufferPointer(rebasing: whole[start..<min(whole.count, start + most)])
                return CLibc.write(descriptor, part.baseAddress, part.count)
            }
            if count >= 0 { return count }
            let reason = Errno.last
            if reason.code != EINTR { throw reason }
        }
    }

    /// What is there to read; nothing at the end. A program in the background does not read its terminal: EAGAIN.
    public static func read(_ descriptor: Int32, atMost most: Int) throws(Errno) -> [UInt8] {
        if isatty(descriptor) == 1, tcgetpgrp(descriptor) != getpgrp() { throw Errno(code: EAGAIN) }
        var bytes = [UInt8](repeating: 0, count: most)
        while true {
            let count = bytes.withUnsafeMutableBytes { CLibc.read(descriptor, $0.baseAddress, $0.count) }
            if count >= 0 { return Array(bytes[..<count]) }
            let reason = Errno.last
            if reason.code != EINTR { throw reason }
        }
    }

    public static func close(_ descriptor: Int32) {
        _ = CLibc.close(descriptor)
    }

    private static func withCString<T>(_ path: [UInt8], _ body: (UnsafePointer<CChar>) -> T) -> T {
        let terminated = path.map { CChar(bitPattern: $0) } + [0]
        return terminated.withUnsafeBufferPointer { buffer in
            // Safety: the NUL is there, so the buffer has an address.
            body(buffer.baseAddress.unsafelyUnwrapped)
        }
    }
}
