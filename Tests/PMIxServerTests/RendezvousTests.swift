import Bytes
import PMIxWire
@testable import Sockets
import Testing

@testable import PMIxServer

struct RendezvousTests {
    @Test("a client's environment, in the order hosts are used to")
    func environment() throws {
        let fixture = try Fixture { $0.isDescribed = true }
        defer { fixture.stop() }
        let variables = fixture.server.environment(for: Proc("job", Rank(3)))
        #expect(
            variables.map { $0.name.description } == [
                "PMIX_NAMESPACE", "PMIX_RANK", "PMIX_SERVER_URI41", "PMIX_SERVER_URI4", "PMIX_SERVER_URI3",
                "PMIX_SERVER_URI2",
                "PMIX_SERVER_URI21", "PMIX_SECURITY_MODE", "PMIX_BFROP_BUFFER_TYPE", "PMIX_GDS_MODULE",
                "PMIX_SERVER_TMPDIR",
                "PMIX_SYSTEM_TMPDIR", "PMIX_HOSTNAME", "PMIX_VERSION",
            ])
        #expect(variables[1].value == "3")
        #expect(variables[2].value.hasPrefix("server.0;tcp4://127.0.0.1:"))
        #expect(variables[8].value == "PMIX_BFROP_BUFFER_FULLY_DESC")
        #expect(variables[9].value == "hash")
    }

    @Test("contact files say where, what and who; they and their folder go when the server stops")
    func contactFiles() throws {
        let folder = "/tmp/muster-contact-" + Text(decimal: ServerFiles.processID())
        let fixture = try Fixture {
            $0.serverDirectory = folder + "/session"
            $0.systemDirectory = folder
            $0.supportsTools = true
            $0.supportsSystem = true
            $0.supportsSession = true
            $0.launcherRendezvousFile = folder + "/launcher"
            $0.reportURI = folder + "/uri"
        }
        let session = folder + "/session/pmix.here.tool"
        let paths: [Text] = [
            folder + "/pmix.sys.here", session, session + "." + Text(decimal: ServerFiles.processID()),
            session + ".server",
            folder + "/launcher",
        ]
        let variables = fixture.server.environment(for: Proc("job", Rank(0)))
        let uri = try #require(variables.first { $0.name == "PMIX_SERVER_URI4" })
        for path in paths {
            let content = Text(try Sockets.Files.read(path.bytes, atMost: 4096, links: .refused).bytes)
            let lines = content.split(10)
            #expect(lines.first == uri.value, "\(path.description)")
            #expect(lines.dropFirst().first == "4.2.2")
            #expect(lines.dropFirst(2).first == Text(decimal: ServerFiles.processID()))
            #expect(lines.dropFirst(3).first == "1000:100")
            #expect(lines.count == 5)
        }
        let report = Text(try Sockets.Files.read((folder + "/uri").bytes, atMost: 4096, links: .refused).bytes)
        #expect(report == uri.value + "\nv4.2.2\n")
        fixture.stop()
        #expect(!ServerFiles.exists(folder))
    }

    @Test("a launcher's file that is there already is left alone")
    func existing() throws {
        let path = "/tmp/muster-launcher-" + Text(decimal: ServerFiles.processID())
        #expect(ServerFiles.write(path, "mine", mode: 0o600))
        defer { ServerFiles.remove(path) }
        let fixture = try Fixture(registers: false) { $0.launcherRendezvousFile = path }
        fixture.stop()
        #expect(try Sockets.Files.read(path.bytes, atMost: 64, links: .refused).bytes == Array("mine".utf8))
    }

    @Test("a contact file that cannot be written fails the start")
    func unwritable() {
        #expect(throws: Status.noPermissions) {
            _ = try Fixture(registers: false) {
                $0.supportsSystem = true
                $0.systemDirectory = "/proc/nowhere"
            }
        }
    }

    @Test("loopback is listened on unless peers of other machines are wanted; names and networks choose")
    func interfaces() {
        func one(_ name: String, _ host: String, loopback: Bool = false) -> InterfaceAddress {
            InterfaceAddress(name: name, isLoopback: loopback, address: Address(family: .v4, host: host, port: 0))
        }
        let all = [
            one("virbr0", "192.168.122.1"), one("eth0", "10.1.2.3"), one("eth1", "10.9.9.9"),
            one("lo", "127.0.0.1", loopback: true),
        ]
        func chosen(_ adjust: (inout Server.Options) -> Void) -> String? {
            var options = Server.Options(identity: Proc("server", Rank(0)), hostname: "here", uid: 0, gid: 0)
            adjust(&options)
            return InterfaceChoice(options).best(of: all)?.host
        }
        #expect(chosen { _ in } == "127.0.0.1")
        #expect(chosen { $0.allowsRemote = true } == "10.1.2.3")
        #expect(chosen { $0.includedInterfaces = ["10.9.0.0/16"] } == "10.9.9.9")
        #expect(chosen { $0.includedInterfaces = ["eth0", "eth1"] } == "10.1.2.3")
        #expect(
            chosen {
                $0.allowsRemote = true
                $0.excludedInterfaces = ["eth0"]
            } == "10.9.9.9")
        #expect(chosen { $0.includedInterfaces = ["none"] } == nil)
        #expect(
            chosen {
                $0.usesIPv4 = false
                $0.usesIPv6 = true
            } == nil)
    }
}
