/// A client's way in: its version and name, then the methods it wants to be known by. The bytes may come in any pieces.
struct Handshake {
    enum Refusal: Int8, Error {
        case quota = -3
        case illegalName = -5
        case nameInUse = -6
        case version = -7
        case authentication = -9
    }

    /// What the client said of itself.
    struct Greeting: Equatable {
        var version: (major: UInt8, minor: UInt8, patch: UInt8)
        var wantsMembership: Bool
        var name: [UInt8]

        var number: Int { Int(version.major) * 10000 + Int(version.minor) * 100 + Int(version.patch) }
        var choosesMethod: Bool { number >= 31600 }
        var seesPatch: Bool { number >= 31500 }

        static func == (left: Greeting, right: Greeting) -> Bool {
            left.version == right.version && left.wantsMembership == right.wantsMembership && left.name == right.name
        }
    }

    static let methodByteCount = 30
    static let choiceByteCount = 3 * methodByteCount

    /// nil until it is all there. Nothing may follow it: the client waits for an answer.
    static func greeting(_ bytes: [UInt8]) throws(Refusal) -> Greeting? {
        guard bytes.count >= 2 else { return nil }
        let (major, minor) = (bytes[0], bytes[1])
        guard major < 128, minor < 128, Int(major) * 10000 + Int(minor) * 100 >= 30100 else { throw .version }
        var place = 2
        var patch: UInt8 = 0
        if Int(major) * 10000 + Int(minor) * 100 > 31400 {
            guard bytes.count > 2 else { return nil }
            patch = bytes[2]
            place = 3
        }
        guard bytes.count >= place + 2 else { return nil }
        let flags = bytes[place]
        let length = Int(bytes[place + 1])
        let name = Array(bytes[(place + 2)...])
        guard length <= 10, name.count <= length, name.allSatisfy({ Name.allowed.contains($0) }) else {
            throw .illegalName
        }
        guard name.count == length else { return nil }
        return Greeting(version: (major, minor, patch), wantsMembership: flags & 0xf % 2 == 1, name: name)
    }

    /// The list of what may be chosen.
    static func offer(_ methods: [String]) -> [UInt8] {
        let list = methods.flatMap { Array($0.utf8) + [UInt8(ascii: " ")] }.prefix(127)
        return [UInt8(list.count)] + list
    }

    /// The methods the client chose; nil until they are all there.
    static func choice(_ bytes: [UInt8], from offered: [String]) throws(Refusal) -> [String]? {
        guard bytes.count >= choiceByteCount else { return nil }
        var chosen: [String] = []
        for place in stride(from: 0, to: choiceByteCount, by: methodByteCount) {
            let name = bytes[place..<place + methodByteCount].prefix { $0 != 0 }
            if name.isEmpty { continue }
            guard let method = offered.first(where: { $0.utf8.elementsEqual(name) }) else { throw .authentication }
            chosen.append(method)
        }
        guard !chosen.isEmpty else { throw .authentication }
        return chosen
    }

    static let daemonVersion: (major: UInt8, minor: UInt8, patch: UInt8) = (4, 4, 0)

    static func acceptance(_ greeting: Greeting, _ privateGroup: Name) -> [UInt8] {
        let name = privateGroup.bytes
        var bytes: [UInt8] = [1, daemonVersion.major, daemonVersion.minor]
        if greeting.seesPatch { bytes.append(daemonVersion.patch) }
        bytes.append(UInt8(truncatingIfNeeded: name.count))
        return bytes + name
    }
}
