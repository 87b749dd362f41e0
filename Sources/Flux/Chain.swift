// What connects a future with the one that comes after it: what is done when the first succeeds or fails decides how the
// second is fulfilled.
import Bytes
import CLibc
import Sockets

final class Chain {
    /// Both until they have gone.
    fileprivate unowned(unsafe) var previous: Future?
    fileprivate unowned(unsafe) var next: Future?
    fileprivate var onSuccess: ((Future) -> Void)?
    fileprivate var onFailure: ((Future) -> Void)?
    private var isContinued = false
    /// The use that its program had of the previous one is taken back already.
    private var hasDroppedPrevious = false
    /// What was given to fulfill the next one, and is not ready yet.
    private var continuing: Future?

    fileprivate init(from previous: Future) {
        self.previous = previous
        let next = Future { [unowned(unsafe) self] next in begin(next) }
        next.precedingChain = self
        next.setReactor(previous.reactor)
        next.setHandle(previous.handle)
        self.next = next
    }

    func previousIsGone() {
        previous = nil
    }

    /// Nobody is left who would take the result: what was to bring it goes too.
    func nextIsGone() {
        next = nil
        let brought = continuing
        continuing = nil
        brought?.dropUse()
        if !hasDroppedPrevious { previous?.dropUse() }
    }

    /// Where the next one is waited for, the previous one is continued.
    private func begin(_ next: Future) {
        do throws(Errno) {
            guard let previous else { throw Errno(code: EINVAL) }
            try next.passContext(to: previous)
            try previous.then(-1) { [self] in previousIsReady($0) }
        } catch {
            next.fulfill(failure: error, nil)
        }
    }

    private func previousIsReady(_ previous: Future) {
        isContinued = false
        // Its program may drop it in the callback, and has to, unless there is none.
        previous.addUse()
        defer { previous.dropUse() }
        let callback = previous.failure == nil ? onSuccess : onFailure
        callback?(previous)
        // Reset by the callback: this runs again.
        guard previous.isReady else { return }
        if !isContinued, let next {
            do throws(Errno) {
                try next.fulfill(with: previous)
            } catch {
                next.fail(error, Array("a second future cannot fulfill the next of a chain".utf8))
            }
        }
        guard callback == nil, !hasDroppedPrevious else { return }
        hasDroppedPrevious = true
        previous.dropUse()
    }

    /// Takes over the caller's use of `future`. nil leaves the next one open.
    fileprivate func proceed(with future: Future?) throws(Errno) {
        guard let next, let previous else { throw Errno(code: EINVAL) }
        isContinued = true
        guard let future else { return }
        if future === previous {
            try next.fulfill(with: future)
            return
        }
        try previous.passContext(to: future)
        try future.then(-1) { [self] in complete(with: $0) }
        continuing = future
    }

    private func complete(with future: Future) {
        continuing = nil
        if let next {
            do throws(Errno) {
                try next.fulfill(with: future)
            } catch {
                next.fail(error, Array("a second future cannot fulfill the next of a chain".utf8))
            }
        }
        future.dropUse()
    }

    fileprivate func fulfillNext(_ body: (Future) -> Void) throws(Errno) {
        guard let next else { throw Errno(code: EINVAL) }
        isContinued = true
        body(next)
    }
}

extension Future {
    /// The future after this one; `callback` is called when this one has succeeded.
    public final func andThen(_ callback: ((Future) -> Void)?) -> Future? {
        let link = linked()
        link.onSuccess = callback
        return link.next
    }

    /// The same future; `callback` is called when this one has failed.
    public final func orThen(_ callback: ((Future) -> Void)?) -> Future? {
        let link = linked()
        link.onFailure = callback
        return link.next
    }

    private func linked() -> Chain {
        if let chain = begunChain { return chain }
        let made = Chain(from: self)
        chain = made
        return made
    }

    public final func proceed(with future: Future?) throws(Errno) {
        guard let chain = begunChain else { throw Errno(code: EINVAL) }
        try chain.proceed(with: future)
    }

    public final func proceed(failing reason: Errno, _ text: [UInt8]?) throws(Errno) {
        guard let chain = begunChain else { throw Errno(code: EINVAL) }
        try chain.fulfillNext { $0.fulfill(failure: reason, text) }
    }

    public final func fulfillNext(_ value: UnsafeMutableRawPointer?, free: Free?) throws(Errno) {
        guard let chain = begunChain else { throw Errno(code: EINVAL) }
        try chain.fulfillNext { $0.fulfill(value, free: free) }
    }
}
