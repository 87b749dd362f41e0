import Bytes
import Testing

@testable import Topology

@Suite struct IndexRangesTests {
    @Test("a list comes back as it was written", arguments: ["", "0", "0-3", "0-3,8", "1,3,5-6", "4294967295"])
    func roundTrip(list: String) throws {
        #expect(try #require(IndexRanges(Text(list))).text == Text(list))
    }

    @Test(
        "what is no list is refused",
        arguments: ["x", "1-", "-1", "3-1", "1,,2", "1-2-3", "4294967296", "0x1", " 1", "1,"])
    func refused(list: String) {
        #expect(IndexRanges(Text(list)) == nil)
    }

    @Test("neighbours are joined")
    func joined() {
        #expect(IndexRanges([0, 1, 2, 5, 7, 8]).text == "0-2,5,7-8")
        #expect(IndexRanges([.max]).text == "4294967295")
    }

    @Test("the largest possible range costs nothing")
    func hostile() throws {
        let everything = try #require(IndexRanges("0-4294967295"))
        let one = try #require(IndexRanges("77"))
        #expect(everything.intersects(one))
        #expect(everything.largest == .max)
    }
}
