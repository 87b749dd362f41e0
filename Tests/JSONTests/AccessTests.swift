import Testing

@testable import JSON

struct AccessTests {
    @Test("a text is read, asked and written again")
    func reading() throws {
        let json = try #require(JSON(parsing: Array(#"{"b":1,"a":["x",2.5,true,null]}"#.utf8)))
        #expect(json["b"]?.integer == 1)
        #expect(json["a"]?[0]?.string == "x")
        #expect(json["a"]?[1]?.number == 2.5)
        #expect(json["a"]?[2]?.bool == true)
        #expect(json["a"]?[3]?.isNull == true)
        #expect(json["a"]?[4] == nil)
        #expect(json["c"] == nil)
        #expect(json["b"]?.string == nil)
        #expect(json.names == ["b", "a"])
        #expect(String(decoding: json.text(isSorted: true), as: UTF8.self) == #"{"a":["x",2.5,true,null],"b":1}"#)
    }

    @Test("values are made")
    func making() {
        let json = JSON.object([("s", .string("t")), ("n", .integer(-3)), ("l", .array([.bool(false), .null]))])
        json["e"] = .object()
        json["s"] = nil
        #expect(String(decoding: json.text(), as: UTF8.self) == #"{"n":-3,"l":[false,null],"e":{}}"#)
        #expect(json.isSame(as: json.copy))
    }

    @Test("what nests deeper than 64 is refused, brackets in strings do not count")
    func depth() {
        func nested(_ depth: Int) -> [UInt8] {
            Array(String(repeating: "[", count: depth).utf8) + Array(String(repeating: "]", count: depth).utf8)
        }
        #expect(JSON(parsing: nested(64)) != nil)
        #expect(JSON(parsing: nested(65)) == nil)
        #expect(JSON(parsing: Array(("\"" + String(repeating: "[\\\"", count: 100) + "\"").utf8)) != nil)
    }

    @Test("what is no JSON is refused", arguments: ["", "{", "[1,]", "nope", "1 2", "\"\u{0}", "{\"a\"}"])
    func refused(text: String) {
        #expect(JSON(parsing: Array(text.utf8)) == nil)
    }
}
