// kvs.h, kvs_getroot.h, kvs_commit.h and kvs_copy.h.
import Bytes
import CFlux
import CLibc
import Flux
import Sockets

private func transaction(_ pointer: OpaquePointer?) throws(Errno) -> KVSTransaction {
    guard let transaction = borrow(pointer, as: KVSTransaction.self) else { throw .invalid }
    return transaction
}

private func root(_ f: OpaquePointer?) throws(Errno) -> KVSRoot {
    guard let future = borrow(f, as: Future.self) else { throw .invalid }
    return try KVSRoot.of(future)
}

// MARK: Namespaces and versions

@c @implementation
public func flux_kvs_namespace_create(
    _ h: OpaquePointer?, _ ns: UnsafePointer<CChar>?, _ owner: UInt32, _ flags: Int32
) -> OpaquePointer? {
    pointer { () throws(Errno) in
        guard flags == 0 else { throw .invalid }
        return lend(try KVS.create(try handle(h), namespace: try given(ns), root: nil, owner: owner))
    }
}

@c @implementation
public func flux_kvs_namespace_create_with(
    _ h: OpaquePointer?, _ ns: UnsafePointer<CChar>?, _ rootref: UnsafePointer<CChar>?, _ owner: UInt32,
    _ flags: Int32
) -> OpaquePointer? {
    pointer { () throws(Errno) in
        guard flags == 0 else { throw .invalid }
        let root = try given(rootref)
        return lend(try KVS.create(try handle(h), namespace: try given(ns), root: root, owner: owner))
    }
}

@c @implementation
public func flux_kvs_namespace_remove(_ h: OpaquePointer?, _ ns: UnsafePointer<CChar>?) -> OpaquePointer? {
    pointer { () throws(Errno) in lend(try KVS.remove(try handle(h), namespace: try given(ns))) }
}

@c @implementation
public func flux_kvs_get_version(
    _ h: OpaquePointer?, _ ns: UnsafePointer<CChar>?, _ versionp: UnsafeMutablePointer<Int32>?
) -> Int32 {
    status { () throws(Errno) in
        let version = try KVS.version(try handle(h), namespace: bytes(ns))
        versionp?.pointee = version
    }
}

@c @implementation
public func flux_kvs_wait_version(_ h: OpaquePointer?, _ ns: UnsafePointer<CChar>?, _ version: Int32) -> Int32 {
    status { () throws(Errno) in try KVS.await(try handle(h), namespace: bytes(ns), version: version) }
}

// MARK: Roots

@c @implementation
public func flux_kvs_getroot(
    _ h: OpaquePointer?, _ ns: UnsafePointer<CChar>?, _ flags: Int32
) -> OpaquePointer? {
    pointer { () throws(Errno) in
        guard flags == 0 else { throw .invalid }
        return lend(try KVS.root(try handle(h), namespace: bytes(ns)))
    }
}

@c @implementation
public func flux_kvs_getroot_get_treeobj(
    _ f: OpaquePointer?, _ treeobj: UnsafeMutablePointer<UnsafePointer<CChar>?>?
) -> Int32 {
    status { () throws(Errno) in
        guard let treeobj else { throw .invalid }
        treeobj.pointee = lent(try root(f).entryText)
    }
}

@c @implementation
public func flux_kvs_getroot_get_blobref(
    _ f: OpaquePointer?, _ blobref: UnsafeMutablePointer<UnsafePointer<CChar>?>?
) -> Int32 {
    status { () throws(Errno) in
        guard let blobref else { throw .invalid }
        blobref.pointee = lent(try root(f).blobText)
    }
}

@c @implementation
public func flux_kvs_getroot_get_sequence(_ f: OpaquePointer?, _ seq: UnsafeMutablePointer<Int32>?) -> Int32 {
    status { () throws(Errno) in
        guard let seq else { throw .invalid }
        seq.pointee = try root(f).sequence
    }
}

@c @implementation
public func flux_kvs_getroot_get_owner(_ f: OpaquePointer?, _ owner: UnsafeMutablePointer<UInt32>?) -> Int32 {
    status { () throws(Errno) in
        guard let owner else { throw .invalid }
        owner.pointee = try root(f).owner
    }
}

// MARK: Commits

@c @implementation
public func flux_kvs_commit(
    _ h: OpaquePointer?, _ ns: UnsafePointer<CChar>?, _ flags: Int32, _ txn: OpaquePointer?
) -> OpaquePointer? {
    pointer { () throws(Errno) in
        let transaction = try transaction(txn)
        return lend(try KVS.commit(try handle(h), namespace: bytes(ns), flags: flags, transaction))
    }
}

@c @implementation
public func flux_kvs_commit_get_treeobj(
    _ f: OpaquePointer?, _ treeobj: UnsafeMutablePointer<UnsafePointer<CChar>?>?
) -> Int32 {
    flux_kvs_getroot_get_treeobj(f, treeobj)
}

@c @implementation
public func flux_kvs_commit_get_rootref(
    _ f: OpaquePointer?, _ rootref: UnsafeMutablePointer<UnsafePointer<CChar>?>?
) -> Int32 {
    flux_kvs_getroot_get_blobref(f, rootref)
}

@c @implementation
public func flux_kvs_commit_get_sequence(_ f: OpaquePointer?, _ rootseq: UnsafeMutablePointer<Int32>?) -> Int32 {
    flux_kvs_getroot_get_sequence(f, rootseq)
}

// MARK: Copies

private func copy(
    _ h: OpaquePointer?, _ source: (UnsafePointer<CChar>?, UnsafePointer<CChar>?),
    _ target: (UnsafePointer<CChar>?, UnsafePointer<CChar>?), _ flags: Int32, isMove: Bool
) -> OpaquePointer? {
    pointer { () throws(Errno) in
        let from = (bytes(source.0), try given(source.1))
        let to = (bytes(target.0), try given(target.1))
        return lend(try KVS.copy(try handle(h), from: from, to: to, flags: flags, isMove: isMove))
    }
}

@c @implementation
public func flux_kvs_copy(
    _ h: OpaquePointer?, _ srcns: UnsafePointer<CChar>?, _ srckey: UnsafePointer<CChar>?,
    _ dstns: UnsafePointer<CChar>?, _ dstkey: UnsafePointer<CChar>?, _ commit_flags: Int32
) -> OpaquePointer? {
    copy(h, (srcns, srckey), (dstns, dstkey), commit_flags, isMove: false)
}

@c @implementation
public func flux_kvs_move(
    _ h: OpaquePointer?, _ srcns: UnsafePointer<CChar>?, _ srckey: UnsafePointer<CChar>?,
    _ dstns: UnsafePointer<CChar>?, _ dstkey: UnsafePointer<CChar>?, _ commit_flags: Int32
) -> OpaquePointer? {
    copy(h, (srcns, srckey), (dstns, dstkey), commit_flags, isMove: true)
}

// MARK: Transactions

@c @implementation
public func flux_kvs_txn_create() -> OpaquePointer? {
    retain(KVSTransaction())
}

@c @implementation
public func flux_kvs_txn_destroy(_ txn: OpaquePointer?) {
    keepingErrno { release(txn, as: KVSTransaction.self) }
}

@c @implementation
public func flux_kvs_txn_put(
    _ txn: OpaquePointer?, _ flags: Int32, _ key: UnsafePointer<CChar>?, _ value: UnsafePointer<CChar>?
) -> Int32 {
    status { () throws(Errno) in try transaction(txn).put(try given(key), flags, value: bytes(value) ?? []) }
}

@c @implementation
public func flux_kvs_txn_put_raw(
    _ txn: OpaquePointer?, _ flags: Int32, _ key: UnsafePointer<CChar>?, _ data: UnsafeRawPointer?, _ len: Int
) -> Int32 {
    status { () throws(Errno) in
        guard len >= 0, data != nil || len == 0 else { throw .invalid }
        let value = payload(data, len)?.bytes ?? []
        try transaction(txn).put(try given(key), flags, value: value)
    }
}

@c @implementation
public func flux_kvs_txn_put_treeobj(
    _ txn: OpaquePointer?, _ flags: Int32, _ key: UnsafePointer<CChar>?, _ treeobj: UnsafePointer<CChar>?
) -> Int32 {
    status { () throws(Errno) in try transaction(txn).put(try given(key), flags, entry: try given(treeobj)) }
}

@c @implementation
public func flux_kvs_txn_mkdir(_ txn: OpaquePointer?, _ flags: Int32, _ key: UnsafePointer<CChar>?) -> Int32 {
    status { () throws(Errno) in try transaction(txn).makeDirectory(try given(key), flags) }
}

@c @implementation
public func flux_kvs_txn_unlink(_ txn: OpaquePointer?, _ flags: Int32, _ key: UnsafePointer<CChar>?) -> Int32 {
    status { () throws(Errno) in try transaction(txn).remove(try given(key), flags) }
}

@c @implementation
public func flux_kvs_txn_symlink(
    _ txn: OpaquePointer?, _ flags: Int32, _ key: UnsafePointer<CChar>?, _ ns: UnsafePointer<CChar>?,
    _ target: UnsafePointer<CChar>?
) -> Int32 {
    status { () throws(Errno) in
        try transaction(txn).link(try given(key), flags, namespace: bytes(ns), target: try given(target))
    }
}

@c @implementation
public func flux_kvs_txn_clear(_ txn: OpaquePointer?) -> Int32 {
    status { () throws(Errno) in try transaction(txn).removeAll() }
}

@c @implementation
public func flux_kvs_txn_is_empty(_ txn: OpaquePointer?) -> Bool {
    borrow(txn, as: KVSTransaction.self)?.isEmpty ?? true
}
