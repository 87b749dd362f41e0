// What C holds of ours is the object itself, with one reference counted for it: messages, futures and handles count
// their users in C as Swift does. This file is the only one that knows Unmanaged.

/// The pointer for C, with a reference of its own.
func retain<Object: AnyObject>(_ object: Object) -> OpaquePointer {
    OpaquePointer(Unmanaged.passRetained(object).toOpaque())
}

/// The pointer under which C knows an object already: the reference is the one that somebody holds.
func lend<Object: AnyObject>(_ object: Object) -> OpaquePointer {
    OpaquePointer(Unmanaged.passUnretained(object).toOpaque())
}

/// The object behind a pointer, for the length of a call; nil for NULL.
func borrow<Object: AnyObject>(_ pointer: OpaquePointer?, as _: Object.Type = Object.self) -> Object? {
    guard let pointer else { return nil }
    // Safety: the caller's contract is that it passes what an entry point of ours has given it and not yet given back.
    return Unmanaged<Object>.fromOpaque(UnsafeRawPointer(pointer)).takeUnretainedValue()
}

/// Gives back C's reference, and the object to whoever still wants a last look at it.
@discardableResult
func release<Object: AnyObject>(_ pointer: OpaquePointer?, as _: Object.Type = Object.self) -> Object? {
    guard let pointer else { return nil }
    // Safety: as above, and the caller may not use its pointer again.
    return Unmanaged<Object>.fromOpaque(UnsafeRawPointer(pointer)).takeRetainedValue()
}

/// Whether C's reference is the only one.
func isUnique<Object: AnyObject>(_ pointer: OpaquePointer?, as _: Object.Type) -> Bool {
    guard var pointer else { return false }
    // Safety: a reference is a pointer. Asked in place, because one that is taken out may be counted for that.
    return withUnsafeMutablePointer(to: &pointer) { place in
        place.withMemoryRebound(to: Object.self, capacity: 1) { isKnownUniquelyReferenced(&$0.pointee) }
    }
}
