// What every service of a broker's answers: counters, resources, debug bits, ping.
import Bytes
import CLibc
import JSON
import Sockets

extension Handle {
    private static let uuidLength = 8

    /// Handlers of `SERVICE.stats-get` and its like, running.
    public func addDefaultMethods(service: [UInt8]) throws(Errno) -> [MessageHandler] {
        var made: [MessageHandler] = []
        do {
            try add(&made, service, "stats-get", .all) { handle, _ in handle.statistics() }
            try add(&made, service, "stats-clear", []) { handle, _ in
                handle.counters = MessageCounters()
                return nil
            }
            try addClearing(&made, service)
            for name in ["config-reload", "config-update"] {
                try add(&made, service, name, []) { handle, request throws(Errno) in
                    handle.setConfiguration(Conf(try request.json().copy))
                    return nil
                }
            }
            try add(&made, service, "debug", []) { handle, request throws(Errno) in try handle.debug(request) }
            try add(&made, service, "rusage", .user) { _, request throws(Errno) in try Handle.usage(request) }
            try add(&made, service, "ping", .user) { handle, request throws(Errno) in try handle.ping(request) }
        } catch {
            for handler in made { handler.remove() }
            throw error
        }
        return made
    }

    private typealias Method = (Handle, Message) throws(Errno) -> JSON?

    private func add(
        _ made: inout [MessageHandler], _ service: [UInt8], _ name: String, _ roles: Roles, _ method: @escaping Method
    ) throws(Errno) {
        let topic = TopicGlob(Slice(service + Array(".\(name)".utf8)))
        let match = Match(types: Int32(MessageType.request.rawValue), glob: topic)
        let handler = try dispatcher().add(match) { handle, _, request in
            do throws(Errno) {
                let response = try Message.response(to: request)
                if let answer = try method(handle, request) { response.setJSON(answer) }
                try handle.send(response)
            } catch {
                handle.tryToRespond(to: request, error: error.code, text: nil)
            }
        }
        handler.allow(roles)
        handler.start()
        made.append(handler)
    }

    private func addClearing(_ made: inout [MessageHandler], _ service: [UInt8]) throws(Errno) {
        let topic = TopicGlob(Slice(service + Array(".stats-clear".utf8)))
        let match = Match(types: Int32(MessageType.event.rawValue), glob: topic)
        let handler = try dispatcher().add(match) { handle, _, _ in handle.counters = MessageCounters() }
        handler.start()
        made.append(handler)
    }

    private func statistics() -> JSON {
        func object(_ counts: MessageCounters.Counts) -> JSON {
            .object([
                ("request", .integer(counts.request)), ("response", .integer(counts.response)),
                ("event", .integer(counts.event)), ("control", .integer(counts.control)),
            ])
        }
        return .object([("tx", object(counters.sent)), ("rx", object(counters.received))])
    }

    /// The bits hang on the handle as an int, where the program finds them too.
    private func debug(_ request: Message) throws(Errno) -> JSON? {
        let body = try request.json()
        guard let operation = body["op"]?.string, let wide = body["flags"]?.integer else { throw Errno(code: EPROTO) }
        let flags = Int32(truncatingIfNeeded: wide)
        let bits = try debugBits()
        switch operation {
        case "setbit": bits.pointee |= flags
        case "clrbit": bits.pointee &= ~flags
        case "set": bits.pointee = flags
        case "clr": bits.pointee = 0
        default: throw Errno(code: EPROTO)
        }
        return .object([("flags", .integer(bits.pointee))])
    }

    private func debugBits() throws(Errno) -> UnsafeMutablePointer<Int32> {
        let name: Text = "flux::debug_flags"
        do {
            return try aux.value(name).assumingMemoryBound(to: Int32.self)
        } catch {
            let made = UnsafeMutablePointer<Int32>.allocate(capacity: 1)
            made.initialize(to: 0)
            try aux.set(name, made, free: { $0.deallocate() })
            return made
        }
    }

    private static func usage(_ request: Message) throws(Errno) -> JSON? {
        var who = "self"
        if request.hasPayload, let asked = try request.json()["who"]?.string { who = asked }
        let kinds: [String: Int32] = ["self": 0, "children": -1, "thread": 1]
        guard let kind = kinds[who] else { throw Errno(code: EINVAL) }
        var used = rusage()
        guard clibc_getrusage(kind, &used) == 0 else { throw Errno(code: clibc_errno()) }
        func seconds(_ time: timeval) -> JSON { .real(Double(time.tv_sec) + 1e-6 * Double(time.tv_usec)) }
        return .object([
            ("utime", seconds(used.ru_utime)), ("stime", seconds(used.ru_stime)),
            ("maxrss", .integer(used.ru_maxrss)), ("ixrss", .integer(used.ru_ixrss)),
            ("idrss", .integer(used.ru_idrss)), ("isrss", .integer(used.ru_isrss)),
            ("minflt", .integer(used.ru_minflt)), ("majflt", .integer(used.ru_majflt)),
            ("nswap", .integer(used.ru_nswap)), ("inblock", .integer(used.ru_inblock)),
            ("oublock", .integer(used.ru_oublock)), ("msgsnd", .integer(used.ru_msgsnd)),
            ("msgrcv", .integer(used.ru_msgrcv)), ("nsignals", .integer(used.ru_nsignals)),
            ("nvcsw", .integer(used.ru_nvcsw)), ("nivcsw", .integer(used.ru_nivcsw)),
        ])
    }

    /// What was sent, and the way it took: the last hop is this handle, which its program has named.
    private func ping(_ request: Message) throws(Errno) -> JSON? {
        let name = try aux.value("flux::uuid").assumingMemoryBound(to: CChar.self)
        let uuid = UnsafeRawBufferPointer(start: name, count: strnlen(name, Handle.uuidLength))
        guard request.hasPayload else { throw Errno(code: EPROTO) }
        let answer = try request.json().copy
        var route = try request.routeText()
        route.append(UInt8(ascii: "!"))
        route += Array(uuid)
        answer["route"] = .string(route)
        // As C's %d would say them.
        answer["userid"] = .integer(Int32(bitPattern: request.credentials.userid))
        answer["rolemask"] = .integer(Int32(bitPattern: request.credentials.roles.rawValue))
        answer["rank"] = .integer(try rank())
        return answer
    }
}
