// A future of several: fulfilled when all of them are, or each time one of them is. It owns them.
import Bytes
import CLibc
import Sockets

public final class Composite {
    public struct Child {
        public let name: Slice
        fileprivate let key: Text
        public let future: Future
    }

    private let wantsAll: Bool
    /// Until it has gone.
    private unowned(unsafe) var parent: Future?
    private var children: [Child] = []
    private var places: [Text: Int] = [:]
    private var nameless = 0
    private var cursor = 0
    private var hasBegun = false

    private init(wantsAll: Bool) {
        self.wantsAll = wantsAll
    }

    private static func make(wantsAll: Bool) -> Future {
        let composite = Composite(wantsAll: wantsAll)
        let future = Future { [unowned(unsafe) composite] future in composite.begin(future) }
        future.composite = composite
        composite.parent = future
        return future
    }

    public static func all() -> Future { make(wantsAll: true) }
    public static func any() -> Future { make(wantsAll: false) }

    func tearDown() {
        parent = nil
        let all = children
        children = []
        for child in all { child.future.dropUse() }
    }

    /// Takes over the caller's use of `child`. The nameless ones are numbered.
    public func push(_ name: Text?, _ child: Future) throws(Errno) {
        guard let parent, child !== parent else { throw Errno(code: EINVAL) }
        let key = name ?? Text(String(nameless))
        if name == nil { nameless += 1 }
        guard places[key] == nil else { throw Errno(code: EEXIST) }
        places[key] = children.count
        children.append(Child(name: Slice(key), key: key, future: child))
        if parent.handle == nil, let handle = child.handle { parent.setHandle(handle) }
    }

    public func child(_ name: Text) throws(Errno) -> Future {
        guard let place = places[name], place < children.count else { throw Errno(code: ENOENT) }
        return children[place].future
    }

    public func first() -> Slice? {
        cursor = 0
        return next()
    }

    public func next() -> Slice? {
        guard cursor < children.count else { return nil }
        cursor += 1
        return children[cursor - 1].name
    }

    /// Where the parent is waited for, its children are continued.
    private func begin(_ future: Future) {
        do throws(Errno) {
            for child in children {
                try future.passContext(to: child.future)
                try child.future.then(-1) { [self] in childIsReady($0) }
            }
            if children.isEmpty && wantsAll { future.fulfill(nil, free: nil) }
        } catch {
            future.fulfill(failure: error, nil)
        }
    }

    private func childIsReady(_ child: Future) {
        guard let parent else { return }
        var reason: Errno?
        if wantsAll {
            for child in children {
                guard child.future.isReady else { return }
                if let failure = child.future.failure { reason = failure.reason }
            }
        } else {
            reason = child.failure?.reason
        }
        if let reason { parent.fulfill(failure: reason, nil) } else { parent.fulfill(nil, free: nil) }
    }
}

extension Future {
    /// Has `other` work where this one does now.
    func passContext(to other: Future) throws(Errno) {
        other.setReactor(try currentReactor())
        other.setHandle(handle == nil ? nil : try currentHandle())
    }
}
