// Entries of the key-value store as RFC 11 has them: {"ver":1,"type":TYPE,"data":DATA}, where a value's data is
// Base64, a directory's the entries in it, a reference's the names of blobs, and a link's where it points.
import Bytes
import CLibc
import JSON
import Sockets

enum Dirent {
    private static func make(_ type: String, _ data: JSON) -> JSON {
        .object([("ver", .integer(1)), ("type", .string(type)), ("data", data)])
    }

    static func value(_ bytes: [UInt8]) -> JSON { make("val", .string(Base64.encode(bytes))) }

    static func directory() -> JSON { make("dir", .object()) }

    static func reference(toDirectory blob: JSON) -> JSON { make("dirref", .array([blob])) }

    static func link(namespace: JSON?, target: JSON) -> JSON {
        let data = JSON.object([("target", target)])
        if let namespace { data["namespace"] = namespace }
        return make("symlink", data)
    }

    /// nil for what is no entry, or has more than it should.
    static func parts(_ entry: JSON) -> (type: [UInt8], data: JSON)? {
        guard entry.isObject, entry.count == 3, entry["ver"]?.integer == 1, let type = entry["type"]?.bytes,
            let data = entry["data"]
        else { return nil }
        return (type, data)
    }

    static func data(of entry: JSON, _ type: StaticString) -> JSON? {
        guard let parts = parts(entry), type.withUTF8Buffer({ $0.elementsEqual(parts.type) }) else { return nil }
        return parts.data
    }

    static func isDirectory(_ entry: JSON) -> Bool {
        data(of: entry, "dir") != nil || data(of: entry, "dirref") != nil
    }

    /// All the way down.
    static func isValid(_ entry: JSON) -> Bool {
        if let value = data(of: entry, "val") { return value.isString }
        if let link = data(of: entry, "symlink") {
            return link.isObject && link["target"]?.isString == true && link["namespace"]?.isString != false
        }
        if let entries = data(of: entry, "dir") {
            return entries.isObject && entries.names.allSatisfy { entries[$0].map { isValid($0) } ?? false }
        }
        guard let blobs = data(of: entry, "valref") ?? data(of: entry, "dirref") else { return false }
        return blobs.count > 0 && blobs.elements.allSatisfy { $0.bytes.map { isBlob($0) } ?? false }
            && blobs.elements.count == blobs.count
    }

    /// The name of a hash, a dash and its hexadecimal digits.
    private static func isBlob(_ name: [UInt8]) -> Bool {
        let kinds: [(StaticString, Int)] = [("sha1-", 40), ("sha256-", 64)]
        return kinds.contains { prefix, digits in
            name.count == prefix.utf8CodeUnitCount + digits && prefix.withUTF8Buffer { name.starts(with: $0) }
                && name.suffix(digits).allSatisfy { byte in
                    UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || UInt8(ascii: "a")...UInt8(ascii: "f") ~= byte
                }
        }
    }

    /// - Throws: EINVAL for what is no value.
    static func bytes(of entry: JSON) throws(Errno) -> [UInt8] {
        guard let text = data(of: entry, "val")?.bytes, let bytes = Base64.decode(text) else {
            throw Errno(code: EINVAL)
        }
        return bytes
    }
}

extension JSON {
    /// - Throws: EINVAL for what JSON cannot say because it is no UTF-8.
    static func text(_ bytes: [UInt8]) throws(Errno) -> JSON {
        let made = JSON.string(bytes)
        guard made.bytes?.count == bytes.count else { throw Errno(code: EINVAL) }
        return made
    }
}
