// `ssh://[USER@]HOST[:PORT]/PATH`: runs a program there that relays to the broker's socket, and talks to it through ssh.
import Bytes
import CLibc
import Sockets

enum SSHConnector {
    /// The command line for what stands behind `ssh://`.
    /// - Throws: EINVAL for what is not a host and a path.
    static func command(
        for place: Text, ssh: Text, flux: Text?, libraryPath: Text?, folderOfFlux: Text?
    ) throws(Errno) -> [Text] {
        let bytes = place.bytes
        let slash = UInt8(ascii: "/")
        guard let end = bytes.firstIndex(of: slash) else { throw Errno(code: EINVAL) }
        let isPlain = !bytes.contains { $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#") }
        guard isPlain, end > 0, end + 1 < bytes.count else { throw Errno(code: EINVAL) }
        var host = bytes.part(0..<end)
        let path = bytes.part(end..<bytes.count)
        var words = [ssh]
        let hostStart = host.lastIndex(of: UInt8(ascii: "@")).map { $0 + 1 } ?? 0
        if let colon = host.lastIndex(of: UInt8(ascii: ":")), colon >= hostStart {
            let port = Text(host.part(colon + 1..<host.count))
            guard let number = port.decimal, number > 0, number < 65536 else { throw Errno(code: EINVAL) }
            words += ["-p", port]
            host = host.part(0..<colon)
        }
        // Nothing that ssh would take for an option.
        guard hostStart < host.count, host.first != UInt8(ascii: "-") else { throw Errno(code: EINVAL) }
        words.append(Text(host))
        if flux == nil || libraryPath != nil { words.append("env") }
        if flux == nil { words.append(searchPath(path, folderOfFlux)) }
        if let libraryPath { words.append("LD_LIBRARY_PATH=" + libraryPath) }
        words += [flux ?? "flux", "relay", Text(path)]
        return words
    }

    /// Where the other side looks for `flux`: beside the socket, where this side has it, where the system has programs.
    private static func searchPath(_ path: [UInt8], _ folderOfFlux: Text?) -> Text {
        let end = path.lastIndex(of: UInt8(ascii: "/")) ?? 0
        var value = "PATH=" + Text(path.part(0..<end)) + "/bin"
        if let folderOfFlux { value = value + ":" + folderOfFlux }
        return value + ":/bin:/usr/bin"
    }

    /// - Throws: with a text about it in `problem`.
    static func open(_ place: Text, _ problem: inout Text?) throws(Errno) -> LocalConnector {
        let words = try command(
            for: place, ssh: environment("FLUX_SSH") ?? "/usr/bin/ssh", flux: environment("FLUX_SSH_RCMD"),
            libraryPath: environment("LD_LIBRARY_PATH"), folderOfFlux: folder(of: "flux"))
        let started: Started
        do {
            started = try start(words)
        } catch {
            problem =
                "ssh-connector: " + words[0] + ": " + Text(error.text)
                + "\nHint: set FLUX_SSH in environment to override"
            throw error
        }
        defer { close(started.errors) }
        do {
            return try LocalConnector(descriptor: started.descriptor, child: started.child)
        } catch {
            problem = complaint(started.errors)
            shutdown(started.descriptor, Int32(SHUT_RDWR))
            close(started.descriptor)
            LocalConnector.wait(for: started.child)
            throw error
        }
    }

    private static func environment(_ name: StaticString) -> Text? {
        let place = UnsafeRawPointer(name.utf8Start).assumingMemoryBound(to: CChar.self)
        return getenv(place).map { Text(Array(UnsafeRawBufferPointer(start: $0, count: strlen($0)))) }
    }

    /// The first folder of the search path that has such a program.
    private static func folder(of program: Text) -> Text? {
        for folder in environment("PATH")?.split(UInt8(ascii: ":")) ?? [] {
            let path = Slice(folder + "/" + program)
            let isThere = withExtendedLifetime(path) { access(path.characters, X_OK) == 0 }
            if isThere { return folder }
        }
        return nil
    }

    private struct Started {
        let descriptor: Int32
        let errors: Int32
        let child: pid_t
    }

    private static func start(_ words: [Text]) throws(Errno) -> Started {
        var ends: [Int32] = [-1, -1]
        var errors: [Int32] = [-1, -1]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0,
            pipe2(&errors, O_CLOEXEC) == 0
        else {
            let reason = Errno(code: clibc_errno())
            for end in ends where end >= 0 { close(end) }
            throw reason
        }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, ends[1], 0)
        posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
        posix_spawn_file_actions_adddup2(&actions, errors[1], 2)
        var child: pid_t = 0
        let texts = words.map { Slice($0) }
        var arguments = texts.map { Optional(UnsafeMutablePointer(mutating: $0.characters)) } + [nil]
        let result = withExtendedLifetime(texts) {
            posix_spawnp(&child, texts[0].characters, &actions, nil, &arguments, clibc_environ())
        }
        close(ends[1])
        close(errors[1])
        guard result == 0 else {
            close(ends[0])
            close(errors[0])
            throw Errno(code: result)
        }
        return Started(descriptor: ends[0], errors: errors[0], child: child)
    }

    /// What the program said before it gave up.
    private static func complaint(_ descriptor: Int32) -> Text {
        let flags = clibc_fcntl(descriptor, F_GETFL, 0)
        _ = clibc_fcntl(descriptor, F_SETFL, flags | O_NONBLOCK)
        var said = [UInt8](repeating: 0, count: 4096)
        let count = max(said.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }, 0)
        var end = count
        while end > 0, said[end - 1] <= UInt8(ascii: " ") { end -= 1 }
        if end > 0 { return Text(said.part(0..<end)) }
        return "Unable to establish clean ssh connection.\nHint: Check that shell init files do not write to "
            + "stdout when non-interactive."
    }
}
