// The rules of this edge: an entry point checks its pointers, converts in, makes one engine call and converts out. A
// failure travels as a thrown Errno and becomes errno in one of the functions below, each for one way of returning.
// What C reads through an out-parameter is written last, and only on success.
import CLibc
import Sockets

extension Errno {
    static let invalid = Errno(code: EINVAL)
    static let missing = Errno(code: ENOENT)
    static let outOfMemory = Errno(code: ENOMEM)
    static let malformed = Errno(code: EPROTO)
}

/// 0, or -1 with errno.
func status(_ body: () throws(Errno) -> Void) -> Int32 {
    do {
        try body()
        return 0
    } catch {
        clibc_set_errno(error.code)
        return -1
    }
}

/// What the body returns, or -1 with errno.
func number(_ body: () throws(Errno) -> Int32) -> Int32 {
    do {
        return try body()
    } catch {
        clibc_set_errno(error.code)
        return -1
    }
}

/// What the body returns, or NULL with errno.
func pointer<Result>(_ body: () throws(Errno) -> Result?) -> Result? {
    do {
        return try body()
    } catch {
        clibc_set_errno(error.code)
        return nil
    }
}

/// For what may be called on the way out of a failure: errno stays as it was.
func keepingErrno(_ body: () -> Void) {
    let kept = clibc_errno()
    body()
    clibc_set_errno(kept)
}

/// The bytes of C's text, without its NUL; nil for NULL.
func bytes(_ text: UnsafePointer<CChar>?) -> [UInt8]? {
    guard let text else { return nil }
    return Array(UnsafeRawBufferPointer(start: text, count: strlen(text)))
}
