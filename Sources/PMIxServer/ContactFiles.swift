import Bytes
import PMIxWire

/// The files tools find this server by: URI, version, process, user, time, each on a line of its own. Whatever was
/// made is removed in the end, directories included.
struct ContactFiles: Sendable {
    private var files: [(path: Text, identity: ServerFiles.Identity)] = []
    private var directories: [Text] = []

    private static let mode: UInt32 = 0o640

    mutating func write(_ uri: Text, _ options: Server.Options) throws(Status) {
        let content = ContactFiles.content(uri, options)
        let session = options.serverDirectory + "/pmix." + options.hostname + ".tool"
        var paths: [Text] = []
        if options.supportsSystem { paths.append(options.systemDirectory + "/pmix.sys." + options.hostname) }
        if options.supportsSession { paths.append(session) }
        if options.supportsTools {
            paths.append(session + "." + Text(decimal: ServerFiles.processID()))
            paths.append(session + "." + options.identity.nspace)
        }
        for path in paths { try put(path, content) }
        // A file that is there already is some other launcher's meeting place.
        if let path = options.launcherRendezvousFile, !ServerFiles.exists(path) { try put(path, content) }
        if let target = options.reportURI { try report(uri, options.version, to: target) }
    }

    private static func content(_ uri: Text, _ options: Server.Options) -> Text {
        let user = Text(decimal: options.uid) + ":" + Text(decimal: options.gid)
        let process = Text(decimal: ServerFiles.processID())
        let lines: [Text] = [uri, options.version, process, user, ServerFiles.now(), "", ""]
        return .joined(lines, separator: UInt8(ascii: "\n"))
    }

    private mutating func put(_ path: Text, _ content: Text) throws(Status) {
        if let slash = path.bytes.lastIndex(of: UInt8(ascii: "/")), slash > 0 {
            let folder = Text(Array(path.bytes[..<slash]))
            guard let made = ServerFiles.makeDirectories(folder) else { throw .noPermissions }
            directories += made
        }
        try keep(path, content, mode: ContactFiles.mode)
    }

    private mutating func keep(_ path: Text, _ content: Text, mode: UInt32) throws(Status) {
        guard let identity = ServerFiles.place(path, content, mode: mode) else {
            Complaint.say("\(path.description) cannot be written, so nobody would find this server")
            throw .noPermissions
        }
        files.append((path, identity))
    }

    private mutating func report(_ uri: Text, _ version: Text, to target: Text) throws(Status) {
        if target == "-" || target == "+" {
            guard ServerFiles.writeAll(target == "-" ? 1 : 2, (uri + "\n").bytes) else { throw .noPermissions }
            return
        }
        if let number = target.decimal, let descriptor = Int32(exactly: number) {
            // Whoever waits at the other end is a launcher that passes this on in an environment.
            let names = Text.joined(Dialect.offeredURIVariables, separator: UInt8(ascii: ":"))
            let isWritten = ServerFiles.writeAll(descriptor, (names + ";" + uri).bytes + [0])
            ServerFiles.closeDescriptor(descriptor)
            guard isWritten else { throw .noPermissions }
            return
        }
        let content = uri + "\nv" + version + "\n"
        guard ServerFiles.isOutlet(target) else { return try keep(target, content, mode: 0) }
        guard ServerFiles.append(target, content) else { throw .noPermissions }
    }

    var paths: [Text] { files.map { $0.path } }

    mutating func remove() {
        for file in files { ServerFiles.remove(file.path, file.identity) }
        for directory in directories.reversed() { ServerFiles.removeEmptyDirectory(directory) }
        files = []
        directories = []
    }
}
