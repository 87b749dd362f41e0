// How a job ended, gathered from its events.
import Bytes
import CLibc
import JSON
import Sockets

/// What a future's maker keeps with it.
open class FutureAttachment {
    public init() {}
}

public final class JobResult: FutureAttachment {
    private static let completed = 1
    private static let failed = 2
    private static let canceled = 4
    private static let timedOut = 8

    public let json: JSON

    private init(_ id: UInt64) {
        json = .object([("id", .integer(id)), ("exception_occurred", .bool(false))])
    }

    /// The future of a text that says it.
    public static func future(of id: UInt64, on handle: Handle) throws(Errno) -> Future {
        let watch = try handle.watchEvents(job: id, path: Array("eventlog".utf8), flags: 0)
        let result = JobResult(id)
        _ = watch.andThen { result.take($0) }
        guard let future = watch.orThen({ result.end($0) }) else { throw Errno(code: EINVAL) }
        future.attachment = result
        return future
    }

    private func take(_ watch: Future) {
        do throws(Errno) {
            if let event = try watch.watchedEvent() { try add(event) }
            try watch.proceed(with: nil)
            watch.reset()
        } catch {
            fail(watch, error)
        }
    }

    private func end(_ watch: Future) {
        let reason = watch.failure?.reason ?? Errno(code: EINVAL)
        guard reason.code == ENODATA else {
            fail(watch, reason)
            return
        }
        json["result"] = .integer(outcome)
        let text = Slice(json.text())
        do throws(Errno) {
            // The text lives as long as the closure that keeps it.
            try watch.fulfillNext(UnsafeMutableRawPointer(mutating: text.pointer)) { _ in _ = text }
        } catch {
            // Nobody waits for it any more.
        }
        watch.dropUse()
    }

    private func fail(_ watch: Future, _ reason: Errno) {
        do throws(Errno) {
            try watch.proceed(failing: reason, nil)
        } catch {
            // Nobody waits for it any more.
        }
        watch.dropUse()
    }

    private func add(_ text: UnsafePointer<CChar>) throws(Errno) {
        let bytes = Array(UnsafeRawBufferPointer(start: text, count: strlen(text)))
        guard let event = JSON(parsing: bytes), let time = event["timestamp"], let name = event["name"]?.string else {
            throw Errno(code: EPROTO)
        }
        switch name {
        case "submit": json["t_submit"] = time
        case "alloc": json["t_run"] = time
        case "finish":
            json["t_cleanup"] = time
            guard let status = event["context"]?["status"] else { throw Errno(code: EPROTO) }
            json["waitstatus"] = status
        case "exception": try addException(event["context"])
        default: break
        }
    }

    /// The most severe one counts, the later of equals.
    private func addException(_ context: JSON?) throws(Errno) {
        guard let type = context?["type"], let severity = context?["severity"], let note = context?["note"] else {
            throw Errno(code: EPROTO)
        }
        if json["exception_occurred"]?.bool == true, let before = json["exception_severity"]?.integer,
            before > 0, before < severity.integer ?? 0
        {
            return
        }
        json["exception_occurred"] = .bool(true)
        json["exception_type"] = type
        json["exception_note"] = note
        json["exception_severity"] = severity
    }

    private var outcome: Int {
        if let run = json["t_run"]?.number, run > 0, json["waitstatus"]?.integer == 0 { return JobResult.completed }
        if json["exception_occurred"]?.bool == true {
            if json["exception_type"]?.string == "cancel" { return JobResult.canceled }
            if json["exception_type"]?.string == "timeout" { return JobResult.timedOut }
        }
        return JobResult.failed
    }
}
