// What to run: arguments, environment, folder, and what else a process is to get.
import Bytes
import CLibc
import JSON
import Sockets

public final class Command {
    struct Variable {
        let name: Slice
        /// None for an entry without `=`, which stays in the list but says nothing.
        let value: Slice?
    }

    struct MessageChannel {
        let name: Slice
        let address: Slice
    }

    public private(set) var arguments: [Slice] = []
    private(set) var environment: [Variable] = []
    public var folder: Slice?
    public private(set) var label: Slice?
    private(set) var options: [(name: Slice, value: Slice)] = []
    private(set) var channels: [Slice] = []
    private(set) var messageChannels: [MessageChannel] = []

    public init(arguments: [[UInt8]] = [], environment: [[UInt8]] = []) {
        self.arguments = arguments.map { Slice($0) }
        self.environment = environment.map { entry in
            guard let end = entry.firstIndex(of: UInt8(ascii: "=")) else {
                return Variable(name: Slice(entry), value: nil)
            }
            return Variable(name: Slice(entry.part(0..<end)), value: Slice(entry.part(end + 1..<entry.count)))
        }
    }

    public init(copying other: Command) {
        arguments = other.arguments
        environment = other.environment
        folder = other.folder
        label = other.label
        options = other.options
        channels = other.channels
        messageChannels = other.messageChannels
    }

    // MARK: Arguments

    public func argument(_ place: Int) throws(Errno) -> Slice {
        guard place >= 0, place < arguments.count else { throw Errno(code: EINVAL) }
        return arguments[place]
    }

    public func append(_ argument: [UInt8]) {
        arguments.append(Slice(argument))
    }

    /// Before the one that is there; at the beginning even if there is none.
    public func insert(_ argument: [UInt8], at place: Int) throws(Errno) {
        guard place == 0 || (place > 0 && place < arguments.count) else { throw Errno(code: EINVAL) }
        arguments.insert(Slice(argument), at: place)
    }

    public func removeArgument(_ place: Int) throws(Errno) {
        _ = try argument(place)
        arguments.remove(at: place)
    }

    /// The arguments with spaces between them.
    public var line: [UInt8] {
        var line: [UInt8] = []
        for (place, argument) in arguments.enumerated() {
            if place > 0 { line.append(UInt8(ascii: " ")) }
            line.add(argument.bytes)
        }
        return line
    }

    // MARK: Environment

    public func variable(_ name: [UInt8]) -> Slice? {
        environment.first { $0.name.isSame(as: name) }?.value
    }

    public func set(_ name: [UInt8], _ value: [UInt8], replacing: Bool) throws(Errno) {
        guard !name.isEmpty, !name.contains(UInt8(ascii: "=")) else { throw Errno(code: EINVAL) }
        let place = environment.firstIndex { $0.name.isSame(as: name) }
        if let place {
            guard replacing else { return }
            environment.remove(at: place)
        }
        environment.append(Variable(name: Slice(name), value: Slice(value)))
    }

    /// One variable, or all that a pattern with `*`, `?` or `[` matches.
    public func unset(_ pattern: [UInt8]) {
        let isPattern = pattern.contains {
            $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "[")
        }
        let pattern = Slice(pattern)
        environment.removeAll { isPattern ? matches(pattern, $0.name) : $0.name == pattern }
    }

    public func replaceEnvironment(_ entries: [[UInt8]]) {
        environment = Command(environment: entries).environment
    }

    // MARK: The rest

    /// An empty one is refused; nil takes it away.
    public func setLabel(_ label: [UInt8]?) throws(Errno) {
        if let label, label.isEmpty { throw Errno(code: EINVAL) }
        self.label = label.map { Slice($0) }
    }

    public func option(_ name: [UInt8]) -> Slice? {
        options.first { $0.name.isSame(as: name) }?.value
    }

    public func setOption(_ name: [UInt8], _ value: [UInt8]) {
        options.removeAll { $0.name.isSame(as: name) }
        options.append((Slice(name), Slice(value)))
    }

    public func addChannel(_ name: [UInt8]) throws(Errno) {
        guard !channels.contains(where: { $0.isSame(as: name) }) else { throw Errno(code: EEXIST) }
        channels.append(Slice(name))
    }

    public func addMessageChannel(_ name: [UInt8], address: [UInt8]) throws(Errno) {
        guard !messageChannels.contains(where: { $0.name.isSame(as: name) }) else { throw Errno(code: EEXIST) }
        messageChannels.append(MessageChannel(name: Slice(name), address: Slice(address)))
    }

    // MARK: The wire

    /// As it goes to who runs it.
    var json: JSON {
        let object = JSON.object()
        if let folder { object["cwd"] = .string(folder.bytes) }
        if let label { object["label"] = .string(label.bytes) }
        object["cmdline"] = .array(arguments.map { .string($0.bytes) })
        let variables = JSON.object()
        for variable in environment {
            guard let value = variable.value, variables[variable.name.string] == nil else { continue }
            variables[variable.name.string] = .string(value.bytes)
        }
        object["env"] = variables
        let all = JSON.object()
        for option in options { all[option.name.string] = .string(option.value.bytes) }
        object["opts"] = all
        object["channels"] = .array(channels.map { .string($0.bytes) })
        object["msgchan"] = .array(
            messageChannels.map { .object([("name", .string($0.name.bytes)), ("uri", .string($0.address.bytes))]) })
        return object
    }
}

/// Whether a name is one of those that a pattern of fnmatch(3) means.
func matches(_ pattern: Slice, _ name: Slice) -> Bool {
    fnmatch(
        pattern.pointer.assumingMemoryBound(to: CChar.self), name.pointer.assumingMemoryBound(to: CChar.self), 0) == 0
}
