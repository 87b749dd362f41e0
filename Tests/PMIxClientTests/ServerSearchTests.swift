import Bytes
import Foundation
import PMIxWire
import Sockets
import Testing

@testable import PMIxClient

@Suite("contact files")
struct ContactFileTests {
    private func parse(_ text: String) -> ContactFile? { ContactFile(Array(text.utf8)) }

    @Test("the first two lines are what counts")
    func lines() throws {
        let whole = try #require(parse("a.b.7;tcp4://127.0.0.1:99\n5.0.11rc1\n12\n0:0\nSat Nov 21\n\n"))
        #expect(whole.uri.server == Proc("a.b", Rank(7)))
        #expect(whole.uri.address.port == 99)
        #expect(whole.release == Release(5, 0, 11))
        #expect(whole.line == "a.b.7;tcp4://127.0.0.1:99")
        #expect(parse("a.7;tcp4://127.0.0.1:99\nv3.2.5\n")?.release == Release(3, 2, 5))
        #expect(parse("a.7;tcp4://127.0.0.1:99\n")?.release == nil)
        #expect(parse("a.7;tcp4://127.0.0.1:99\nnonsense")?.release == nil)
        #expect(parse("a.7;tcp6://[::1]:99\n4")?.uri.address.family == .v6)
    }

    @Test("anything else is no contact file")
    func nonsense() {
        let long = String(repeating: "n", count: 256)
        let all = [
            "", "\n", "a.7;tcp4://127.0.0.1:99", "a;tcp4://127.0.0.1:99\n", "a.x;tcp4://127.0.0.1:99\n",
            "a.7;tcp4://127.0.0.1:99;x\n", "a.7;tcp4://127.0.0.1\n", "a.7;tcp4://127.0.0.1:70000\n",
            ".7;tcp4://127.0.0.1:9\n", "a.7;usock:/x\n", "\na.7;tcp4://127.0.0.1:99\n",
            "a.7;tcp4://127.0.0.1:99\r\n", "a\u{0}.7;tcp4://127.0.0.1:9\n",
            long + ".7;tcp4://127.0.0.1:9\n", "a.99999999999;tcp4://127.0.0.1:9\n",
        ]
        for text in all { #expect(parse(text) == nil, "\(text)") }
        #expect(ContactFile([UInt8](repeating: 0xff, count: 4096)) == nil)
    }

    private static let good = "a.7;tcp4://127.0.0.1:99\n4.2.2\n"

    @Test("a file that is being written is waited for, a large one only begun")
    func reading() throws {
        let folder = try TemporaryFolder()
        // The wait is short, and a busy machine may let the writer sleep longer: one of many times it comes in time.
        let isWaitedFor = try (0..<50).contains { _ in
            let torn = try folder.write("torn", "a.7;tc")
            #expect(throws: Status.unreachable) { try ContactFile.read(torn, .everyone) }
            let thread = Thread {
                Thread.sleep(forTimeInterval: 0.005)
                _ = try? folder.write("torn", ContactFileTests.good)
            }
            thread.start()
            let read = try? ContactFile.read(torn, .everyone)
            while !thread.isFinished { Thread.sleep(forTimeInterval: 0.001) }
            return read?.uri.server == Proc("a", Rank(7))
        }
        #expect(isWaitedFor)
        let huge = try folder.write("huge", ContactFileTests.good + String(repeating: "x", count: 1 << 20))
        #expect(try ContactFile.read(huge, .everyone).release == Release(4, 2, 2))
        let endless = try folder.write("endless", String(repeating: "x", count: 1 << 20))
        #expect(throws: Status.unreachable) { try ContactFile.read(endless, .everyone) }
    }

    @Test("what is no regular file is not waited for")
    func specialFiles() throws {
        let folder = try TemporaryFolder()
        #expect(mkfifo((folder.path + "/pipe").description, 0o600) == 0)
        for path: Text in [folder.path + "/pipe", folder.path, folder.path + "/absent", "/dev/zero", ""] {
            #expect(throws: Status.unreachable) { try ContactFile.read(path, .everyone) }
        }
    }

    @Test("a file that was merely found must come from someone trusted, and not by a link")
    func trust() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("file", ContactFileTests.good)
        let trusted = ContactFile.Trust.users([geteuid()])
        #expect(try ContactFile.read(file, trusted).uri.server == Proc("a", Rank(7)))
        #expect(throws: Status.unreachable) { try ContactFile.read(file, .users([geteuid() &+ 1])) }
        #expect(chmod(file.description, 0o666) == 0)
        #expect(throws: Status.unreachable) { try ContactFile.read(file, trusted) }
        #expect(try ContactFile.read(file, .everyone).uri.server == Proc("a", Rank(7)))
        #expect(chmod(file.description, 0o640) == 0)
        #expect(symlink(file.description, (folder.path + "/link").description) == 0)
        #expect(throws: Status.unreachable) { try ContactFile.read(folder.path + "/link", trusted) }
        #expect(try ContactFile.read(folder.path + "/link", .everyone).release == Release(4, 2, 2))
    }
}

@Suite("the search for servers")
struct ServerSearchTests {
    private let folder: TemporaryFolder
    private let host: Text
    private let search: ServerSearch

    init() throws {
        folder = try TemporaryFolder()
        host = ServerSearch.hosts(Process.hostname)[0]
        try folder.make("sys")
        try folder.make("ses")
        search = ServerSearch([
            Info(.systemTemporaryDirectory, .string(folder.path + "/sys")),
            Info(.serverTemporaryDirectory, .string(folder.path + "/ses")),
        ])
    }

    @discardableResult
    private func put(_ folders: String, _ ending: String, port: Int, _ more: String = "\n4.2.2\n") throws -> Text {
        try folder.make(folders)
        let name = "\(folders)/pmix.\(host.description).tool\(ending)"
        return try folder.write(name, "s.\(port);tcp4://127.0.0.1:\(port)\(more)")
    }

    private func port(_ target: Tool.Target) throws -> UInt16 { try search.locate(target).uri.address.port }

    @Test("TOOL-13 the file of a process that is gone does not stand beside a living one's")
    func stale() throws {
        let gone = "\n4.2.2\n2147483646\n0:0\n"
        try put("sys", ".gone", port: 1, gone)
        #expect(try port(.nearby) == 1)
        try put("sys", ".there", port: 2, "\n4.2.2\n\(Process.pid)\n0:0\n")
        #expect(try port(.nearby) == 2)
        try put("sys", ".unknown", port: 3)
        #expect(throws: Status.unreachable) { try port(.nearby) }
    }

    @Test("a server below the system's folder is found by its ending or as the only one")
    func endings() throws {
        #expect(throws: Status.unreachable) { try search.locate(.nearby) }
        try put("sys/a/b", ".77", port: 1)
        try put("sys", ".other.77", port: 1)
        #expect(try port(.nearby) == 1)
        #expect(try port(.process(77)) == 1)
        #expect(try port(.nspace("other.77")) == 1)
        for ending in ["7", "777", "other", "other.7", ""] {
            #expect(throws: Status.unreachable) { try search.locate(.nspace(Text(ending))) }
        }
        #expect(throws: Status.unreachable) { try search.locate(.process(7)) }
        #expect(throws: Status.unreachable) { try search.locate(.system) }
    }

    @Test("of several servers one must be named")
    func several() throws {
        try put("sys", ".1", port: 1)
        try put("sys/x", ".2", port: 2)
        #expect(throws: Status.unreachable) { try search.locate(.nearby) }
        #expect(try port(.process(2)) == 2)
        // The same name in two places is as bad.
        try put("sys/y", ".2", port: 3)
        #expect(throws: Status.unreachable) { try search.locate(.process(2)) }
    }

    @Test("the session's folder is looked into when the system's has none")
    func folders() throws {
        try put("ses/deep", "", port: 1)
        #expect(try port(.nearby) == 1)
        try put("sys", ".9", port: 2)
        #expect(try port(.nearby) == 2)
    }

    @Test("files that are torn, linked or below a link are not seen")
    func hidden() throws {
        let file = try put("elsewhere", ".1", port: 1)
        try put("sys", ".torn", port: 2, "")
        #expect(symlink(file.description, (folder.path + "/sys/pmix." + host + ".tool.link").description) == 0)
        #expect(symlink((folder.path + "/elsewhere").description, (folder.path + "/sys/folder").description) == 0)
        #expect(symlink((folder.path + "/sys").description, (folder.path + "/sys/circle").description) == 0)
        #expect(throws: Status.unreachable) { try search.locate(.nearby) }
        try put("sys", ".5", port: 5)
        #expect(try port(.nearby) == 5)
    }

    @Test("the system's server has its own file")
    func system() throws {
        try folder.write("sys/pmix.sys.\(host.description)", "s.0;tcp4://127.0.0.1:4\nv3.2.5\n")
        let found = try search.locate(.system)
        #expect(found.uri.address.port == 4)
        #expect(found.module == "v3")
        #expect(found.release == Release(3, 2, 5))
    }

    @Test("an address is taken as it is, or refused")
    func addresses() throws {
        let found = try search.locate(.address("s.0;tcp4://127.0.0.1:4"))
        #expect(found.module == "v41")
        #expect(throws: Status.badParameter) { try search.locate(.address("s.0;tcp4://127.0.0.1")) }
    }

    @Test("a host's name in a file ends at its first dot, an address does not")
    func hosts() {
        #expect(ServerSearch.hosts("node") == ["node"])
        #expect(ServerSearch.hosts("node.cluster.org") == ["node", "node.cluster.org"])
        #expect(ServerSearch.hosts("10.0.0.1") == ["10.0.0.1"])
        #expect(ServerSearch.hosts(".odd") == [".odd"])
    }
}
