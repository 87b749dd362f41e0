import Bytes
import PMIxWire
import Sockets

/// Where a tool looks for servers.
public struct ServerSearch: Sendable {
    /// The names this node may have in file names, the likeliest first: servers cut theirs at the first dot, unless they were told it.
    let hosts: [Text]
    private let systemFolder: Text
    private let sessionFolder: Text

    public init(_ infos: [Info]) {
        hosts = ServerSearch.hosts(Process.hostname)
        let temporary = Process.variable("TMPDIR") ?? Process.variable("TEMP") ?? Process.variable("TMP") ?? "/tmp"
        systemFolder = infos[.systemTemporaryDirectory]?.asText ?? Process.variable("PMIX_SYSTEM_TMPDIR") ?? temporary
        sessionFolder = infos[.serverTemporaryDirectory]?.asText ?? Process.variable("PMIX_SERVER_TMPDIR") ?? temporary
    }

    static func hosts(_ name: Text) -> [Text] {
        let short = Text(Array(name.bytes.prefix { $0 != UInt8(ascii: ".") }))
        let isAddress = name.bytes.allSatisfy { $0 == UInt8(ascii: ".") || (0x30...0x39).contains($0) }
        return isAddress || short == name || short.isEmpty ? [name] : [short, name]
    }

    /// `unreachable` when nothing is there, or more than one server where one is wanted.
    func locate(_ target: Tool.Target) throws(Status) -> Rendezvous {
        switch target {
        case .address(let text):
            guard let uri = ServerURI(text) else {
                Trace.say("\(text.description) is no server address")
                throw .badParameter
            }
            return Rendezvous(uri, Release.ours.module)
        case .file(let path): return Rendezvous(try ContactFile.read(path, .everyone))
        case .system:
            return Rendezvous(try ContactFolder(systemFolder).read(hosts.map { "pmix.sys." + $0 }))
        case .process(let process):
            // Whoever names a process means its user as well.
            let owner = try? Files.owner(of: (Text("/proc/") + Text(decimal: process)).bytes)
            return try only(called: Text(decimal: process), trusting: owner.map { [$0] } ?? [])
        case .nspace(let nspace): return try only(called: nspace, trusting: [])
        case .parent(let rendezvous): return rendezvous
        case .nearby: return try only(called: nil, trusting: [])
        }
    }

    /// Every server with a session file of this user's, in the order of their addresses; some may be gone.
    func nearby() -> [(address: Text, path: Text)] {
        let names = hosts.map { "pmix." + $0 + ".tool" }
        var found: [(address: Text, path: Text)] = []
        for folder in sessionFolder == systemFolder ? [systemFolder] : [systemFolder, sessionFolder] {
            let here = ContactFolder(folder, trusting: []).search { name in names.contains { name.hasPrefix($0) } }
            for one in here where !found.contains(where: { $0.address == one.file.line }) {
                found.append((one.file.line, one.path))
            }
        }
        return found.sorted { $0.address.description < $1.address.description }
    }

    /// What the servers of this node that can be found say of themselves, each once.
    public func available() -> [Info] {
        let (tools, system) = (hosts.map { "pmix." + $0 + ".tool" }, hosts.map { "pmix.sys." + $0 })
        var seen: [Text] = []
        var infos: [Info] = []
        for folder in sessionFolder == systemFolder ? [systemFolder] : [systemFolder, sessionFolder] {
            let found = ContactFolder(folder).search { name in
                tools.contains { name.hasPrefix($0) } || system.contains(name)
            }
            for one in found where !one.file.isStale && !seen.contains(one.file.line) {
                seen.append(one.file.line)
                infos.append(Info("pmix.srv.arr", .infos(one.file.infos)))
            }
        }
        return infos
    }

    /// The one server with a session file of this ending, or of any. The system's folder comes first: it is where every
    /// release looks.
    private func only(called ending: Text?, trusting users: [UInt32]) throws(Status) -> Rendezvous {
        let names = hosts.map { "pmix." + $0 + ".tool" }
        let isWanted = { (name: Text) -> Bool in
            guard let ending else { return names.contains { name.hasPrefix($0) } }
            return names.contains { name == $0 + "." + ending }
        }
        var folders = [systemFolder]
        if sessionFolder != systemFolder { folders.append(sessionFolder) }
        for folder in folders {
            var found = ContactFolder(folder, trusting: users).search(isWanted)
            let live = found.filter { !$0.file.isStale }
            // Where all are gone, the attempt to reach them says so.
            if !live.isEmpty { found = live }
            if found.count > 1 {
                let list = found.map { "\($0.file.line.description) (\($0.path.description))" }.sorted()
                Trace.say("more than one server, and nothing said which: \(list.joined(separator: ", "))")
                throw .unreachable
            }
            if let one = found.first { return Rendezvous(one.file) }
        }
        let places = folders.map { $0.description }.joined(separator: " or ")
        Trace.say("no server of this node has a contact file in \(places)")
        throw .unreachable
    }
}

extension Rendezvous {
    /// Servers of release 3 know none of the later codecs.
    init(_ file: ContactFile) {
        self.init(file.uri, (file.release ?? .ours).module)
        if let release = file.release { self.release = release }
    }
}
