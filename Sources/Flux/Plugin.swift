// A part of a program that is loaded while it runs: handlers under topics that may be patterns, a configuration, and what
// hangs on it.
import Bytes
import CLibc
import JSON
import Sockets

/// What is called; the edge knows what it is.
open class PluginHandler {
    public init() {}
}

public final class Plugin {
    public static let lazily: Int32 = 1
    public static let now: Int32 = 2
    public static let globally: Int32 = 4
    public static let deeply: Int32 = 8

    public private(set) var flags = Plugin.lazily
    public private(set) var name: Slice?
    public private(set) var path: Slice?
    public let uuid = Slice(UUID.random())
    public let aux = Aux()
    public private(set) var configuration: JSON?
    private var configurationText: Slice?
    private var handlers: [(topic: Slice, handler: PluginHandler)] = []
    private var object: UnsafeMutableRawPointer?
    /// Why the last call failed; empty when it did not.
    public var failure = Slice("")

    public init() {}

    /// Frees what hangs on it, before its code goes.
    public func tearDown() {
        handlers = []
        aux.removeAll()
        if let object { dlclose(object) }
        object = nil
    }

    public func setFlags(_ flags: Int32) throws(Errno) {
        guard flags & ~(Plugin.lazily | Plugin.now | Plugin.globally | Plugin.deeply) == 0 else {
            throw Errno(code: EINVAL)
        }
        self.flags = flags
    }

    public func setName(_ name: [UInt8]) {
        self.name = Slice(name)
    }

    /// Remembers why, and throws it.
    public func fail(_ code: Int32, _ text: String) -> Errno {
        failure = Slice(text)
        return Errno(code: code)
    }

    // MARK: Configuration

    public func configure(_ text: [UInt8]) throws(Errno) {
        var problem = JSON.Problem()
        guard let parsed = JSON(document: text, problem: &problem) else {
            throw fail(EINVAL, "parse error: col " + String(problem.column) + ": " + problem.text)
        }
        configuration = parsed
        configurationText = nil
    }

    public func configurationAsText() throws(Errno) -> Slice {
        if let configurationText { return configurationText }
        guard let configuration else { throw fail(ENOENT, "No plugin conf set") }
        let text = Slice(configuration.text())
        configurationText = text
        return text
    }

    // MARK: Handlers

    public func add(_ topic: [UInt8], _ handler: PluginHandler) {
        handlers.append((Slice(topic), handler))
    }

    /// The first one of exactly this topic.
    public func remove(_ topic: [UInt8]) {
        guard let place = handlers.firstIndex(where: { $0.topic.isSame(as: topic) }) else { return }
        handlers.remove(at: place)
    }

    public func handler(of topic: [UInt8]) -> PluginHandler? {
        handlers.first { $0.topic.isSame(as: topic) }?.handler
    }

    /// The first one whose topic, as a pattern, means this one.
    public func handler(for topic: [UInt8]) -> PluginHandler? {
        let topic = Slice(topic)
        return handlers.first { matches($0.topic, topic) }?.handler
    }

    // MARK: Loading

    /// Loads a shared object, and runs its `flux_plugin_init` with `start`, which says whether that went well.
    public func load(_ path: [UInt8], start: (UnsafeMutableRawPointer) -> Bool) throws(Errno) {
        let place = Slice(path)
        let text = place.pointer.assumingMemoryBound(to: CChar.self)
        guard access(text, R_OK) == 0 else {
            let reason = Errno(code: clibc_errno())
            throw fail(reason.code, place.string + ": " + reason.text)
        }
        clibc_set_errno(0)
        guard let loaded = dlopen(text, openFlags) else {
            let code = clibc_errno()
            throw fail(code == 0 ? EINVAL : code, "dlopen: " + (dlerror().map { String(cString: $0) } ?? place.string))
        }
        object = loaded
        self.path = place
        name = place
        guard let function = dlsym(loaded, "flux_plugin_init") else { return }
        clibc_set_errno(0)
        guard start(function) else {
            let code = clibc_errno()
            throw fail(code == 0 ? EINVAL : code, place.string + ": flux_plugin_init failed")
        }
    }

    private var openFlags: Int32 {
        var result = flags & Plugin.globally != 0 ? RTLD_GLOBAL : RTLD_LOCAL
        if flags & Plugin.lazily != 0 { result |= RTLD_LAZY }
        if flags & Plugin.now != 0 { result |= RTLD_NOW }
        if flags & Plugin.deeply != 0, !Plugin.isDeepBindingOff { result |= RTLD_DEEPBIND }
        return result
    }

    /// FLUX_LOAD_WITH_DEEPBIND=0: some allocators and sanitizers cannot bear it.
    private static var isDeepBindingOff: Bool {
        guard let value = getenv("FLUX_LOAD_WITH_DEEPBIND") else { return false }
        return strtol(value, nil, 10) == 0
    }
}

/// What a plugin is called with, and what it answers.
public final class PluginArguments {
    public private(set) var input: JSON?
    public private(set) var output: JSON?
    public var failure = Slice("")

    public init() {}

    public func value(isOutput: Bool) -> JSON? { isOutput ? output : input }

    /// Takes the place of what is there, or adds its members to that.
    public func set(_ value: JSON?, isOutput: Bool, replacing: Bool) throws(Errno) {
        if !replacing, let old = self.value(isOutput: isOutput) {
            guard let value, old.isObject, value.isObject else { throw Errno(code: EINVAL) }
            old.merge(value)
            return
        }
        if isOutput { output = value } else { input = value }
    }

    public func fail(_ code: Int32, _ text: String) -> Errno {
        failure = Slice(text)
        return Errno(code: code)
    }
}

enum UUID {
    /// A random one, in its usual spelling.
    static func random() -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 16)
        getentropy(&bytes, bytes.count)
        bytes[6] = bytes[6] & 0x0f | 0x40
        bytes[8] = bytes[8] & 0x3f | 0x80
        let digits: StaticString = "0123456789abcdef"
        var text: [UInt8] = []
        for (place, byte) in bytes.enumerated() {
            if [4, 6, 8, 10].contains(place) { text.append(UInt8(ascii: "-")) }
            digits.withUTF8Buffer {
                text.append($0[Int(byte >> 4)])
                text.append($0[Int(byte & 15)])
            }
        }
        return text
    }
}
