// The instance's attributes: facts about it under names.
import CLibc
import Flux
import JSON

final class AttributeService: ServiceProvider {
    private struct Attribute {
        var value: String
        let kind: Kind
    }

    /// What may happen to a value. Clients keep a fixed one and never ask again.
    private enum Kind { case fixed, readOnly, changeable }

    private var attributes: [String: Attribute] = [:]
    private static let fixedFlag = 1

    init(_ settings: Settings) {
        let fixed: [(String, String)] = [
            ("rank", "0"), ("size", "1"), ("instance-level", "0"), ("hostlist", settings.hostName),
            ("broker.mapping", "[[0,1,1,1]]"), ("security.owner", String(getuid())), ("local-uri", settings.uri),
            ("rundir", settings.runDirectory), ("version", settings.version), ("content.hash", "sha1"),
            ("broker.pid", String(getpid())), ("broker.starttime", String(Clock.seconds)),
            ("tbon.level", "0"), ("tbon.maxlevel", "0"), ("tbon.descendants", "0"), ("tbon.parent-endpoint", ""),
            ("broker.critical-ranks", "0"), ("log-critical-level", "2"), ("broker.boot-method", "single"),
        ]
        for (name, value) in fixed { attributes[name] = Attribute(value: value, kind: .fixed) }
        if let directory = settings.stateDirectory {
            attributes["statedir"] = Attribute(value: directory, kind: .fixed)
        }
        attributes["conf.shell_initrc"] = Attribute(value: "", kind: .readOnly)
        for (name, value) in [
            ("log-stderr-level", String(settings.logLevel)), ("log-forward-level", "7"),
            ("log-level", "7"), ("log-ring-size", "1024"),
        ] {
            attributes[name] = Attribute(value: value, kind: .changeable)
        }
    }

    subscript(_ name: String) -> String? { attributes[name]?.value }

    func register(_ services: Services) {
        services.add("attr.get", .any) { [unowned self] in try get($0) }
        services.add("attr.set", .owner) { [unowned self] in try set($0) }
        services.add("attr.rm", .owner) { [unowned self] in try remove($0) }
        services.add("attr.list", .any) { [unowned self] in
            $0.respond(.object([("names", .array(attributes.keys.sorted().map { .string($0) }))]))
        }
        services.add("attr.disconnect", .any) { _ in }
    }

    private func get(_ request: Request) throws(ServiceFailure) {
        guard let name = try request.object()["name"]?.string else { throw .malformed }
        guard let found = attributes[name] else { throw ServiceFailure(ENOENT) }
        let isFixed = if case .fixed = found.kind { true } else { false }
        request.respond(
            .object([
                ("value", .string(found.value)), ("flags", .integer(isFixed ? AttributeService.fixedFlag : 0)),
            ]))
    }

    private func set(_ request: Request) throws(ServiceFailure) {
        let body = try request.object()
        guard let name = body["name"]?.string, let value = body["value"]?.string else { throw .malformed }
        guard let found = attributes[name] else { throw ServiceFailure(ENOENT, "unknown attribute") }
        guard case .changeable = found.kind else { throw ServiceFailure(EINVAL, "attribute may not be updated") }
        attributes[name]?.value = value
        request.respond()
    }

    private func remove(_ request: Request) throws(ServiceFailure) {
        guard let name = try request.object()["name"]?.string else { throw .malformed }
        if let found = attributes[name] {
            guard case .changeable = found.kind else { throw ServiceFailure(EPERM) }
            attributes[name] = nil
        }
        request.respond()
    }
}
