// An instance's configuration: one JSON object, put together from files and from what is said on a command line.
import Bytes
import CLibc
import JSON
import Sockets

/// Why a configuration could not be read, for people too.
public struct ConfError: Error {
    public let code: Errno
    public let text: String

    init(code: Errno, text: String) {
        self.code = code
        self.text = text
    }

    public init(_ code: Errno) {
        self.init(code: code, text: code.text)
    }
}

public final class Conf: Counted {
    public private(set) var object: JSON

    /// - Parameter object: nobody else changes it.
    public init(_ object: JSON = .object()) {
        self.object = object
    }

    public func copy() -> Conf { Conf(object.copy) }

    // MARK: Files

    /// A file, or all files of a folder whose names end with .toml, in the order of their names.
    public static func parse(_ path: String) throws(ConfError) -> Conf {
        var status = stat()
        guard stat(path, &status) == 0 else { throw failure(path, clibc_errno()) }
        let conf = Conf()
        do {
            if clibc_is_directory(status.st_mode) {
                for name in try files(path) { try conf.addTOML(path + "/" + name) }
            } else {
                try conf.add(path)
            }
        } catch {
            conf.dropUse()
            throw error
        }
        return conf
    }

    private static func files(_ path: String) throws(ConfError) -> [String] {
        guard let folder = opendir(path) else { throw failure(path, clibc_errno()) }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { room in
                String(decoding: room.prefix { $0 != 0 }, as: UTF8.self)
            }
            if isNamed(name, ".toml"), name.utf8.first != UInt8(ascii: ".") { names.append(name) }
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    private static func isNamed(_ path: String, _ ending: StaticString) -> Bool {
        ending.withUTF8Buffer { path.utf8.suffix($0.count).elementsEqual($0) }
    }

    /// Of either kind; what its name ends with says which.
    private func add(_ path: String) throws(ConfError) {
        guard Conf.isNamed(path, ".json") else { return try addTOML(path) }
        var reason: [UInt8] = []
        let text = try Conf.contents(path)
        guard let value = text.withUnsafeBytes({ JSON(parsing: $0, reason: &reason) }) else {
            throw Conf.failure(path + ": " + String(decoding: reason, as: UTF8.self))
        }
        guard value.isObject else { throw Conf.failure(path + ": this is no JSON object") }
        merge(value)
    }

    private func addTOML(_ path: String) throws(ConfError) {
        let text = try Conf.contents(path)
        do {
            merge(try TOML.parse(text))
        } catch {
            throw Conf.failure(path + ":" + String(error.line) + ": " + error.reason)
        }
    }

    private static func contents(_ path: String) throws(ConfError) -> [UInt8] {
        let descriptor = clibc_open(path, O_RDONLY | O_CLOEXEC, 0)
        guard descriptor >= 0 else { throw failure(path, clibc_errno()) }
        defer { close(descriptor) }
        var text: [UInt8] = []
        var room = [UInt8](repeating: 0, count: 16384)
        while true {
            let count = read(descriptor, &room, room.count)
            if count == 0 { return text }
            if count < 0, clibc_errno() == EINTR { continue }
            guard count > 0 else { throw failure(path, clibc_errno()) }
            text.add(room, 0..<count)
        }
    }

    private static func failure(_ path: String, _ code: Int32) -> ConfError {
        let code = Errno(code: code)
        return ConfError(code: code, text: path + ": " + code.text)
    }

    private static func failure(_ text: String) -> ConfError {
        ConfError(code: Errno(code: EINVAL), text: text)
    }

    // MARK: Changes

    /// Members of both that are objects become one; else the new one counts.
    private func merge(_ new: JSON) {
        object.mergeDeeply(new)
    }

    /// `NAME.NAME=VALUE`; or JSON, when it begins with a brace; or TOML, when it has several lines; or a file's path.
    public func update(_ text: [UInt8]) throws(ConfError) {
        let isLong = text.contains(UInt8(ascii: "\n"))
        let first = text.first { $0 > 0x20 }
        if text.first == UInt8(ascii: "{") || (isLong && first == UInt8(ascii: "{")) { return try updateJSON(text) }
        if isLong {
            do {
                merge(try TOML.parse(text))
            } catch {
                throw Conf.failure("line " + String(error.line) + ": " + error.reason)
            }
        } else if let equals = text.firstIndex(of: UInt8(ascii: "=")) {
            try set(Array(text[..<equals]), Array(text[(equals + 1)...]))
        } else {
            try add(String(decoding: text, as: UTF8.self))
        }
    }

    private func updateJSON(_ text: [UInt8]) throws(ConfError) {
        var reason: [UInt8] = []
        guard let value = text.withUnsafeBytes({ JSON(parsing: $0, reason: &reason) }), value.isObject else {
            throw Conf.failure("inline JSON: " + String(decoding: reason, as: UTF8.self))
        }
        merge(value)
    }

    /// A value that is no JSON is a text.
    private func set(_ name: [UInt8], _ value: [UInt8]) throws(ConfError) {
        let names = name.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        guard let last = names.last, names.allSatisfy({ !$0.isEmpty }) else {
            throw Conf.failure("a name is missing in NAME=VALUE")
        }
        var here = object
        for name in names.dropLast() {
            let next = here[name] ?? .object()
            guard next.isObject else { throw Conf.failure("setting " + name + ": it is no table") }
            here[name] = next
            here = next
        }
        var reason: [UInt8] = []
        here[last] = value.withUnsafeBytes { JSON(parsing: $0, reason: &reason) } ?? .string(value)
    }
}
