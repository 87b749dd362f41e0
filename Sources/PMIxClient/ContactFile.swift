import Bytes
import PMIxWire
import Sockets

/// What a server leaves in a folder so that tools can find it, a line each: its URI, its release, its process, its user, the time. Only
/// the first line is needed; releases before 2.1 wrote no other.
///
/// Whoever writes such a file decides where a tool sends its credential and whose orders it takes. So a file that was merely found is
/// believed only if it comes from someone this process trusts anyway; one the caller named is the caller's own choice.
struct ContactFile: Sendable {
    let uri: ServerURI
    /// The URI as it stands there: files with the same one are the same server's.
    let line: Text
    let release: Release?
    /// The server's process, where the file names it.
    private let process: Int32?
    // Release, user and group, and time, as they stand there.
    private let version: Text?
    private let user: [UInt32]
    private let time: Text?

    /// Its server has ended without taking the file along, as far as this machine's processes tell.
    var isStale: Bool { process.map { Process.isGone($0) } ?? false }

    /// nil for anything that does not begin with a whole line that is a URI.
    init?(_ bytes: [UInt8]) {
        let lines = bytes.split(separator: UInt8(ascii: "\n"), maxSplits: 5, omittingEmptySubsequences: false)
        guard lines.count > 1, lines[0].allSatisfy({ $0 >= 0x20 && $0 != 0x7f }) else { return nil }
        line = Text(Array(lines[0]))
        guard let uri = ServerURI(line) else { return nil }
        let nspaceByteCount = uri.server.nspace.count
        guard nspaceByteCount > 0, nspaceByteCount < HandshakeReply.nspaceByteCount else { return nil }
        self.uri = uri
        let release = Release(parsing: Text(Array(lines[1].prefix(64))))
        self.release = release.major > 0 ? release : nil
        process = lines.count > 3 ? Text(Array(lines[2].prefix(16))).decimal.flatMap { Int32(exactly: $0) } : nil
        let texts = lines.dropLast().map { Text(Array($0.prefix(64))) }
        version = texts.count > 1 ? texts[1] : nil
        let numbers = texts.count > 3 ? texts[3].split(UInt8(ascii: ":")) : []
        user = numbers.compactMap { $0.decimal.flatMap { UInt32(exactly: $0) } }
        time = texts.count > 4 ? texts[4] : nil
    }

    /// The file, as a query for servers tells of it.
    var infos: [Info] {
        var infos = [Info(.serverNspace, .string(uri.server.nspace)), Info(.serverRank, .rank(uri.server.rank))]
        if let version { infos.append(Info(.versionInfo, .string(version))) }
        if let process { infos.append(Info(.serverProcess, .uint32(UInt32(bitPattern: process)))) }
        if user.count == 2 { infos += [Info(.userID, .uint32(user[0])), Info(.groupID, .uint32(user[1]))] }
        if let time { infos.append(Info("pmix.srv.strtime", .string(time))) }
        return infos
    }

    /// Whose files are believed.
    enum Trust: Sendable {
        /// The caller named the file.
        case everyone
        /// It was found where others can put files too. These are the users who could mislead this process in any case.
        case users([UInt32])
    }

    /// More than any first two lines have.
    private static let mostBytes = 4096
    private static let readings = 4
    private static let pauseMilliseconds: UInt64 = 10

    /// `unreachable` when there is no such file, it cannot be believed, or it is none; the trace says which.
    static func read(_ path: Text, _ trust: Trust) throws(Status) -> ContactFile {
        for reading in 1...readings {
            let content = try content(of: path, trust)
            if let file = ContactFile(content.bytes) { return file }
            // A server may be writing it just now.
            let isWhole = content.bytes.contains(UInt8(ascii: "\n")) || content.bytes.count == mostBytes
            if isWhole || reading == readings { break }
            Pause.milliseconds(pauseMilliseconds)
        }
        Trace.say("\(path.description) does not begin with a server's address")
        throw .unreachable
    }

    private static func content(of path: Text, _ trust: Trust) throws(Status) -> Files.Content {
        var links = Files.Links.followed
        if case .users = trust { links = .refused }
        let content: Files.Content
        do throws(Errno) {
            content = try Files.read(path.bytes, atMost: mostBytes, links: links)
        } catch {
            Trace.say("\(path.description) cannot be read: \(error.text)")
            throw .unreachable
        }
        guard case .users(let trusted) = trust else { return content }
        guard trusted.contains(content.owner), !content.isWritableByAnyone else {
            Trace.say("\(path.description) is passed over: user \(content.owner), or anyone, could have written it")
            throw .unreachable
        }
        return content
    }
}

/// A folder with contact files in it or below it.
struct ContactFolder {
    let path: Text
    private let trusted: [UInt32]

    /// Nobody can be kept from misleading us who is this user, the system, or the owner of the folder; `others` are trusted for a reason
    /// the caller has.
    init(_ path: Text, trusting others: [UInt32] = []) {
        self.path = path
        var trusted = [Process.effectiveUser, 0] + others
        if let owner = try? Files.owner(of: path.bytes) { trusted.append(owner) }
        self.trusted = trusted
    }

    /// Any of these names, directly in the folder.
    func read(_ names: [Text]) throws(Status) -> ContactFile {
        for name in names.dropLast() {
            if let file = try? ContactFile.read(path + "/" + name, .users(trusted)) { return file }
        }
        return try ContactFile.read(path + "/" + (names.last ?? ""), .users(trusted))
    }

    private static let deepest = 16
    private static let mostFolders = 20_000

    /// The servers whose files, here or in any folder below, have names that `isWanted`; each once.
    func search(_ isWanted: (Text) -> Bool) -> [(path: Text, file: ContactFile)] {
        var found: [(path: Text, file: ContactFile)] = []
        var pending = [(path: path, depth: 0)]
        var visited = 0
        while let folder = pending.popLast() {
            visited += 1
            if visited > ContactFolder.mostFolders {
                Trace.say("\(path.description) has too many folders: not all of them are searched for servers")
                break
            }
            let links = folder.depth == 0 ? Files.Links.followed : .refused
            // What others keep to themselves is nothing for us.
            guard let entries = try? Files.entries(of: folder.path.bytes, links: links) else { continue }
            for entry in entries {
                let name = Text(entry.name)
                let path = folder.path + "/" + name
                if entry.isFolder {
                    if folder.depth < ContactFolder.deepest { pending.append((path, folder.depth + 1)) }
                } else if isWanted(name), let file = try? ContactFile.read(path, .users(trusted)),
                    !found.contains(where: { $0.file.line == file.line })
                {
                    found.append((path, file))
                }
            }
        }
        return found
    }
}

/// Letting time pass on the caller's own thread.
enum Pause {
    static func milliseconds(_ count: UInt64) {
        let lock = Lock()
        let condition = Condition()
        let deadline = Deadline(milliseconds: count)
        lock.lock()
        while !deadline.hasPassed { _ = condition.wait(lock, until: deadline) }
        lock.unlock()
    }
}
