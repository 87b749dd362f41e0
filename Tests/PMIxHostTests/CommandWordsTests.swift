import Bytes
import Testing

@testable import PMIxHost

@Suite struct CommandWordsTests {
    private func programs(_ line: String, _ options: CommandWords.Options = .init()) throws -> [Program] {
        try CommandWords.programs(line.split(separator: " ").map { Text(String($0)) }, options)
    }

    private func words(_ program: Program) -> String {
        program.arguments.map { $0.description }.joined(separator: " ")
    }

    @Test("one program has what the options said")
    func single() throws {
        var options = CommandWords.Options()
        options.count = 3
        options.directory = "/tmp"
        let found = try programs("a -n 7 b", options)
        #expect(found.map(words) == ["a -n 7 b"])
        #expect(found[0].count == 3)
        #expect(found[0].directory == "/tmp")
    }

    @Test("a colon begins another program, with options of its own")
    func several() throws {
        var options = CommandWords.Options()
        options.count = 2
        let found = try programs("a x : -n 3 -x V=1=2 --wdir=/d b -n : c", options)
        #expect(found.map(words) == ["a x", "b -n", "c"])
        #expect(found.map { $0.count } == [2, 3, 1])
        #expect(found[1].environment == [.set("V", "1=2")])
        #expect(found[1].directory == "/d")
        #expect(found[2].environment.isEmpty)
    }

    @Test("the terminator is no program")
    func terminator() throws {
        #expect(try programs("-- a --x").map(words) == ["a --x"])
        #expect(try programs("a : -n4 -- -b").map(words) == ["a", "-b"])
        #expect(try programs("a : -n4 -- -b")[1].count == 4)
    }

    @Test(
        "what makes no sense is refused",
        arguments: [
            "", ":", "a :", ": a", "a : : b", "a : -n", "a : -n 0 b", "a : -n x b", "a : -n -1 b", "a : --timeout 3 b",
            "a : -x b", "a : -x =v b", "a : -n 99999999999999999999 b", "--",
        ])
    func refused(line: String) {
        #expect(throws: CommandWords.Mistake.self) { try programs(line) }
    }

    @Test("a variable without a value has the one it has here")
    func exported() throws {
        let path = try #require(System.variable("PATH"))
        #expect(try CommandWords.export("PATH") == .set("PATH", path))
        #expect(try CommandWords.export("EMPTY=") == .set("EMPTY", ""))
    }
}
