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
    guard let pointer else { return false }
    // Safety: the reference is taken for the question alone and given back unchanged.
    let reference = Unmanaged<Object>.fromOpaque(UnsafeRawPointer(pointer))
    var object = reference.takeRetainedValue()
    let isUnique = isKnownUniquelyReferenced(&object)
    _ = Unmanaged.passRetained(object)
    return isUnique
}
