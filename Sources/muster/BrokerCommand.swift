// `muster broker`: an instance of Flux for programs that need one.
import ArgumentParser
import CLaunch
import CLibc
import FluxBroker

import func SpreadDaemon.raiseDescriptorLimit

struct BrokerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "broker",
        abstract: "Run a Flux instance of one process.",
        usage: "muster broker [OPTIONS] [--] [COMMAND [ARGUMENTS]]",
        discussion: """
            Serves programs that use Flux on a unix socket: services, events, RPC between them, a key-value store. With a \
            COMMAND, runs it with FLUX_URI set, ends when it does and with its exit status; without one, prints the URI \
            and stays until SIGTERM.
            """)

    @Option(help: ArgumentHelp("How many brokers; one is what there is.", valueName: "N"))
    var size = 1

    @Option(help: ArgumentHelp("Where the unix socket is; else in a directory of its own.", valueName: "PATH"))
    var socket: String?

    @Option(
        name: .customLong("statedir"),
        help: ArgumentHelp("Where the key-value store is kept; else it ends with the broker.", valueName: "DIR"))
    var stateDirectory: String?

    @Flag(name: .customLong("allow-guest-user"), help: "Let other users in, as guests.")
    var allowsGuests = false

    @Flag(name: .customLong("allow-root-owner"), help: "Let root do what the owner may.")
    var allowsRootOwner = false

    @Option(
        name: .customLong("log-level"),
        help: ArgumentHelp("Log messages of this severity or worse go to stderr.", valueName: "0-7"))
    var logLevel = 3

    @Flag(help: "Nothing is said on stderr.")
    var quiet = false

    @Argument(parsing: .captureForPassthrough, help: ArgumentHelp("What to run.", valueName: "COMMAND"))
    var command: [String] = []

    func validate() throws {
        guard size == 1 else { throw ValidationError("--size takes 1: this is an instance of one process") }
        guard (0...7).contains(logLevel) else { throw ValidationError("--log-level takes 0 to 7") }
    }

    func run() throws {
        raiseDescriptorLimit()
        let place = try Place(socket)
        defer { place.remove() }
        var settings = Settings(
            socketPath: place.socketPath, runDirectory: place.directory, version: "0.88.0", hostName: hostName())
        settings.stateDirectory = stateDirectory
        settings.allowsGuests = allowsGuests
        settings.allowsRootOwner = allowsRootOwner
        settings.logLevel = logLevel
        settings.isQuiet = quiet
        let status: Int32
        do throws(Broker.Failure) {
            let broker = try Broker(settings)
            try broker.open()
            status = try serve(broker)
        } catch {
            place.remove()
            throw Failed(description: error.text)
        }
        place.remove()
        throw ExitCode(status)
    }

    // MARK: Serving

    private func serve(_ broker: Broker) throws(Broker.Failure) -> Int32 {
        var set = sigset_t()
        sigemptyset(&set)
        for number in [SIGTERM, SIGINT, SIGHUP, SIGCHLD] { sigaddset(&set, number) }
        var before = sigset_t()
        pthread_sigmask(SIG_BLOCK, &set, &before)
        let signals = launch_signals(&set)
        var child: pid_t = 0
        var status: Int32 = 0
        let arguments = command.first == "--" ? Array(command.dropFirst()) : command
        if arguments.isEmpty {
            print(broker.settings.uri)
            fflush(clibc_stdout())
        } else {
            child = try start(arguments, broker.settings.uri, &before)
        }
        let watcher = broker.watch(signals) {
            while case let number = launch_next_signal(signals), number != 0 {
                if number == SIGCHLD {
                    var ended: Int32 = 0
                    guard child > 0, waitpid(child, &ended, WNOHANG) == child else { continue }
                    // As a shell says it.
                    status = ended & 0x7f == 0 ? ended >> 8 & 0xff : 128 + ended & 0x7f
                    child = 0
                    broker.stop()
                } else if child > 0 {
                    kill(child, number)
                } else {
                    broker.stop()
                }
            }
        }
        broker.run()
        watcher.cancel()
        close(signals)
        return status
    }

    private func start(_ arguments: [String], _ uri: String, _ mask: inout sigset_t) throws(Broker.Failure) -> pid_t {
        setenv("FLUX_URI", uri, 1)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        posix_spawnattr_setsigmask(&attributes, &mask)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        var words = arguments.map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var child: pid_t = 0
        let result = posix_spawnp(&child, arguments[0], nil, &attributes, &words, clibc_environ())
        guard result == 0 else { throw Broker.Failure(text: "\(arguments[0]): \(String(cString: strerror(result)))") }
        return child
    }

    private func hostName() -> String {
        var host = [CChar](repeating: 0, count: 256)
        gethostname(&host, 255)
        return String(decoding: host.map { UInt8(bitPattern: $0) }.prefix { $0 != 0 }, as: UTF8.self)
    }

    /// Where the socket is: given, or in a private directory that goes with the broker.
    private final class Place {
        let directory: String
        let socketPath: String
        private var isOwned: Bool

        init(_ path: String?) throws {
            if let path {
                guard let resolved = Place.absolute(path) else {
                    throw Failed(description: "the current directory is gone")
                }
                socketPath = resolved
                directory = resolved.lastIndex(of: "/").map { String(resolved[..<$0]) } ?? "/"
                isOwned = false
                return
            }
            let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
            var template = Array((base + "/flux-XXXXXX").utf8CString)
            guard mkdtemp(&template) != nil else {
                throw Failed(description: "\(base): \(String(cString: strerror(clibc_errno())))")
            }
            directory = String(decoding: template.map { UInt8(bitPattern: $0) }.prefix { $0 != 0 }, as: UTF8.self)
            socketPath = directory + "/local-0"
            isOwned = true
        }

        private static func absolute(_ path: String) -> String? {
            if path.hasPrefix("/") { return path }
            guard let here = getcwd(nil, 0) else { return nil }
            defer { free(here) }
            return String(cString: here) + "/" + path
        }

        func remove() {
            guard isOwned else { return }
            isOwned = false
            unlink(socketPath)
            rmdir(directory)
        }
    }
}
