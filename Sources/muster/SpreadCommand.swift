// `muster spread`: a daemon for programs that use Spread.
import ArgumentParser
import CLibc
import Ordering
import Sockets
import SpreadDaemon

struct SpreadCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "spread",
        abstract: "Serve Spread clients on this machine.",
        discussion: """
            Takes the place of the Spread daemon for clients of Spread 3.17 to 5.0 and of Muster's libspread, on a unix \
            socket and by TCP. Ends on SIGTERM; tells its state on SIGUSR1 and to muster spread --status.
            """)

    @Option(help: ArgumentHelp("What private groups end in; else the machine's name.", valueName: "N"))
    var name: String?

    @Option(help: ArgumentHelp("The TCP port, and the name of the unix socket.", valueName: "P"))
    var port: UInt16 = 4803

    @Option(help: ArgumentHelp("Where the unix socket is.", valueName: "D"))
    var socketDir = "/tmp"

    @Option(
        help: ArgumentHelp(
            "An address to listen on, may be repeated; none for the unix socket alone; else all there are.",
            valueName: "ADDR"))
    var listen: [String] = []

    @Option(help: ArgumentHelp("A client for which so many messages wait is cut.", valueName: "M"))
    var maxSessionMessages = 1000

    @Option(
        name: .customLong("auth"),
        help: ArgumentHelp("A method clients may choose, NULL or IP; may be repeated.", valueName: "METHOD"))
    var methods: [String] = []

    @Option(
        name: .customLong("allow"),
        help: ArgumentHelp("A network TCP clients may come from, may be repeated.", valueName: "ADDR[/BITS]"))
    var networks: [String] = []

    @Option(help: ArgumentHelp("Whom the daemon becomes when root starts it.", valueName: "NAME"))
    var user: String?

    @Flag(help: "Print the state of the daemon that runs there.")
    var status = false

    func run() throws {
        let settings = try settings()
        if status {
            try printStatus(settings)
            return
        }
        raiseDescriptorLimit()
        let group = LocalGroup(configurationID: UInt64(time(nil)))
        guard let daemon = Daemon(settings, group, log: SpreadCommand.log) else {
            throw Failed(description: "the system refuses an event loop")
        }
        do {
            try daemon.open()
            if Privileges.isRoot {
                let user = user ?? Privileges.defaultUser
                try Privileges.drop(to: user, files: [settings.socketPath, settings.statusPath])
            }
        } catch let failure as Daemon.Failure {
            throw Failed(description: failure.text)
        } catch let failure as Privileges.Failure {
            unlink(settings.socketPath)
            unlink(settings.statusPath)
            throw Failed(description: failure.text)
        }
        SpreadCommand.log("daemon \(settings.name) serves on \(places(settings).joined(separator: ", "))")
        daemon.run()
    }

    private func settings() throws -> Settings {
        var settings = Settings(
            name: try daemonName(), port: port, socketDirectory: socketDir, addresses: try addresses())
        guard port > 0 else { throw ValidationError("--port takes 1 to 65535") }
        guard maxSessionMessages > 0 else { throw ValidationError("--max-session-messages takes a positive number") }
        settings.maxMessages = maxSessionMessages
        if !methods.isEmpty { settings.methods = methods }
        for method in methods where method != "NULL" && method != "IP" {
            throw ValidationError("--auth takes NULL or IP, not \(method)")
        }
        settings.networks = try networks.map {
            guard let network = Network($0) else { throw ValidationError("--allow takes ADDR[/BITS], not \($0)") }
            return network
        }
        return settings
    }

    /// At most 19 bytes that a private group can end in.
    private func daemonName() throws -> String {
        let allowed: ClosedRange<UInt8> = 36...126
        if let name {
            guard (1...19).contains(name.utf8.count), name.utf8.allSatisfy({ allowed.contains($0) }) else {
                throw ValidationError("--name takes 1 to 19 characters, no blank and no '#'")
            }
            return name
        }
        var host = [CChar](repeating: 0, count: 256)
        gethostname(&host, 255)
        let first = host.map { UInt8(bitPattern: $0) }.prefix { $0 != 0 && $0 != UInt8(ascii: ".") }
        let usable = first.filter { allowed.contains($0) }.prefix(19)
        return usable.isEmpty ? "localhost" : String(decoding: usable, as: UTF8.self)
    }

    private func addresses() throws -> [Address] {
        if listen == ["none"] { return [] }
        if listen.isEmpty {
            let all = Address(family: .v4, host: "0.0.0.0", port: port)
            // A kernel without IPv6 has no such file.
            let hasV6 = access("/proc/net/if_inet6", F_OK) == 0
            return hasV6 ? [all, Address(family: .v6, host: "::", port: port)] : [all]
        }
        return try listen.map {
            switch Address.octets($0)?.count {
            case 4: return Address(family: .v4, host: $0, port: port)
            case 16: return Address(family: .v6, host: $0, port: port)
            default: throw ValidationError("--listen takes an IPv4 or IPv6 address or none, not \($0)")
            }
        }
    }

    private func places(_ settings: Settings) -> [String] {
        [settings.socketPath] + settings.addresses.map { "\($0.host) port \($0.port)" }
    }

    private func printStatus(_ settings: Settings) throws {
        do throws(Errno) {
            let socket = try Socket.connect(toPath: settings.statusPath)
            var buffer = [UInt8](repeating: 0, count: 1 << 16)
            while case let count = try socket.receive(into: &buffer, .allowed), count > 0 {
                fwrite(buffer, 1, count, clibc_stdout())
            }
            fflush(clibc_stdout())
        } catch {
            throw Failed(description: "no daemon answers on \(settings.statusPath): \(error.text)")
        }
    }

    private static func log(_ line: String) {
        fputs("muster spread: \(line)\n", clibc_stderr())
    }
}
