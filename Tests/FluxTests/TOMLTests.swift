import JSON
import Testing

@testable import Flux

struct TOMLTests {
    private func text(_ toml: String) -> String? {
        (try? TOML.parse(Array(toml.utf8))).map { String(decoding: $0.text(isSorted: true), as: UTF8.self) }
    }

    @Test(
        "what is said",
        arguments: [
            ("", "{}"), ("# only words", "{}"), ("a=1", #"{"a":1}"#), ("a.b.c = -7", #"{"a":{"b":{"c":-7}}}"#),
            ("\"a b\".'c' = true", #"{"a b":{"c":true}}"#), ("a = 0xff\nb=0o17\nc=0b11", #"{"a":255,"b":15,"c":3}"#),
            ("a = 1_000", #"{"a":1000}"#), ("a = 1e3", #"{"a":1000.0}"#), ("a = -0.5", #"{"a":-0.5}"#),
            ("a = \"\"\"\nx\\\n   y\"\"\"", #"{"a":"xy"}"#), ("a = '''\n\\n'''", #"{"a":"\\n"}"#),
            ("a = [[1],[\"x\",{b=2}],]", #"{"a":[[1],["x",{"b":2}]]}"#), ("[a]\n[a.b]\nc=1", #"{"a":{"b":{"c":1}}}"#),
            ("[a.b]\nc=1\n[a]\nd=2", #"{"a":{"b":{"c":1},"d":2}}"#),
            ("[[a]]\n[a.b]\nc=1\n[[a]]\n[a.b]\nc=2", #"{"a":[{"b":{"c":1}},{"b":{"c":2}}]}"#),
            ("a = 1979-05-27 07:32:00.25+01:00", #"{"a":{"iso-8601-ts":"1979-05-27T07:32:00Z"}}"#),
            ("a = 9223372036854775807", #"{"a":9223372036854775807}"#),
        ])
    func said(toml: String, json: String) {
        #expect(text(toml) == json)
    }

    @Test(
        "what is refused",
        arguments: [
            "a = 9223372036854775808", "a = inf", "a = nan", "a = 01", "a = 1.", "a = .5", "a = 1__0", "a = 0x",
            "a = 1-2",
            "a = 1979-05-27", "a.b = 1\na.b.c = 2", "[[a]]\n[a]", "[a]\n[[a]]", "a = {b=1\n}", "a = {b=1,}",
            "a = \"\\u12\"",
            "a = \"\\ud800\"", "a = 1\n[a]", "[a] x", "a = [1 2]", "a = \"\"\"x\"\"", "\u{1}",
        ])
    func refused(toml: String) {
        #expect(text(toml) == nil)
    }

    @Test("nesting has an end, and every cut and damage of a text does too")
    func hostile() {
        #expect(text("a = " + String(repeating: "[", count: 100_000)) == nil)
        #expect(text("a = " + String(repeating: "{a=", count: 100_000)) == nil)
        let whole = Array(
            "[[t]]\n\"k\\u00e9\" = [1.5e3, {a=\"\"\"x\\\n\"\"\", b='y'}] # z\n[t.u]\nd=1979-05-27T07:32:00Z".utf8)
        for place in whole.indices {
            _ = try? TOML.parse(Array(whole.prefix(place)))
            for byte: UInt8 in [0, 10, 34, 46, 61, 91, 92, 93, 123, 0xff] {
                var changed = whole
                changed[place] = byte
                _ = try? TOML.parse(changed)
            }
        }
    }

    @Test("the line of a mistake is told")
    func line() {
        do {
            _ = try TOML.parse(Array("a = 1\n\nb = [1,\n2\n}\n".utf8))
            Issue.record("was taken")
        } catch {
            #expect(error.line == 5)
        }
    }
}
