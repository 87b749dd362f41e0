// Watches a handle, whose readiness is more than a descriptor's: what was received already, or was put back, counts too.
import CLibc
import Sockets

public final class HandleWatcher: Watcher {
    public let handle: Pollable
    private let events: Int32
    /// The handle's socket when that and its queue say everything, and its poll descriptor otherwise.
    private let isPlain: Bool
    private var prepare: PrepareWatcher?
    private var check: CheckWatcher?
    private var source: DescriptorWatcher?
    private var idle: IdleWatcher?
    /// What the handle had received when the loop began to wait.
    private var receivedBefore: UInt64 = 0

    public init(
        _ reactor: Reactor, _ handle: Pollable, events: Int32, _ handler: ((Watcher, Int32) -> Void)?
    ) throws(Errno) {
        self.handle = handle
        self.events = events | Poll.error
        let socket = events & Poll.output == 0 ? handle.plainSocket() : nil
        isPlain = socket != nil
        let descriptor: Int32
        if let socket { descriptor = socket } else { descriptor = try handle.pollDescriptor() }
        super.init(reactor, handler)
        prepare = PrepareWatcher(reactor) { [unowned(unsafe) self] _, _ in arrange() }
        check = CheckWatcher(reactor) { [unowned(unsafe) self] _, _ in look() }
        idle = IdleWatcher(reactor, nil)
        source = DescriptorWatcher(reactor, descriptor: descriptor, events: Poll.input, nil)
        for part in [prepare, check, idle, source] { part?.unreference() }
    }

    override func enter() {
        prepare?.start()
        check?.start()
    }

    override func leave() {
        for part in [prepare, check, idle, source] { part?.stop() }
    }

    private func arrange() {
        receivedBefore = handle.receivedCount
        let ready = isPlain ? handle.queuedEvents() : current()
        if ready & events != 0 { idle?.start() } else { source?.start() }
    }

    private func look() {
        let isReadable = source?.isPending == true
        source?.stop()
        idle?.stop()
        var ready: Int32
        if isPlain, handle.receivedCount == receivedBefore {
            ready = handle.queuedEvents() | (isReadable ? Poll.input : 0)
        } else {
            ready = current()
        }
        ready &= events
        if ready != 0 { invoke(ready) }
    }

    private func current() -> Int32 {
        do throws(Errno) {
            return try handle.pollEvents()
        } catch {
            return Poll.error
        }
    }
}
