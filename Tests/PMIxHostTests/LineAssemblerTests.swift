import Testing

@testable import PMIxHost

@Suite struct LineAssemblerTests {
    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
    private func add(_ lines: inout LineAssembler, _ words: String) -> String {
        text(lines.add(Array(words.utf8)[...]))
    }

    @Test("only whole lines go out")
    func whole() {
        var lines = LineAssembler(tag: [])
        #expect(add(&lines, "ab") == "")
        #expect(add(&lines, "c\nde\nf") == "abc\nde\n")
        #expect(text(lines.finish()) == "f")
        #expect(text(lines.finish()) == "")
    }

    @Test("each line is tagged once, however it came")
    func tagged() {
        var lines = LineAssembler(tag: Array("> ".utf8))
        #expect(add(&lines, "a\n\nb") == "> a\n> \n")
        #expect(add(&lines, "c\n") == "> bc\n")
        #expect(add(&lines, "end") == "")
        #expect(text(lines.finish()) == "> end")
    }

    @Test("a line without end goes out in pieces")
    func endless() {
        var lines = LineAssembler(tag: [])
        let piece = String(repeating: "x", count: LineAssembler.longest)
        #expect(add(&lines, piece) == "")
        #expect(add(&lines, "y") == piece + "y")
        #expect(add(&lines, "z\n") == "z\n")
    }
}
