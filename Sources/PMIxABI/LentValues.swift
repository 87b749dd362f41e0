import Bytes
import CPMIx
import PMIxClient
import PMIxWire
import Sockets

/// Values that PMIx_Get gave out as pointers into the library (PMIX_GET_POINTER_VALUES): the caller may look at them until the last
/// finalize and frees nothing. Whoever asks again for a value that has not changed gets the same pointer.
final class LentValues: @unchecked Sendable {
    private struct Name: Hashable {
        let proc: Proc
        let key: Key?
    }

    private struct Lent {
        let packed: [UInt8]
        let value: UnsafeMutablePointer<pmix_value_t>
    }

    private let lock = Lock()
    private var lent: [Name: [Lent]] = [:]  // lock

    func pointer(to value: Value, of wanted: Client.Wanted) -> UnsafeMutablePointer<pmix_value_t> {
        var packer = Packer(.server)
        packer.one(.value, .value(value))
        let packed = packer.bytes
        let name = Name(proc: wanted.proc, key: wanted.key)
        return lock.withLock {
            if let known = lent[name]?.first(where: { $0.packed == packed }) { return known.value }
            let fresh = Lent(packed: packed, value: value.newC())
            lent[name, default: []].append(fresh)
            return fresh.value
        }
    }

    /// The last finalize: nobody may look any more.
    func removeAll() {
        let all = lock.withLock {
            defer { lent = [:] }
            return lent
        }
        for lent in all.values.joined() { destroyValue(lent.value) }
    }

    func resetAfterFork() {
        lock.resetAfterFork()
    }
}
