import CEvent
import CLibc

/// Calls back on the loop while a descriptor is readable or writable. Made, changed and cancelled on the loop.
public final class Watcher {
    public enum Interest: Sendable { case readable, writable }

    private var event: OpaquePointer?
    private let handler: () -> Void
    public private(set) var isEnabled = false

    public init(_ loop: Loop, _ descriptor: Int32, _ interest: Interest, _ handler: @escaping () -> Void) {
        self.handler = handler
        let what = Int16(interest == .readable ? EV_READ : EV_WRITE) | Int16(EV_PERSIST)
        // Safety: `cancel` runs before this object goes, and the callback holds a reference while it runs.
        event = event_new(
            loop.base, descriptor, what,
            { _, _, context in
                guard let context else { return }
                Unmanaged<Watcher>.fromOpaque(context).takeRetainedCopy().handler()
            },
            Unmanaged.passUnretained(self).toOpaque())
    }

    deinit {
        cancel()
    }

    public func enable() {
        guard let event, !isEnabled else { return }
        isEnabled = event_add(event, nil) == 0
    }

    public func disable() {
        guard let event, isEnabled else { return }
        event_del(event)
        isEnabled = false
    }

    public func cancel() {
        if let event { event_free(event) }
        event = nil
        isEnabled = false
    }
}

extension Unmanaged {
    /// A reference of one's own, so that the object outlives the call whatever the call does.
    func takeRetainedCopy() -> Instance {
        retain().takeRetainedValue()
    }
}
