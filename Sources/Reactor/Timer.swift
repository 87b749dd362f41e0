import CEvent
import CLibc

/// Calls back once on the loop after a time, unless cancelled before. Made and cancelled on the loop.
public final class Timer {
    private var event: OpaquePointer?
    private let handler: () -> Void

    public init(_ loop: Loop, milliseconds: UInt64, _ handler: @escaping () -> Void) {
        self.handler = handler
        // Safety: `cancel` runs before this object goes, and the callback holds a reference while it runs.
        event = event_new(
            loop.base, -1, 0,
            { _, _, context in
                guard let context else { return }
                Unmanaged<Timer>.fromOpaque(context).takeRetainedCopy().fire()
            },
            Unmanaged.passUnretained(self).toOpaque())
        let bounded = min(milliseconds, 1 << 40)
        var interval = timeval(tv_sec: Int(bounded / 1000), tv_usec: Int(bounded % 1000) * 1000)
        if let event { event_add(event, &interval) }
    }

    deinit {
        cancel()
    }

    private func fire() {
        guard event != nil else { return }
        cancel()
        handler()
    }

    public func cancel() {
        if let event { event_free(event) }
        event = nil
    }
}
