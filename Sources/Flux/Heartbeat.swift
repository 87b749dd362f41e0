// A future that is fulfilled with each heartbeat of the instance.
import Bytes
import CLibc
import Sockets

public final class Heartbeat {
    private static let topic = "heartbeat.pulse"
    private let handle: Handle
    private let minimum: Double
    private var handlers: [MessageHandler] = []
    private var last: (sequence: UInt32, time: Double)?

    private init(_ handle: Handle, minimum: Double) {
        self.handle = handle
        self.minimum = minimum
    }

    /// - Parameter minimum: seconds from one fulfilment to the next, at least.
    public static func future(_ handle: Handle, minimum: Double) throws(Errno) -> Future {
        try handle.subscribe(Array(topic.utf8), flags: .noResponse).dropUse()
        let beat = Heartbeat(handle, minimum: minimum)
        let future = Future { [unowned(unsafe) beat] future in
            // Safety: the future holds it, below.
            beat.listen(for: future)
        }
        try future.aux.set(nil, Unmanaged.passRetained(beat).toOpaque()) { pointer in
            let beat = Unmanaged<Heartbeat>.fromOpaque(pointer).takeRetainedValue()
            beat.end()
        }
        future.setHandle(handle)
        return future
    }

    private func listen(for future: Future) {
        do throws(Errno) {
            guard let handle = try future.currentHandle() as? Handle else { throw Errno(code: EINVAL) }
            let match = Match(
                types: Int32(MessageType.event.rawValue), glob: TopicGlob(Slice(Heartbeat.topic)))
            let reactor = try handle.currentReactor()
            let handler = try handle.dispatcher().add(match) {
                [unowned(unsafe) self, unowned(unsafe) future] _, _, event in
                // Safety: both go after the handler, which is removed at the end.
                if isNew(event, reactor.now) { future.fulfill(nil, free: nil) }
            }
            handler.start()
            handlers.append(handler)
        } catch {
            future.fulfill(failure: error, nil)
        }
    }

    /// An event is heard by all who wait for it, so that one that was taken already may come again.
    private func isNew(_ event: Message, _ now: Double) -> Bool {
        guard event.credentials.roles.contains(.owner) else { return false }
        if let last {
            guard event.sequence > last.sequence, minimum <= 0 || now - last.time >= minimum else { return false }
        }
        last = (event.sequence, now)
        return true
    }

    private func end() {
        for handler in handlers { handler.remove() }
        handlers = []
        do {
            try handle.unsubscribe(Array(Heartbeat.topic.utf8), flags: .noResponse).dropUse()
        } catch {
            // The connection has gone, and the subscription with it.
        }
    }
}
