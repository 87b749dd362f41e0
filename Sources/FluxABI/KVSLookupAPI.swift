// kvs_lookup.h and kvs_dir.h.
import Bytes
import CFlux
import CJansson
import CLibc
import Flux
import FluxC
import JSON
import Sockets

/// The future behind a pointer, and the lookup it is of.
private func lookup(_ f: OpaquePointer?) throws(Errno) -> (KVSLookup, Future) {
    guard let future = borrow(f, as: Future.self) else { throw .invalid }
    return (try KVSLookup.of(future), future)
}

@c @implementation
public func flux_kvs_lookup(
    _ h: OpaquePointer?, _ ns: UnsafePointer<CChar>?, _ flags: Int32, _ key: UnsafePointer<CChar>?
) -> OpaquePointer? {
    pointer { () throws(Errno) in
        let flags = KVSFlags(rawValue: flags)
        return lend(try KVSLookup.start(try handle(h), namespace: bytes(ns), flags, try given(key)))
    }
}

@c @implementation
public func flux_kvs_lookupat(
    _ h: OpaquePointer?, _ flags: Int32, _ key: UnsafePointer<CChar>?, _ treeobj: UnsafePointer<CChar>?
) -> OpaquePointer? {
    pointer { () throws(Errno) in
        let flags = KVSFlags(rawValue: flags)
        return lend(try KVSLookup.start(try handle(h), at: try given(treeobj), flags, try given(key)))
    }
}

@c @implementation
public func flux_kvs_lookup_get(
    _ f: OpaquePointer?, _ value: UnsafeMutablePointer<UnsafePointer<CChar>?>?
) -> Int32 {
    status { () throws(Errno) in
        let (lookup, future) = try lookup(f)
        let found = try lookup.value(future)
        value?.pointee = found?.count ?? 0 > 0 ? lent(found) : nil
    }
}

@c @implementation
public func flux_kvs_lookup_get_raw(
    _ f: OpaquePointer?, _ data: UnsafeMutablePointer<UnsafeRawPointer?>?, _ len: UnsafeMutablePointer<Int>?
) -> Int32 {
    status { () throws(Errno) in
        let (lookup, future) = try lookup(f)
        let found = try lookup.value(future)
        let count = found?.count ?? 0
        data?.pointee = count > 0 ? found?.pointer : nil
        len?.pointee = count
    }
}

@c @implementation
public func muster_kvs_lookup_json(_ f: OpaquePointer?) -> UnsafeMutableRawPointer? {
    pointer { () throws(Errno) in
        let (lookup, future) = try lookup(f)
        return UnsafeMutableRawPointer(try lookup.json(future).value)
    }
}

@c @implementation
public func flux_kvs_lookup_get_treeobj(
    _ f: OpaquePointer?, _ treeobj: UnsafeMutablePointer<UnsafePointer<CChar>?>?
) -> Int32 {
    status { () throws(Errno) in
        let (lookup, future) = try lookup(f)
        let text = try lookup.text(future)
        treeobj?.pointee = text.cString
    }
}

@c @implementation
public func flux_kvs_lookup_get_dir(
    _ f: OpaquePointer?, _ dir: UnsafeMutablePointer<OpaquePointer?>?
) -> Int32 {
    status { () throws(Errno) in
        let (lookup, future) = try lookup(f)
        let directory = try lookup.directory(future)
        dir?.pointee = lend(directory)
    }
}

@c @implementation
public func flux_kvs_lookup_get_symlink(
    _ f: OpaquePointer?, _ ns: UnsafeMutablePointer<UnsafePointer<CChar>?>?,
    _ target: UnsafeMutablePointer<UnsafePointer<CChar>?>?
) -> Int32 {
    status { () throws(Errno) in
        let (lookup, future) = try lookup(f)
        let link = try lookup.link(future)
        ns?.pointee = lent(link.namespace)
        target?.pointee = link.target.cString
    }
}

@c @implementation
public func flux_kvs_lookup_get_key(_ f: OpaquePointer?) -> UnsafePointer<CChar>? {
    pointer { () throws(Errno) in try lookup(f).0.key.cString }
}

@c @implementation
public func flux_kvs_lookup_cancel(_ f: OpaquePointer?) -> Int32 {
    status { () throws(Errno) in
        let (lookup, future) = try lookup(f)
        try lookup.cancel(future)
    }
}

// MARK: Directories

private func directory(_ dir: OpaquePointer?) throws(Errno) -> KVSDirectory {
    guard let directory = borrow(dir, as: KVSDirectory.self) else { throw .invalid }
    return directory
}

/// What a directory says about a name; false for NULL.
private func ask(
    _ dir: OpaquePointer?, _ name: UnsafePointer<CChar>?, _ question: (KVSDirectory, String) -> Bool
) -> Bool {
    guard let directory = borrow(dir, as: KVSDirectory.self), let name else { return false }
    return question(directory, String(cString: name))
}

@c @implementation
public func flux_kvsdir_create(
    _ handle: OpaquePointer?, _ rootref: UnsafePointer<CChar>?, _ key: UnsafePointer<CChar>?,
    _ json_str: UnsafePointer<CChar>?
) -> OpaquePointer? {
    pointer { () throws(Errno) in
        guard let key = slice(key), let entry = JSON(parsing: try given(json_str)) else { throw .invalid }
        let owner = borrow(handle, as: Handle.self)
        return retain(try KVSDirectory(owner, root: slice(rootref), key: key, entry: entry))
    }
}

@c @implementation
public func flux_kvsdir_destroy(_ dir: OpaquePointer?) {
    keepingErrno { release(dir, as: KVSDirectory.self) }
}

@c @implementation
public func flux_kvsdir_incref(_ dir: OpaquePointer?) {
    if let directory = borrow(dir, as: KVSDirectory.self) { _ = retain(directory) }
}

@c @implementation
public func flux_kvsdir_copy(_ dir: OpaquePointer?) -> OpaquePointer? {
    pointer { () throws(Errno) in retain(try directory(dir).copy()) }
}

@c @implementation
public func flux_kvsitr_create(_ dir: OpaquePointer?) -> OpaquePointer? {
    pointer { () throws(Errno) in retain(KVSIterator(try directory(dir))) }
}

@c @implementation
public func flux_kvsitr_destroy(_ itr: OpaquePointer?) {
    keepingErrno { release(itr, as: KVSIterator.self) }
}

@c @implementation
public func flux_kvsitr_next(_ itr: OpaquePointer?) -> UnsafePointer<CChar>? {
    lent(borrow(itr, as: KVSIterator.self)?.next())
}

@c @implementation
public func flux_kvsitr_rewind(_ itr: OpaquePointer?) {
    borrow(itr, as: KVSIterator.self)?.rewind()
}

@c @implementation
public func flux_kvsdir_get_size(_ dir: OpaquePointer?) -> Int32 {
    number { () throws(Errno) in Int32(clamping: try directory(dir).count) }
}

@c @implementation
public func flux_kvsdir_exists(_ dir: OpaquePointer?, _ name: UnsafePointer<CChar>?) -> Bool {
    ask(dir, name) { $0.has($1) }
}

@c @implementation
public func flux_kvsdir_isdir(_ dir: OpaquePointer?, _ name: UnsafePointer<CChar>?) -> Bool {
    ask(dir, name) { $0.hasDirectory($1) }
}

@c @implementation
public func flux_kvsdir_issymlink(_ dir: OpaquePointer?, _ name: UnsafePointer<CChar>?) -> Bool {
    ask(dir, name) { $0.hasLink($1) }
}

@c @implementation
public func flux_kvsdir_key(_ dir: OpaquePointer?) -> UnsafePointer<CChar>? {
    pointer { () throws(Errno) in try directory(dir).key.cString }
}

@c @implementation
public func flux_kvsdir_handle(_ dir: OpaquePointer?) -> UnsafeMutableRawPointer? {
    pointer { () throws(Errno) in try directory(dir).handle.map { UnsafeMutableRawPointer(lend($0)) } }
}

@c @implementation
public func flux_kvsdir_rootref(_ dir: OpaquePointer?) -> UnsafePointer<CChar>? {
    pointer { () throws(Errno) in lent(try directory(dir).root) }
}

@c @implementation
public func flux_kvsdir_key_at(
    _ dir: OpaquePointer?, _ key: UnsafePointer<CChar>?
) -> UnsafeMutablePointer<CChar>? {
    pointer { () throws(Errno) in try allocated(try directory(dir).key(of: try given(key))) }
}
