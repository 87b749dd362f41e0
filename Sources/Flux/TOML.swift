// A configuration file's text as the JSON object that it means: TOML 1.0, which flux-core's files are written in. A
// moment in time becomes {"iso-8601-ts": TEXT}, because JSON has none; numbers that JSON has none of are refused.
import Bytes
import CLibc
import JSON

/// Why a text is no TOML, and where.
public struct TOMLError: Error {
    public let line: Int
    public let reason: String
}

/// The text of a file, a table at a time.
public struct TOML {
    var reader: TOMLReader
    private let root = JSON.object()
    /// The table that lines belong to, and its names from the root.
    private var table: JSON
    private var path: [String] = []
    /// Tables that a header has opened, and values: neither may come again.
    private var closed: Set<Text> = []

    public static func parse(_ text: [UInt8]) throws(TOMLError) -> JSON {
        var file = TOML(text)
        try file.readAll()
        return file.root
    }

    private init(_ text: [UInt8]) {
        reader = TOMLReader(text)
        table = root
    }

    private mutating func readAll() throws(TOMLError) {
        while true {
            reader.skipBlank(acrossLines: true)
            guard let byte = reader.peek else { return }
            if byte == UInt8(ascii: "[") {
                try readHeader()
            } else {
                try readMember()
            }
            try reader.endLine()
        }
    }

    // MARK: Headers

    private mutating func readHeader() throws(TOMLError) {
        reader.advance()
        let isArray = reader.take(UInt8(ascii: "["))
        let names = try reader.key()
        reader.skipBlank()
        guard reader.take(UInt8(ascii: "]")), !isArray || reader.take(UInt8(ascii: "]")) else {
            throw reader.failure("the name of a table has no end")
        }
        var here = root
        for name in names.dropLast() { here = try descend(here, name) }
        guard let last = names.last else { throw reader.failure("a table needs a name") }
        path = names
        table = isArray ? try appendTable(here, last) : try openTable(here, last)
    }

    /// Into a table that need not have been named yet; of an array of tables, into the last.
    private func descend(_ table: JSON, _ name: String) throws(TOMLError) -> JSON {
        guard let found = table[name] else {
            let made = JSON.object()
            table[name] = made
            return made
        }
        if found.isObject { return found }
        guard found.isArray, let last = found[found.count - 1], last.isObject else {
            throw reader.failure(name + " is no table")
        }
        return last
    }

    private mutating func openTable(_ parent: JSON, _ name: String) throws(TOMLError) -> JSON {
        guard closed.insert(mark(path)).inserted else { throw reader.failure(name + " is there already") }
        if let found = parent[name] {
            guard found.isObject else { throw reader.failure(name + " is no table") }
            return found
        }
        let made = JSON.object()
        parent[name] = made
        return made
    }

    private mutating func appendTable(_ parent: JSON, _ name: String) throws(TOMLError) -> JSON {
        guard !closed.contains(mark(path)) else { throw reader.failure(name + " is no array of tables") }
        let made = JSON.object()
        if let found = parent[name] {
            guard found.isArray else { throw reader.failure(name + " is no array of tables") }
            found.append(made)
        } else {
            parent[name] = .array([made])
        }
        // What the table before it has closed may come again in this one.
        let prefix = mark(path) + Text([0])
        closed = closed.filter { !$0.hasPrefix(prefix) }
        return made
    }

    private func mark(_ names: [String]) -> Text {
        Text.joined(names.map { Text($0) }, separator: 0)
    }

    // MARK: Members

    private mutating func readMember() throws(TOMLError) {
        let names = try reader.key()
        reader.skipBlank()
        guard reader.take(UInt8(ascii: "=")) else { throw reader.failure("a name needs = and a value") }
        reader.skipBlank()
        let value = try reader.value(depth: 0)
        var here = table
        var whole = path
        for name in names.dropLast() {
            whole.append(name)
            guard !closed.contains(mark(whole)) else { throw reader.failure(name + " is there already") }
            here = try descend(here, name)
        }
        guard let last = names.last, here[last] == nil else {
            throw reader.failure((names.last ?? "") + " is there already")
        }
        closed.insert(mark(whole + [last]))
        here[last] = value
    }
}
