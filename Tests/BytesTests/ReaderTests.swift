import Bytes
import Testing

@Suite("reading bytes")
struct ReaderTests {
    let bytes: [UInt8] = [1, 2, 0, 3, 4]

    @Test("bytes are taken in order until none is left")
    func order() throws {
        let parts = try read(bytes) { reader in
            let first = try reader.byte()
            let next = try reader.take(2)
            try reader.skip(1)
            return [[first], next, reader.rest(), reader.rest()]
        }
        #expect(parts.value == [[1], [2, 0], [4], []])
        #expect(parts.left == 0)
    }

    @Test("reading past the end is refused", arguments: [6, 100, Int.max])
    func pastEnd(count: Int) {
        #expect(throws: Malformed.pastEnd) { try read(bytes) { try $0.take(count) } }
        #expect(throws: Malformed.pastEnd) { try read(bytes) { try $0.skip(count) } }
    }

    @Test("a negative count is refused", arguments: [-1, Int.min])
    func negative(count: Int) {
        #expect(throws: Malformed.count) { try read(bytes) { try $0.take(count) } }
        #expect(throws: Malformed.count) { try read(bytes) { try $0.skip(count) } }
    }

    @Test("nothing can be read from no bytes")
    func empty() throws {
        #expect(throws: Malformed.pastEnd) { try read([]) { try $0.byte() } }
        #expect(throws: Malformed.pastEnd) { try read([]) { try $0.untilNUL() } }
        #expect(try read([]) { try $0.take(0) } == ([], 0))
        #expect(try read([]) { $0.isAtEnd }.value)
    }

    @Test("text ends at its NUL, which is consumed")
    func untilNUL() throws {
        #expect(try read(bytes) { try $0.untilNUL() } == ([1, 2], 2))
        #expect(try read([0]) { try $0.untilNUL() } == ([], 0))
        #expect(written { $0.untilNUL([5]) } == [5, 0])
    }

    @Test("text without a NUL is refused and nothing is consumed")
    func withoutNUL() throws {
        let left = try read(bytes) { reader in
            try reader.skip(3)
            #expect((try? reader.untilNUL()) == nil)
        }.left
        #expect(left == 2)
    }
}

@Suite("text")
struct TextTests {
    @Test("bytes that are no UTF-8 survive")
    func foreign() {
        let text = Text([0xff, 0xfe, 0x41])
        #expect(text.bytes == [0xff, 0xfe, 0x41])
        #expect(text != Text(text.description))
    }

    @Test("texts are equal by their bytes, not by what they look like")
    func equality() {
        #expect(Text("\u{e9}") != Text("e\u{301}"))
        #expect(Set([Text("a"), Text("a"), Text("b")]).count == 2)
    }

    @Test(
        "decimal numbers stop at 64 bits",
        arguments: [
            ("0", 0), ("18446744073709551615", UInt64.max), ("007", 7), ("18446744073709551616", nil), ("", nil),
            ("-1", nil), ("1x", nil), ("999999999999999999999", nil),
        ] as [(String, UInt64?)])
    func decimal(text: String, value: UInt64?) {
        #expect(Text(text).decimal == value)
    }

    @Test("splitting leaves out empty parts, joining keeps them")
    func parts() {
        #expect(Text(",a,,b,").split(UInt8(ascii: ",")) == ["a", "b"])
        #expect(Text("").split(UInt8(ascii: ",")) == [])
        #expect(Text.joined(["a", "", "b"], separator: UInt8(ascii: ",")) == "a,,b")
        #expect(Text.joined([], separator: 0) == "")
        #expect(Text(decimal: -12) + "x" == "-12x")
        #expect(Text("pmix.x").hasPrefix("pmix"))
        #expect(!Text("pm").hasPrefix("pmix"))
    }
}
