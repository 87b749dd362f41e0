import Testing

@testable import Flux

struct HostListTests {
    private func hosts(_ text: String) -> [String]? {
        HostList.decode(Array(text.utf8))?.map { String(decoding: $0, as: UTF8.self) }
    }

    @Test("lists of hosts become hosts, and hosts lists")
    func lists() {
        #expect(hosts("a[0-2,7],b") == ["a0", "a1", "a2", "a7", "b"])
        #expect(hosts("a[08-10]") == ["a08", "a09", "a10"])
        #expect(hosts("a[1-2]-x") == ["a1-x", "a2-x"])
        let list = ["a9", "a10", "a12", "b", "c01", "c02"].map { Array($0.utf8) }
        #expect(String(decoding: HostList.encode(list), as: UTF8.self) == "a[9-10,12],b,c[01-02]")
    }

    @Test(
        "what is no list is refused", arguments: ["a[", "a]", "a[]", "a[1", "a[2-1]", "a[x]", "a[1-]", "a[0-99999999]"])
    func refused(text: String) {
        #expect(hosts(text) == nil)
    }

    @Test("sets of ranks", arguments: [("0-2,5", "0-2,5"), ("[5,0,1,1]", "0-1,5"), ("", ""), ("7", "7")])
    func sets(text: String, same: String) {
        let ranks = RankSet.decode(Array(text.utf8))
        #expect(ranks.map { RankSet.encode($0) } == Array(same.utf8))
    }

    @Test("what is no set is refused", arguments: ["a", "1-", "-1", "2-1", "[1", "1,", "0-999999999"])
    func noSets(text: String) {
        #expect(RankSet.decode(Array(text.utf8)) == nil)
    }
}
