import Bytes
import Foundation
import PMIxWire
import Reactor
import Sockets
import Testing

@testable import PMIxClient

@Suite("tools")
struct ToolTests {
    // MARK: What a tool says of itself

    @Test("a tool greets and asks as the recorded ones did", arguments: ["tool-mode0", "tool-mode1", "tool-mode2"])
    func recorded(name: String) throws {
        let session = try RecordedTool(name)
        let server = try ToolServer(reply: session.reply, job: session.job)
        let folder = try TemporaryFolder()
        let file = try folder.write("contact", server.uri + "\n4.2.2rc2\n1\n0:0\n")
        let own = try #require(session.handshake.infos.firstIndex { $0.key == .processID })
        let given = Array(session.handshake.infos[..<own]) + [Info(.toolAttachmentFile, .string(file))]

        let client = try Tool(given).start(adopting: nil, startsThread: true)
        #expect(client.identity == (session.handshake.proc ?? Proc("toolns", Rank(0))))
        let wanted = Client.Wanted(Proc("toolns", .wildcard), .universeSize, [.init(.optional, .bool(true))])
        #expect(client.find(wanted)?.asUInt32 == 3)
        client.finalize()
        #expect(server.heard == [[2, 0], [2, 5]])
        #expect(server.greeting == session.greeting(from: getpid(), CommandLine.arguments[0]))
    }

    @Test("who a tool is decides how it greets")
    func kinds() throws {
        let name = [Info(.toolNspace, .string("t")), Info(.toolRank, .rank(Rank(1)))]
        let launcher = Info(.launcher, .bool(true))
        #expect(try Tool([]).kind(ofClient: false) == .toolNeedingID)
        #expect(try Tool([]).kind(ofClient: true) == .toolNeedingID)
        #expect(try Tool([launcher]).kind(ofClient: false) == .launcherNeedingID)
        #expect(try Tool(name).kind(ofClient: false) == .toolWithID)
        #expect(try Tool(name + [launcher]).kind(ofClient: false) == .launcherWithID)
        #expect(try Tool(name).kind(ofClient: true) == .clientTool)
        #expect(try Tool(name + [launcher]).kind(ofClient: true) == .clientLauncher)
        #expect(try Tool([Info(.launcher, .bool(false))]).kind(ofClient: false) == .toolNeedingID)
    }

    @Test("half a name, or one no process can have, is refused; an empty one is none")
    func names() throws {
        let nspace = Info(.toolNspace, .string("t"))
        let rank = Info(.toolRank, .uint32(1))
        #expect(try Tool([nspace, rank]).identity == Proc("t", Rank(1)))
        #expect(try Tool([Info(.toolNspace, .string("")), rank]).identity == nil)
        let long = Info(.toolNspace, .string(Text([UInt8](repeating: 0x61, count: 256))))
        let bad: [[Info]] = [
            [nspace], [rank], [nspace, Info(.toolRank, .string("1"))], [nspace, Info(.toolRank, .rank(.wildcard))],
            [Info(.toolNspace, .uint32(1)), rank], [long, rank],
        ]
        for infos in bad { #expect(throws: Status.badParameter) { try Tool(infos) } }
    }

    @Test("the server is told what the search has not used up")
    func description() throws {
        let used: [Info] = [
            Info(.connectToSystem, .bool(false)), Info(.connectSystemFirst, .bool(true)),
            Info(.serverProcess, Value(.pid, .unsigned(3))), Info(.serverNspace, .string("x")),
            Info(.launcherRendezvousFile, .string("/x")),
        ]
        let kept = [Info(.serverURI, .string("s.1;tcp4://127.0.0.1:1")), Info("user.key", .uint32(1))]
        let keys = try Tool(used + kept).infos.map(\.key)
        #expect(keys == [.serverURI, "user.key", .processID, .commandLine])
    }

    @Test("the first directive decides which server it is")
    func targets() throws {
        func names(_ infos: [Info]) throws -> [String] {
            try Tool(infos).targets.map { target in
                switch target {
                case .address: "address"
                case .file(let path): "file " + path.description
                case .system: "system"
                case .process: "process"
                case .nspace: "nspace"
                case .parent: "parent"
                case .nearby: "nearby"
                }
            }
        }
        let nspace = Info(.serverNspace, .string("x"))
        let process = Info(.serverProcess, Value(.pid, .unsigned(3)))
        let first = Info(.connectSystemFirst, .bool(true))
        let only = Info(.connectToSystem, .bool(true))
        let file = Info(.toolAttachmentFile, .string("/a"))
        let address = Info(.tcpURI, .string("file:/b"))
        #expect(try names([]) == ["nearby"])
        #expect(try names([nspace]) == ["nspace"])
        #expect(try names([nspace, process]) == ["process"])
        #expect(try names([nspace, first]) == ["system", "nspace"])
        #expect(try names([nspace, only, first]) == ["system"])
        #expect(try names([only, file]) == ["file /a"])
        #expect(try names([file, address]) == ["file /b"])
        #expect(try names([Info(.serverURI, .string("x"))]) == ["address"])
        #expect(try names([Info(.toolDoNotConnect, .bool(true)), nspace]) == [])
    }

    // MARK: Starting

    @Test("a tool that need not connect starts without a server, one that need does not")
    func needs() throws {
        let nowhere = Info(.toolAttachmentFile, .string("/nonexistent/file"))
        #expect(throws: Status.unreachable) { try Tool([nowhere]).start(adopting: nil, startsThread: true) }
        for key in [Key.toolConnectOptional, .toolDoNotConnect] {
            let client = try Tool([nowhere, Info(key, .bool(true))]).start(adopting: nil, startsThread: true)
            #expect(client.identity.nspace.description.hasSuffix(":\(getpid())"))
            #expect(client.identity.rank == Rank(0))
            #expect(!client.isConnected)
            let own = Client.Wanted(Proc(client.identity.nspace, .wildcard), .jobSize, [])
            #expect(client.find(own)?.asUInt32 == 1)
            client.finalize()
        }
    }

    @Test("a server that refuses, falls silent or talks nonsense is unreachable")
    func refusals() throws {
        let good = HandshakeReply.tool(assigned: Proc("t", Rank(0)), server: Proc("s", Rank(0)))
        let replies: [[UInt8]] = [
            HandshakeReply.refusal(.noPermissions), [], [0, 0], Array(good.prefix(100)),
            [UInt8](repeating: 0x41, count: 600), [0, 0, 0, 0] + [UInt8](repeating: 0x41, count: 600),
            HandshakeReply.tool(assigned: Proc("", Rank(0)), server: Proc("s", Rank(0))),
            HandshakeReply.tool(assigned: Proc("t", .wildcard), server: Proc("s", Rank(0))),
            Array(good.dropLast(4)) + [0, 0, 0, 1],
        ]
        for reply in replies {
            let server = try ToolServer(reply: reply, job: nil)
            #expect(throws: Status.unreachable) { try server.startTool() }
        }
    }

    @Test("a server may know nothing of a tool's job, but must say so")
    func jobs() throws {
        let good = HandshakeReply.tool(assigned: Proc("t", Rank(0)), server: Proc("s", Rank(9)))
        func start(_ job: [UInt8]) throws -> Client { try ToolServer(reply: good, job: job).startTool() }
        // NOT_FOUND, success alone, and another namespace's name.
        for job: [UInt8] in [[2, 0x5b], [2, 0], [2, 6, 0x6f, 0x74, 0]] {
            let client = try start(job)
            let own = Client.Wanted(client.identity, .serverRank, [])
            #expect(client.find(own)?.asRank == Rank(9))
            client.finalize()
        }
        #expect(throws: Status.badParameter) { try start([2, 0x35]) }
        #expect(throws: Status.readPastEnd) { try start([2, 6, 0x6f]) }
        #expect(throws: Status.readPastEnd) { try start([]) }
        // It hangs up instead of answering.
        #expect(throws: Status.unreachable) { try ToolServer(reply: good, job: nil).startTool() }
    }

    @Test("a tool tries again as often as it was told to")
    func retries() throws {
        let server = try ToolServer(
            reply: HandshakeReply.tool(assigned: Proc("t", Rank(0)), server: Proc("s", Rank(0))), job: [2, 0])
        let folder = try TemporaryFolder()
        let infos = [
            Info(.toolAttachmentFile, .string(folder.path + "/late")), Info(.connectMaxRetries, .uint32(500)),
        ]
        let thread = Thread { [uri = server.uri] in
            Thread.sleep(forTimeInterval: 0.1)
            _ = try? folder.write("late", uri + "\n")
        }
        thread.start()
        let client = try Tool(infos).start(adopting: nil, startsThread: true)
        client.finalize()
        let once = [Info(.toolAttachmentFile, .string("/nonexistent/file")), Info(.connectMaxRetries, .uint32(3))]
        #expect(throws: Status.unreachable) { try Tool(once).start(adopting: nil, startsThread: true) }
    }
}
