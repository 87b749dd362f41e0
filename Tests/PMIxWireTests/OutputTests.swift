import Bytes
import Testing

@testable import PMIxWire

struct OutputTests {
    private let source = Proc("prterun-host-77@3", Rank(5))

    private func line(_ keys: [Key], _ text: Text, isErrors: Bool = false, _ place: OutputFormat.Place? = nil) -> Text {
        let format = OutputFormat(keys.map { Info($0, .bool(true)) })
        return Text(format.line(text.bytes, source, isErrors: isErrors, at: Text("NOW").bytes, place))
    }

    @Test("IOF-6 a line is shown as the directives say")
    func formats() {
        let place = OutputFormat.Place(host: "n1", process: "42")
        #expect(line([], "text") == "text\n")
        #expect(line(["pmix.iof.tag"], "text") == "[3,5]<stdout>: text\n")
        #expect(line(["pmix.iof.tagfull"], "text", isErrors: true) == "[prterun-host-77@3,5]<stderr>: text\n")
        #expect(line(["pmix.iof.tagdet"], "text", place) == "[3,5][n1:42]<stdout>: text\n")
        #expect(line(["pmix.iof.tagdet"], "text") == "[3,5][unknown:unknown]<stdout>: text\n")
        #expect(line(["pmix.iof.rank", "pmix.iof.ts"], "text") == "[NOW][5]<stdout>: text\n")
        #expect(
            line(["pmix.iof.xml", "pmix.iof.ts"], "a<b")
                == "<stdout rank=\"5\" timestamp=\"NOW\">a&lt;b&#010;</stdout>\n")
        #expect(
            line(["pmix.iof.xml", "pmix.iof.tag"], "\u{1}") == "<stdout nspace=\"3\" rank=\"5\">&#001;&#010;</stdout>\n"
        )
    }

    @Test("IOF-6 files are named after the process, or as a pattern says")
    func files() {
        func path(_ infos: [Info], isErrors: Bool = false) -> Text? {
            OutputFormat(infos).path(Proc("job", Rank(2)), isErrors: isErrors)
        }
        #expect(path([]) == nil)
        #expect(path([Info("pmix.iof.file", .string("/x/out"))]) == "/x/out.job.2.out")
        #expect(path([Info("pmix.iof.file", .string("/x/out"))], isErrors: true) == "/x/out.job.2.err")
        #expect(path([Info("pmix.iof.dir", .string("/x"))], isErrors: true) == "/x/job/rank.2/stderr")
        let pattern = [Info("pmix.iof.file", .string("/x/p")), Info("pmix.iof.fpt", .bool(true))]
        #expect(path(pattern) == "/x/p.pattern.out")
    }

    @Test(
        "a delivery comes back as it went, with and without a handler",
        arguments: [("v41", 4), ("v3", 3)] as [(Text, UInt32)])
    func message(_ module: Text, _ major: UInt32) throws {
        let dialect = try #require(Dialect(module: module, isDescribed: false))
        let release = Release(parsing: Text(decimal: major) + ".2.0")
        let output = Output(source: source, channels: 4, bytes: [1, 2, 3], infos: [])
        let read = try Output.read(output.message(dialect, release, handler: 9), dialect, release)
        #expect(read.output.source == source && read.output.channels == 4 && read.output.bytes == [1, 2, 3])
        #expect(read.handler == (major >= 4 ? 9 : 0))
        #expect(throws: Malformed.self) { _ = try Output.read([2], dialect, release) }
    }
}
