// What C holds of ours is a number dressed as a pointer, looked up when it comes back. So a host that completes an
// upcall twice, or long after the server is gone, finds nothing; it cannot reach freed memory. This file is the only place
// that knows.
import Sockets

/// Objects that C refers to, each until it is taken back.
final class Handles<Object>: @unchecked Sendable {
    private let lock = Lock()
    private var objects: [UInt: Object] = [:]  // lock
    private var last: UInt = 0  // lock

    /// The pointer to give to C: never NULL, never dereferenced.
    func keep(_ object: Object) -> UnsafeMutableRawPointer? {
        lock.withLock {
            repeat {
                last = last &+ 1
            } while last == 0 || objects[last] != nil
            objects[last] = object
            return UnsafeMutableRawPointer(bitPattern: last)
        }
    }

    /// The object, which C no longer refers to; nil for a pointer that is none of ours or has come back before.
    func take(_ pointer: UnsafeMutableRawPointer?) -> Object? {
        lock.withLock { objects.removeValue(forKey: UInt(bitPattern: pointer)) }
    }

    /// Looks at all that C still refers to, while nobody can take any of it.
    func forEach(_ body: (Object) -> Void) {
        lock.withLock {
            for object in objects.values { body(object) }
        }
    }
}
