// What a caller hangs on a message, a handle or a future, to be freed with it. Named values are found again, nameless ones
// are only freed.
import Bytes
import CLibc
import Sockets

public final class Aux {
    private struct Item {
        let name: Text?
        let value: UnsafeMutableRawPointer
        let free: ((UnsafeMutableRawPointer) -> Void)?
    }

    /// In the order of freeing: named ones, the latest first, then nameless ones as they came.
    private var items: [Item] = []
    private var namedCount = 0

    public init() {}

    deinit {
        removeAll()
    }

    /// Hangs `value` up. An older one of the same name is freed; no value under a name only does that.
    /// - Throws: EINVAL for neither a name nor a value, for a way of freeing without a value, and for a nameless value
    ///   without one.
    public func set(
        _ name: Text?, _ value: UnsafeMutableRawPointer?, free: ((UnsafeMutableRawPointer) -> Void)?
    ) throws(Errno) {
        guard name != nil || (value != nil && free != nil), value != nil || free == nil else {
            throw Errno(code: EINVAL)
        }
        guard let name else {
            if let value { items.append(Item(name: nil, value: value, free: free)) }
            return
        }
        let old = place(of: name).map { place in
            namedCount -= 1
            return items.remove(at: place)
        }
        if let value {
            items.insert(Item(name: name, value: value, free: free), at: 0)
            namedCount += 1
        }
        // Last, because it is the caller's code and may look here.
        if let old { old.free?(old.value) }
    }

    /// - Throws: ENOENT when nothing hangs under the name.
    public func value(_ name: Text) throws(Errno) -> UnsafeMutableRawPointer {
        guard let place = place(of: name) else { throw Errno(code: ENOENT) }
        return items[place].value
    }

    /// Forgets a value without freeing it, wherever it hangs.
    public func forget(_ value: UnsafeMutableRawPointer) {
        while let place = items.firstIndex(where: { $0.value == value }) {
            if place < namedCount { namedCount -= 1 }
            items.remove(at: place)
        }
    }

    /// Frees what hangs first of those with this value.
    public func remove(_ value: UnsafeMutableRawPointer) {
        guard let place = items.firstIndex(where: { $0.value == value }) else { return }
        if place < namedCount { namedCount -= 1 }
        let item = items.remove(at: place)
        item.free?(item.value)
    }

    public func removeAll() {
        while !items.isEmpty {
            let item = items.removeFirst()
            if item.name != nil { namedCount -= 1 }
            item.free?(item.value)
        }
    }

    private func place(of name: Text) -> Int? {
        for place in 0..<namedCount where items[place].name == name { return place }
        return nil
    }
}
