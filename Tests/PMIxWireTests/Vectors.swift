import Foundation
import PMIxWire

/// The recorded bytes under Tests/Vectors/pmix.
enum Vectors {
    static let folder = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Vectors/pmix")

    /// The lines of a file without its comments.
    static func lines(_ name: String) throws -> [[String]] {
        try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
            .split(separator: "\n").filter { !$0.hasPrefix("#") }
            .map { $0.split(separator: " ").map(String.init) }
    }

    static let releases = ["3.2.5", "4.2.2", "5.0.11", "6.1.0"]

    /// Every recorded session, read once.
    static let sessions: [Session] = {
        do {
            return try releases.flatMap { try Session.read("sessions-server-\($0).txt", server: $0) }
        } catch {
            fatalError("the recorded sessions are unreadable: \(error)")
        }
    }()
}

struct Session: CustomStringConvertible, Sendable {
    struct Frame: Sendable {
        var isFromClient: Bool
        var tag: UInt32
        var index: UInt32
        var bytes: [UInt8]
        /// Set when only the beginning was recorded.
        var byteCount: Int?
    }

    var name: String
    var server: String
    var header: [UInt8] = []
    var payload: [UInt8] = []
    var reply: [UInt8]?
    var frames: [Frame] = []

    var description: String { "\(name) (server \(server))" }

    func handshake() throws -> Handshake { try Handshake(payload: payload) }

    static func read(_ file: String, server: String) throws -> [Session] {
        var sessions: [Session] = []
        for line in try Vectors.lines(file) {
            if line[0] == "session" {
                // Tools' sessions are filed under the tool's release.
                let named = line[1].components(separatedBy: "-server-").last?.prefix { $0 != "-" }
                let isTool = ["tool-", "singleton-"].contains { line[1].hasPrefix($0) } && line[1].contains("-server-")
                sessions.append(Session(name: line[1], server: isTool ? named.map(String.init) ?? server : server))
                continue
            }
            try sessions[sessions.count - 1].add(line)
        }
        return sessions
    }

    private mutating func add(_ line: [String]) throws {
        switch line[0] {
        case "H": (header, payload) = try (bytes(hex: line[1]), bytes(hex: line[2]))
        case "h": reply = try bytes(hex: line[1])
        default:
            let parts = line[3].split(separator: "+")
            guard let tag = UInt32(line[1]), let index = UInt32(line[2], radix: 16) else { throw NoHex(text: line[1]) }
            frames.append(
                Frame(
                    isFromClient: line[0] == ">", tag: tag, index: index,
                    bytes: parts[0] == "-" ? [] : try bytes(hex: String(parts[0])),
                    byteCount: parts.count > 1 ? Int(parts[1]) : nil))
        }
    }
}

struct NoHex: Error {
    var text: String
}

/// Bytes from hexadecimal digits; `{41*N}` is N times the byte 41.
func bytes(hex text: String) throws -> [UInt8] {
    var bytes: [UInt8] = []
    var rest = Substring(text)
    while let first = rest.first {
        if first == "{" {
            let inside = rest.dropFirst().prefix { $0 != "}" }.split(separator: "*")
            guard inside.count == 2, let byte = UInt8(inside[0], radix: 16), let count = Int(inside[1]) else {
                throw NoHex(text: text)
            }
            bytes += [UInt8](repeating: byte, count: count)
            rest = rest.drop { $0 != "}" }.dropFirst()
            continue
        }
        guard let byte = UInt8(rest.prefix(2), radix: 16) else { throw NoHex(text: text) }
        bytes.append(byte)
        rest = rest.dropFirst(2)
    }
    return bytes
}

func hex(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}
