// Names of keys, namespaces and processes: filling their fields, and matching them as the macros of 4.2 do. N.B. matching
// follows the wildcards: an empty namespace matches any, PMIX_RANK_WILDCARD any rank.
import CLibc
import CPMIx
import PMIxWire

/// All of the field is written, because fields travel and are compared whole.
private func fill(_ field: UnsafeMutableRawPointer, _ text: UnsafePointer<CChar>?, most: Int) {
    memset(field, 0, most + 1)
    if let text { memcpy(field, text, strnlen(text, most)) }
}

private func length(ofNamespace text: UnsafePointer<CChar>?) -> Int {
    text.map { strnlen($0, Fields.nspaceMost + 1) } ?? 0
}

private func nspace(_ proc: UnsafePointer<pmix_proc_t>) -> UnsafePointer<CChar> {
    UnsafeRawPointer(proc).assumingMemoryBound(to: CChar.self)
}

@c @implementation
public func PMIx_Load_key(_ key: UnsafeMutablePointer<CChar>!, _ src: UnsafePointer<CChar>!) {
    guard let key else { return }
    fill(key, src, most: Fields.keyMost)
}

@c @implementation
public func PMIx_Load_nspace(_ nspace: UnsafeMutablePointer<CChar>!, _ str: UnsafePointer<CChar>!) {
    guard let nspace else { return }
    fill(nspace, str, most: Fields.nspaceMost)
}

@c @implementation
public func PMIx_Load_procid(_ p: UnsafeMutablePointer<pmix_proc_t>!, _ ns: UnsafePointer<CChar>!, _ rk: pmix_rank_t) {
    guard let p else { return }
    fill(p, ns, most: Fields.nspaceMost)
    p.pointee.rank = rk
}

@c @implementation
public func PMIx_Xfer_procid(_ dst: UnsafeMutablePointer<pmix_proc_t>!, _ src: UnsafePointer<pmix_proc_t>!) {
    guard let dst, let src else { return }
    memmove(dst, src, MemoryLayout<pmix_proc_t>.size)
}

@c @implementation
public func PMIx_Check_key(_ key: UnsafePointer<CChar>!, _ str: UnsafePointer<CChar>!) -> Bool {
    guard let key, let str else { return false }
    return strncmp(key, str, Fields.keyMost) == 0
}

@c @implementation
public func PMIx_Check_reserved_key(_ key: UnsafePointer<CChar>!) -> Bool {
    guard let key else { return false }
    return strncmp(key, staticText("pmix"), 4) == 0
}

@c @implementation
public func PMIx_Check_nspace(_ nspace1: UnsafePointer<CChar>!, _ nspace2: UnsafePointer<CChar>!) -> Bool {
    length(ofNamespace: nspace1) == 0 || length(ofNamespace: nspace2) == 0
        || strncmp(nspace1, nspace2, Fields.nspaceMost) == 0
}

@c @implementation
public func PMIx_Check_rank(_ a: pmix_rank_t, _ b: pmix_rank_t) -> Bool {
    a == b || a == Rank.wildcard.rawValue || b == Rank.wildcard.rawValue
}

@c @implementation
public func PMIx_Check_procid(_ a: UnsafePointer<pmix_proc_t>!, _ b: UnsafePointer<pmix_proc_t>!) -> Bool {
    guard let a, let b else { return false }
    return PMIx_Check_nspace(nspace(a), nspace(b)) && PMIx_Check_rank(a.pointee.rank, b.pointee.rank)
}

@c @implementation
public func PMIx_Nspace_invalid(_ nspace: UnsafePointer<CChar>!) -> Bool {
    length(ofNamespace: nspace) == 0
}

@c @implementation
public func PMIx_Procid_invalid(_ p: UnsafePointer<pmix_proc_t>!) -> Bool {
    guard let p else { return true }
    return length(ofNamespace: nspace(p)) == 0 || p.pointee.rank == Rank.invalid.rawValue
}

@c @implementation
public func PMIx_Rank_valid(_ a: pmix_rank_t) -> Bool {
    Rank(a).isValid
}

@c @implementation
public func PMIx_Multicluster_nspace_construct(
    _ target: UnsafeMutablePointer<CChar>!, _ cluster: UnsafeMutablePointer<CChar>!,
    _ nspace: UnsafeMutablePointer<CChar>!
) {
    guard let target else { return }
    let first = length(ofNamespace: cluster)
    let second = length(ofNamespace: nspace)
    memset(target, 0, Fields.nspaceMost + 1)
    guard first + second < Fields.nspaceMost else { return }
    if let cluster { memcpy(target, cluster, first) }
    target[first] = CChar(UInt8(ascii: ":"))
    if let nspace { memcpy(target + first + 1, nspace, second) }
}

@c @implementation
public func PMIx_Multicluster_nspace_parse(
    _ target: UnsafeMutablePointer<CChar>!, _ cluster: UnsafeMutablePointer<CChar>!,
    _ nspace: UnsafeMutablePointer<CChar>!
) {
    let whole = min(length(ofNamespace: target), Fields.nspaceMost)
    var split = 0
    while split < whole, target[split] != CChar(UInt8(ascii: ":")) { split += 1 }
    if let cluster {
        memset(cluster, 0, Fields.nspaceMost + 1)
        if split > 0 { memcpy(cluster, target, split) }
    }
    guard let nspace else { return }
    memset(nspace, 0, Fields.nspaceMost + 1)
    if split < whole { memcpy(nspace, target + split + 1, whole - split - 1) }
}
