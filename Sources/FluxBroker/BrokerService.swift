// What the broker tells of itself, and the answers of the services that an instance of one process needs little for.
import CLibc
import Flux
import JSON

final class BrokerService: ServiceProvider {
    private unowned let broker: Broker
    private var debugFlags: [String: Int64] = [:]

    init(_ broker: Broker) {
        self.broker = broker
    }

    /// Everything that answers ping and tells its figures, as modules of the original do.
    private static let modules = ["kvs", "kvs-watch", "content", "log", "connector-local", "heartbeat"]

    func register(_ services: Services) {
        for name in ["broker"] + BrokerService.modules {
            services.add("\(name).ping", .user) { [unowned self] in try ping($0) }
            services.add("\(name).rusage", .any) { [unowned self] in try rusage($0) }
            services.add("\(name).debug", .owner) { [unowned self] in try debug($0, name) }
        }
        services.add("broker.stats-get", .any) { [unowned self] in stats($0) }
        services.add("broker.stats-clear", .owner) { [unowned self] in
            broker.counts.clear()
            $0.respond()
        }
        services.add("connector-local.stats-get", .any) { [unowned self] in connections($0) }
        services.add("connector-local.stats-clear", .owner) { $0.respond() }
        services.add("broker.getenv", .user) { [unowned self] in try getenv($0) }
        services.add("broker.conf-builtin", .any) { [unowned self] in try builtin($0) }
        services.add("config.get", .any) { $0.respond(.object()) }
        services.add("groups.get", .any) { [unowned self] in try group($0) }
        services.add("state-machine.get", .any) { [unowned self] in state($0) }
        services.add("overlay.health", .any) { [unowned self] in health($0) }
        services.add("module.list", .any) { [unowned self] in modules($0) }
        services.add("event.publish", .user) { [unowned self] in try publish($0) }
        for service in ["broker", "config", "groups", "state-machine", "overlay", "module", "event", "connector-local"]
        {
            services.add("\(service).disconnect", .any) { _ in }
        }
    }

    // MARK: The broker

    private func ping(_ request: Request) throws(ServiceFailure) {
        let body = try request.object()
        let route = (try? request.message.routeText()) ?? []
        body["route"] = .string(route)
        body["userid"] = .integer(request.userID)
        body["rolemask"] = .integer(request.message.credentials.roles.rawValue)
        body["rank"] = .integer(0)
        request.respond(body)
    }

    private func stats(_ request: Request) {
        func figures(_ counts: [Int]) -> JSON {
            let names = ["request", "response", "event", "control"]
            return .object(zip(names, counts).map { ($0, .integer($1)) })
        }
        request.respond(
            .object([("tx", figures(broker.counts.sent)), ("rx", figures(broker.counts.received))]))
    }

    private func connections(_ request: Request) {
        let clients = broker.clients.values.map { client in
            JSON.object([
                ("uuid", .string(client.identity.string)), ("userid", .integer(client.credentials.userid)),
                ("pid", .integer(client.processID)), ("txcount", .integer(client.sentCount)),
                ("rxcount", .integer(client.receivedCount)), ("rxbacklog", .integer(client.queuedByteCount)),
            ])
        }
        request.respond(
            .object([
                ("server", .object([("clients", .array(clients)), ("connects", .integer(broker.connectCount))])),
                ("allow_guest_user", .bool(broker.settings.allowsGuests)),
                ("allow_root_owner", .bool(broker.settings.allowsRootOwner)),
            ]))
    }

    private func rusage(_ request: Request) throws(ServiceFailure) {
        var usage = CLibc.rusage()
        let who = request.json?["who"]?.string ?? "self"
        let whose: Int32 =
            switch who {
            case "self": 0
            case "children": -1
            case "thread": 1
            default: throw ServiceFailure(EINVAL, "\(who) is unsupported")
            }
        guard clibc_getrusage(whose, &usage) == 0 else { throw ServiceFailure(EINVAL) }
        func seconds(_ time: timeval) -> JSON { .real(Double(time.tv_sec) + Double(time.tv_usec) / 1e6) }
        request.respond(
            .object([
                ("utime", seconds(usage.ru_utime)), ("stime", seconds(usage.ru_stime)),
                ("maxrss", .integer(usage.ru_maxrss)), ("ixrss", .integer(usage.ru_ixrss)),
                ("idrss", .integer(usage.ru_idrss)), ("isrss", .integer(usage.ru_isrss)),
                ("minflt", .integer(usage.ru_minflt)), ("majflt", .integer(usage.ru_majflt)),
                ("nswap", .integer(usage.ru_nswap)), ("inblock", .integer(usage.ru_inblock)),
                ("oublock", .integer(usage.ru_oublock)), ("msgsnd", .integer(usage.ru_msgsnd)),
                ("msgrcv", .integer(usage.ru_msgrcv)), ("nsignals", .integer(usage.ru_nsignals)),
                ("nvcsw", .integer(usage.ru_nvcsw)), ("nivcsw", .integer(usage.ru_nivcsw)),
            ]))
    }

    /// Flags that mean something to whoever reads them: nobody here.
    private func debug(_ request: Request, _ name: String) throws(ServiceFailure) {
        let body = try request.object()
        guard let operation = body["op"]?.string, let flags = body["flags"]?.integer else { throw .malformed }
        let old = debugFlags[name] ?? 0
        switch operation {
        case "setbit": debugFlags[name] = old | flags
        case "clrbit": debugFlags[name] = old & ~flags
        case "set": debugFlags[name] = flags
        case "clr": debugFlags[name] = 0
        default: throw .malformed
        }
        request.respond(.object([("flags", .integer(debugFlags[name] ?? 0))]))
    }

    private func getenv(_ request: Request) throws(ServiceFailure) {
        guard let names = try request.object()["names"], names.isArray else { throw .malformed }
        let found = JSON.object()
        for name in names.elements {
            guard let name = name.string else { throw .malformed }
            if let value = CLibc.getenv(name) { found[name] = .string(String(cString: value)) }
        }
        request.respond(.object([("env", found)]))
    }

    private func builtin(_ request: Request) throws(ServiceFailure) {
        guard let keys = try request.object()["keys"], keys.isArray else { throw .malformed }
        let values = JSON.object()
        for key in keys.elements {
            guard let key = key.string else { throw .malformed }
            guard key == "rundir" else { throw ServiceFailure(EINVAL, "\(key): invalid key") }
            values[key] = .string("/run/flux")
        }
        request.respond(.object([("values", values)]))
    }

    // MARK: An instance of one

    /// Who belongs to a group of brokers; followers are told of changes, and here there are none.
    private func group(_ request: Request) throws(ServiceFailure) {
        guard let name = try request.object()["name"]?.string else { throw .malformed }
        let isOfAll = ["broker.online", "broker.torpid", "broker.lost"].firstIndex(of: name) == 0
        request.respond(.object([("members", .string(isOfAll ? "0" : ""))]))
    }

    private func state(_ request: Request) {
        request.respond(.object([("state", .string("run")), ("duration", .real(Clock.seconds - broker.started))]))
    }

    private func health(_ request: Request) {
        request.respond(
            .object([
                ("rank", .integer(0)), ("status", .string("full")),
                ("duration", .real(Clock.seconds - broker.started)), ("children", .array()),
            ]))
    }

    private func modules(_ request: Request) {
        let modules = BrokerService.modules.map { name in
            JSON.object([
                ("name", .string(name)), ("path", .string("builtin")), ("idle", .integer(0)), ("status", .integer(1)),
                ("services", .array()), ("sendqueue", .integer(0)), ("recvqueue", .integer(0)),
            ])
        }
        request.respond(.object([("mods", .array(modules))]))
    }

    // MARK: Events

    private func publish(_ request: Request) throws(ServiceFailure) {
        let body = try request.object()
        guard let topic = body["topic"]?.bytes, let flags = body["flags"]?.integer,
            flags == 0 || flags == Int64(MessageFlags.isPrivate.rawValue)
        else { throw .malformed }
        var payload: Slice?
        if let text = body["payload"] {
            guard let letters = text.bytes, let bytes = Base64.decode(letters) else { throw .malformed }
            payload = Slice(bytes)
        }
        let sender = request.message.lastRoute.flatMap { broker.clients[$0] }
        let number = broker.publish(
            Slice(topic), payload, isPrivate: flags != 0, request.message.credentials, from: sender)
        request.respond(.object([("seq", .integer(number))]))
    }
}
