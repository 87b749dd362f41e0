// The first version of Flux's description of a job: what it needs, what it runs, and attributes (RFC 25).
import Bytes
import CLibc
import JSON
import Sockets

public final class Jobspec {
    /// What is wrong with a description.
    public struct Wrong: Error {
        public let text: String
    }

    public let json: JSON

    /// Of a text, whatever it says.
    public init(decoding text: [UInt8]) throws(Wrong) {
        var problem = JSON.Problem()
        guard let parsed = JSON(document: text, problem: &problem) else { throw Wrong(text: problem.text) }
        json = parsed
    }

    /// The least one that runs a command: so many tasks with so many cores and graphics processors each, on any or on so
    /// many nodes, for so many seconds (0: without an end).
    public init(
        command: [[UInt8]], environment: [[UInt8]], tasks: Int, cores: Int, gpus: Int, nodes: Int, seconds: Double
    ) throws(Errno) {
        let tasks = max(tasks, 1)
        guard nodes <= tasks, seconds >= 0 else { throw Errno(code: EINVAL) }
        var parts = [Jobspec.vertex("core", max(cores, 1))]
        if gpus > 0 { parts.append(Jobspec.vertex("gpu", gpus)) }
        var resource = Jobspec.vertex("slot", tasks)
        resource["with"] = .array(parts)
        resource["label"] = .string("task")
        if nodes > 0 {
            let slot = resource
            resource = Jobspec.vertex("node", nodes)
            resource["with"] = .array([slot])
        }
        let task = JSON.object([
            ("command", .array(command.map { .string($0) })), ("slot", .string("task")),
            ("count", .object([("per_slot", .integer(1))])),
        ])
        let system = JSON.object([("duration", .real(seconds)), ("environment", .object())])
        json = .object([
            ("resources", .array([resource])), ("tasks", .array([task])),
            ("attributes", .object([("system", system)])), ("version", .integer(1)),
        ])
        for entry in environment { try put(entry) }
    }

    private static func vertex(_ kind: String, _ count: Int) -> JSON {
        .object([("type", .string(kind)), ("count", .integer(count))])
    }

    // MARK: Attributes

    /// - Throws: ENOENT when nothing is there, EINVAL for a path with empty names.
    public func attribute(_ path: [UInt8]) throws(Errno) -> JSON {
        var place = json
        for name in try Jobspec.names(path) {
            guard let next = place[name] else { throw Errno(code: ENOENT) }
            place = next
        }
        return place
    }

    public func setAttribute(_ path: [UInt8], _ value: JSON) throws(Errno) {
        var names = try Jobspec.names(path)
        let last = names.removeLast()
        var place = json
        for name in names {
            if place[name] == nil { place[name] = .object() }
            guard let next = place[name], next.isObject else { throw Errno(code: EINVAL) }
            place = next
        }
        place[last] = value
    }

    /// Nothing there is no error.
    public func removeAttribute(_ path: [UInt8]) throws(Errno) {
        var names = try Jobspec.names(path)
        let last = names.removeLast()
        var place = json
        for name in names {
            guard let next = place[name] else { return }
            place = next
        }
        place[last] = nil
    }

    private static func names(_ path: [UInt8]) throws(Errno) -> [String] {
        var names = ["attributes"]
        for name in path.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false) {
            guard !name.isEmpty else { throw Errno(code: EINVAL) }
            names.append(String(decoding: name, as: UTF8.self))
        }
        return names
    }

    // MARK: Shorthands

    private static let variables = Array("system.environment.".utf8)

    public func setVariable(_ name: [UInt8], _ value: [UInt8], replacing: Bool) throws(Errno) {
        let path = Jobspec.variables + name
        if !replacing {
            do throws(Errno) {
                if try attribute(path).isString { return }
            } catch {
                guard error.code == ENOENT else { throw error }
            }
        }
        try setAttribute(path, .string(value))
    }

    public func removeVariable(_ name: [UInt8]) throws(Errno) {
        try removeAttribute(Jobspec.variables + name)
    }

    private func put(_ entry: [UInt8]) throws(Errno) {
        guard let end = entry.firstIndex(of: UInt8(ascii: "=")), end > 0 else { throw Errno(code: EINVAL) }
        try setVariable(entry.part(0..<end), entry.part(end + 1..<entry.count), replacing: true)
    }

    /// Of `input.stdin`, `output.stdout` and `output.stderr`.
    public func setFile(_ stream: String, _ path: [UInt8]) throws(Errno) {
        let file = JSON.object([("type", .string("file")), ("path", .string(path))])
        try setAttribute(Array("system.shell.options.".utf8) + Array(stream.utf8), file)
    }

    public func setFolder(_ path: [UInt8]) throws(Errno) {
        try setAttribute(Array("system.cwd".utf8), .string(path))
    }
}

// MARK: Checking

extension Jobspec {
    public func check() throws(Wrong) {
        try json.members("jobspec", needed: ["resources", "tasks", "attributes", "version"])
        guard json["version"]?.integer == 1 else { throw Wrong(text: "only version 1 of jobspec is known") }
        guard let resources = json["resources"]?.elements, resources.count == 1 else {
            throw Wrong(text: "resources must be an array of one vertex")
        }
        switch resources[0]["type"]?.string {
        case "node": try checkNode(resources[0])
        case "slot": try checkSlot(resources[0])
        default: throw Wrong(text: "resources: a vertex must be of type node or slot")
        }
        try checkTasks()
        try checkAttributes()
    }

    private func checkNode(_ node: JSON) throws(Wrong) {
        try node.members("node vertex", needed: ["type", "count", "with"], possible: ["unit"])
        try node.count("node vertex", atLeast: 1)
        guard let slots = node["with"]?.elements, slots.count == 1 else {
            throw Wrong(text: "node vertex: with must be an array of one slot")
        }
        try checkSlot(slots[0])
    }

    private func checkSlot(_ slot: JSON) throws(Wrong) {
        try slot.members("slot vertex", needed: ["type", "count", "with", "label"], possible: ["exclusive"])
        try slot.count("slot vertex", atLeast: 1)
        guard slot["label"]?.isString == true else { throw Wrong(text: "slot vertex: label must be a string") }
        guard let parts = slot["with"]?.elements, parts.count == 1 || parts.count == 2 else {
            throw Wrong(text: "slot vertex: with must be an array of one or two vertices")
        }
        for part in parts {
            try part.members("slot vertex: with", needed: ["type", "count"])
            switch part["type"]?.string {
            case "core": try part.count("core vertex", atLeast: 1)
            case "gpu": try part.count("gpu vertex", atLeast: 0)
            default: throw Wrong(text: "slot vertex: with must be of type core or gpu")
            }
        }
    }

    private func checkTasks() throws(Wrong) {
        guard let tasks = json["tasks"]?.elements, tasks.count == 1 else {
            throw Wrong(text: "tasks must be an array of one object")
        }
        try tasks[0].members("tasks", needed: ["command", "slot", "count"])
        guard let command = tasks[0]["command"], command.isArray, command.count > 0,
            command.elements.allSatisfy({ $0.isString })
        else { throw Wrong(text: "tasks: command must be an array of strings, one at least") }
        guard tasks[0]["slot"]?.isString == true else { throw Wrong(text: "tasks: slot must be a string") }
        guard let count = tasks[0]["count"], count.isObject, count.count == 1,
            let number = (count["per_slot"] ?? count["total"])?.integer
        else { throw Wrong(text: "tasks: count must have one of per_slot and total") }
        guard number >= 1 else { throw Wrong(text: "tasks: count must be at least 1") }
    }

    /// The attributes alone.
    public func checkAttributes() throws(Wrong) {
        guard let attributes = json["attributes"], attributes.isObject else {
            throw Wrong(text: "attributes must be an object")
        }
        for name in attributes.names {
            guard name == "user" || name == "system" else { throw Wrong(text: "attributes." + name + " is not known") }
            guard let section = attributes[name], section.isObject, section.count > 0 else {
                throw Wrong(text: "attributes." + name + " must be an object with members, if it is there")
            }
        }
        guard let system = attributes["system"] else { throw Wrong(text: "attributes.system is missing") }
        guard system["duration"]?.number != nil else {
            throw Wrong(text: "attributes.system.duration must be a number")
        }
        for name in ["environment", "constraints"] {
            if let value = system[name], !value.isObject {
                throw Wrong(text: "attributes.system." + name + " must be an object")
            }
        }
        if let options = system["shell"]?["options"], !options.isObject {
            throw Wrong(text: "attributes.system.shell.options must be an object")
        }
        guard let dependencies = system["dependencies"] else { return }
        let areStrings = dependencies.elements.allSatisfy {
            $0["scheme"]?.isString == true && $0["value"]?.isString == true
        }
        guard dependencies.isArray, areStrings else {
            throw Wrong(text: "attributes.system.dependencies must be an array of objects with scheme and value")
        }
    }
}

extension JSON {
    /// Has these members, and of others only those that are possible.
    fileprivate func members(
        _ what: String, needed: [String], possible: [String] = []
    ) throws(Jobspec.Wrong) {
        guard isObject else { throw Jobspec.Wrong(text: what + " must be an object") }
        for name in needed where self[name] == nil { throw Jobspec.Wrong(text: what + ": " + name + " is missing") }
        for name in names where !needed.contains(name) && !possible.contains(name) {
            throw Jobspec.Wrong(text: what + ": " + name + " is not known")
        }
    }

    fileprivate func count(_ what: String, atLeast least: Int64) throws(Jobspec.Wrong) {
        guard let count = self["count"]?.integer, count >= least else {
            throw Jobspec.Wrong(text: what + ": count must be a number of at least " + String(least))
        }
    }
}
