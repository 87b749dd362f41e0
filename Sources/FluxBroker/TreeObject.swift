// What stands under a key of the KVS (RFC 11): a value, a directory, a symbolic link, or references to blobs that hold one.
// Objects are written with sorted names and without spaces, since a directory's reference is the hash of its text.
import Flux
import JSON

/// A blob's name: its hash in hexadecimal, with the kind of hash before it.
struct BlobReference: Hashable {
    let text: String

    init(of bytes: [UInt8]) {
        self.init(sha1: SHA1.digest(bytes))
    }

    /// nil for what is not as long as a hash of ours.
    init?(digest: [UInt8]) {
        guard digest.count == 20 else { return nil }
        self.init(sha1: digest)
    }

    private init(sha1 digest: [UInt8]) {
        let digits = Array("0123456789abcdef".utf8)
        var text = Array("sha1-".utf8)
        for byte in digest {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        self.text = String(decoding: text, as: UTF8.self)
    }

    /// The hash itself.
    var digest: [UInt8] {
        let letters = Array(text.utf8.drop { $0 != UInt8(ascii: "-") }.dropFirst())
        return stride(from: 0, to: letters.count - 1, by: 2).map { place in
            BlobReference.value(letters[place]) << 4 | BlobReference.value(letters[place + 1])
        }
    }

    private static func value(_ letter: UInt8) -> UInt8 {
        letter <= UInt8(ascii: "9") ? letter - UInt8(ascii: "0") : letter - UInt8(ascii: "a") + 10
    }

    /// nil for what is no such name.
    init?(_ text: String) {
        let digits: Substring
        if text.hasPrefix("sha1-"), text.utf8.count == 45 {
            digits = text.dropFirst(5)
        } else if text.hasPrefix("sha256-"), text.utf8.count == 71 {
            digits = text.dropFirst(7)
        } else {
            return nil
        }
        guard digits.utf8.allSatisfy({ (48...57).contains($0) || (97...102).contains($0) }) else { return nil }
        self.text = text
    }
}

typealias Directory = [String: TreeObject]

indirect enum TreeObject: Equatable {
    /// Base64, as it came.
    case value([UInt8])
    case valueReferences([BlobReference])
    case directory(Directory)
    case directoryReference(BlobReference)
    case link(target: String, namespace: String?)

    /// nil for what RFC 11 does not allow, at any depth.
    init?(_ json: JSON) {
        guard json.isObject, json["ver"]?.integer == 1, let kind = json["type"]?.string, let data = json["data"] else {
            return nil
        }
        switch kind {
        case "val":
            guard let bytes = data.bytes else { return nil }
            self = .value(bytes)
        case "valref":
            let references = data.elements.compactMap { $0.string.flatMap { BlobReference($0) } }
            guard !references.isEmpty, references.count == data.count else { return nil }
            self = .valueReferences(references)
        case "dirref":
            guard data.isArray, data.count == 1, let name = data[0]?.string, let reference = BlobReference(name) else {
                return nil
            }
            self = .directoryReference(reference)
        case "dir":
            guard data.isObject else { return nil }
            var entries: Directory = [:]
            for name in data.names {
                guard let member = data[name], let entry = TreeObject(member) else { return nil }
                entries[name] = entry
            }
            self = .directory(entries)
        case "symlink":
            guard let target = data["target"]?.string else { return nil }
            let namespace = data["namespace"]
            guard namespace == nil || namespace?.isString == true else { return nil }
            self = .link(target: target, namespace: namespace?.string)
        default: return nil
        }
    }

    var json: JSON {
        let (kind, data): (String, JSON) =
            switch self {
            case .value(let text): ("val", .string(text))
            case .valueReferences(let references): ("valref", .array(references.map { .string($0.text) }))
            case .directoryReference(let reference): ("dirref", .array([.string(reference.text)]))
            case .directory(let entries):
                ("dir", .object(entries.sorted { $0.key < $1.key }.map { ($0.key, $0.value.json) }))
            case .link(let target, let namespace):
                (
                    "symlink",
                    .object((namespace.map { [("namespace", .string($0))] } ?? []) + [("target", .string(target))])
                )
            }
        return .object([("data", data), ("type", .string(kind)), ("ver", .integer(1))])
    }

    var isDirectory: Bool {
        switch self {
        case .directory, .directoryReference: true
        case .value, .valueReferences, .link: false
        }
    }

    /// The text that is hashed and stored.
    static func encode(_ directory: Directory) -> [UInt8] {
        TreeObject.directory(directory).json.text(isSorted: true)
    }

    static let emptyDirectory = BlobReference(of: encode([:]))
}
