// What a client asks about jobs: each is one request to the services that an instance with jobs has.
import Bytes
import CLibc
import JSON
import Sockets

public enum Job {
    public static let isSigned: Int32 = 1
    static let anyEventFlags: Int32 = 3
    static let allStates: Int32 = 126
    static let inactive: Int32 = 64
    static let running: Int32 = 16
    static let pending: Int32 = 14
}

extension Handle {
    private func ask(_ topic: String, _ members: [(String, JSON)], _ flags: RPCFlags = []) throws(Errno) -> RPC {
        try rpc(Slice(topic), json: .object(members), flags: flags)
    }

    /// Hands a job in, signed by its owner's word alone unless that is done.
    public func submitJob(_ jobspec: [UInt8], urgency: Int32, flags: Int32) throws(Errno) -> RPC {
        let signed = flags & Job.isSigned != 0 ? jobspec : UnsignedWrap.wrap(jobspec, user: getuid())
        return try ask(
            "job-ingest.submit",
            [("J", .string(signed)), ("urgency", .integer(urgency)), ("flags", .integer(flags & ~Job.isSigned))])
    }

    public func waitForJob(_ id: UInt64) throws(Errno) -> RPC {
        try ask("job-manager.wait", [("id", .integer(id))])
    }

    public func raise(job id: UInt64, type: [UInt8], severity: Int32, note: [UInt8]?) throws(Errno) -> RPC {
        var members = [("id", JSON.integer(id)), ("type", .string(type)), ("severity", .integer(severity))]
        if let note { members.append(("note", .string(note))) }
        return try ask("job-manager.raise", members)
    }

    public func kill(job id: UInt64, signal: Int32) throws(Errno) -> RPC {
        guard signal > 0 else { throw Errno(code: EINVAL) }
        return try ask("job-manager.kill", [("id", .integer(id)), ("signum", .integer(signal))])
    }

    public func setUrgency(job id: UInt64, _ urgency: Int32) throws(Errno) -> RPC {
        try ask("job-manager.urgency", [("id", .integer(id)), ("urgency", .integer(urgency))])
    }

    // MARK: Lists

    private func attributes(_ text: [UInt8]) throws(Errno) -> JSON {
        var problem = JSON.Problem()
        guard let attributes = JSON(document: text, problem: &problem) else { throw Errno(code: EINVAL) }
        return attributes
    }

    public func listJobs(
        atMost count: Int32, attributes text: [UInt8], user: UInt32, states: Int32
    ) throws(Errno) -> RPC {
        guard count >= 0, states & ~Job.allStates == 0 else { throw Errno(code: EINVAL) }
        let conditions: [JSON] = [
            .object([("userid", .array([.integer(user)]))]),
            .object([("states", .array([.integer(states == 0 ? Job.allStates : states)]))]),
        ]
        return try ask(
            "job-list.list",
            [
                ("max_entries", .integer(count)), ("attrs", try attributes(text)),
                ("constraint", .object([("and", .array(conditions))])),
            ])
    }

    public func listInactiveJobs(atMost count: Int32, since: Double, attributes text: [UInt8]) throws(Errno) -> RPC {
        guard count >= 0, since >= 0 else { throw Errno(code: EINVAL) }
        return try ask(
            "job-list.list",
            [
                ("max_entries", .integer(count)), ("since", .real(since)), ("attrs", try attributes(text)),
                ("constraint", .object([("states", .array([.integer(Job.inactive)]))])),
            ])
    }

    public func list(job id: UInt64, attributes text: [UInt8]) throws(Errno) -> RPC {
        try ask("job-list.list-id", [("id", .integer(id)), ("attrs", try attributes(text))])
    }

    // MARK: Events

    public func watchEvents(job id: UInt64, path: [UInt8], flags: Int32) throws(Errno) -> RPC {
        guard flags & ~Job.anyEventFlags == 0 else { throw Errno(code: EINVAL) }
        return try ask(
            "job-info.eventlog-watch", [("id", .integer(id)), ("path", .string(path)), ("flags", .integer(flags))],
            .streaming)
    }

    // MARK: Time

    /// The seconds that are left to this process's job, or else to the instance; infinite without a limit.
    public func timeLeft(_ problem: inout String) throws(Errno) -> Double {
        let end: Double
        if let job = getenv("FLUX_JOB_ID") {
            end = try endOfJob(String(cString: job), &problem)
        } else {
            end = try endOfInstance(&problem)
        }
        if end == 0 { return .infinity }
        return max(end - (try currentReactor()).now, 0)
    }

    private func endOfInstance(_ problem: inout String) throws(Errno) -> Double {
        do throws(Errno) {
            let rpc = try rpc(Slice("resource.status"), nodeid: 0)
            defer { rpc.dropUse() }
            guard let execution = try rpc.response().json()["R"]?["execution"] else { throw Errno(code: EPROTO) }
            return execution["expiration"]?.number ?? 0
        } catch {
            problem = "resource.status: " + error.text
            throw error
        }
    }

    private func endOfJob(_ name: String, _ problem: inout String) throws(Errno) -> Double {
        do throws(Errno) {
            let id = try JobID.parse(Array(name.utf8))
            let rpc = try list(job: id, attributes: Array("[\"expiration\",\"state\"]".utf8))
            defer { rpc.dropUse() }
            guard let job = try rpc.response().json()["job"], let state = job["state"]?.integer else {
                throw Errno(code: EPROTO)
            }
            if state & Int64(Job.pending) != 0 {
                problem = "job " + name + " has not started"
                throw Errno(code: EINVAL)
            }
            // A job that is over has no time left, which is not the same as no limit.
            return state == Int64(Job.running) ? job["expiration"]?.number ?? -1 : 1
        } catch {
            if problem.isEmpty { problem = "job " + name + ": " + error.text }
            throw error
        }
    }
}

extension Future {
    /// Ends a watch on a job's events; ENODATA comes last.
    public final func cancelEventWatch() throws(Errno) {
        guard let handle = try currentHandle() as? Handle, let rpc else { throw Errno(code: EINVAL) }
        let request = try handle.rpc(
            Slice("job-info.eventlog-watch-cancel"), json: .object([("matchtag", .integer(rpc.matchtag))]),
            flags: .noResponse)
        request.dropUse()
    }

    /// The event that has come, lent with its length; nil when the old ones have been told and new ones follow.
    public final func watchedEvent() throws(Errno) -> UnsafePointer<CChar>? {
        let message = try response()
        guard message.payload != nil else { return nil }
        guard let event = try message.json()["event"], event.isString else { throw Errno(code: EPROTO) }
        return event.lentString
    }
}

/// What stands for a signature where the owner of an instance needs none: a header, the payload, and "none".
public enum UnsignedWrap {
    public static func wrap(_ payload: [UInt8], user: UInt32) -> [UInt8] {
        var header: [UInt8] = []
        for part in ["version", "i1", "userid", "i" + String(user), "mechanism", "snone"] {
            header.add(Array(part.utf8))
            header.append(0)
        }
        return Base64.encode(header) + [UInt8(ascii: ".")] + Base64.encode(payload) + Array(".none".utf8)
    }

    /// The payload and who claims to have signed it.
    public static func unwrap(_ text: [UInt8]) throws(Errno) -> (payload: [UInt8], user: UInt32) {
        let parts = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3, parts[2].elementsEqual(Array("none".utf8)),
            let header = Base64.decode(Array(parts[0])), let payload = Base64.decode(Array(parts[1]))
        else { throw Errno(code: EINVAL) }
        let fields = header.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
        var user: UInt32?
        var isKnown = fields.count == 6
        for place in stride(from: 0, to: fields.count - 1, by: 2) {
            switch fields[place] {
            case "version": isKnown = isKnown && fields[place + 1] == "i1"
            case "mechanism": isKnown = isKnown && fields[place + 1] == "snone"
            case "userid": user = fields[place + 1].hasPrefix("i") ? UInt32(fields[place + 1].dropFirst()) : nil
            default: isKnown = false
            }
        }
        guard isKnown, let user else { throw Errno(code: EINVAL) }
        return (payload, user)
    }
}
