import Bytes
import Testing

@testable import PMIxWire

@Suite("node and rank lists")
struct NodesTests {
    /// What OpenPMIx 4.2.2 makes of each list (PMIx_generate_regex, observed).
    static let observed: [(Text, Text)] = [
        ("vm", "pmix[vm]"),
        ("node1,node2,node3", "pmix[node[1:1-3]]"),
        ("n001,n002,n003,n010,x5", "pmix[n[3:1-3,10],x[1:5]]"),
        ("node01.cluster,node02.cluster", "pmix[node01.cluster,node02.cluster]"),
        ("node1a,node2a,node3a", "pmix[node[1:1-3]a]"),
        ("a1b2,a1b3,a2b4", "pmix[a[1:1]b2,a[1:1]b3,a[1:2]b4]"),
        ("1,2,3", "pmix[[1:1-3]]"),
        ("10.0.0.1,10.0.0.2", "pmix[10.0.0.1,10.0.0.2]"),
        ("node3,node2,node1", "pmix[node[1:3,2,1]]"),
        ("node1,node1,node2", "pmix[node[1:1,1-2]]"),
        ("vm,vm", "pmix[vm,vm]"),
        ("node1,vm,node2", "pmix[node[1:1-2],vm]"),
        ("node1,node02,node3", "pmix[node[1:1],node[2:2],node[1:3]]"),
        ("node9,node10,node11", "pmix[node[1:9],node[2:10-11]]"),
        ("", "raw:"),
        (",", "pmix[]"),
        (",,", "pmix[,]"),
        ("a,,b", "pmix[a,,b]"),
        ("node1,", "pmix[node[1:1]]"),
        ("node0,node1", "pmix[node[1:0-1]]"),
        ("node-1,node-2", "pmix[node-1,node-2]"),
        ("node1-ib,node2-ib,vm", "pmix[node1-ib,node2-ib,vm]"),
        ("node[1-3]", "pmix[node[1-3]]"),
        ("node 1,node 2", "pmix[node 1,node 2]"),
        ("a1,b1,a2,b2", "pmix[a[1:1],b[1:1],a[1:2],b[1:2]]"),
        ("node001,node003,node005,node006", "pmix[node[3:1,3,5-6]]"),
        ("Node1,node1", "pmix[Node[1:1],node[1:1]]"),
        ("node1,vm,x1,vn,x2", "pmix[node[1:1],vm,x[1:1-2],vn]"),
        ("node1a,node2b", "pmix[node[1:1]a,node[1:2]b]"),
        ("node1b,node2", "pmix[node[1:1]b,node[1:2]]"),
        ("node1_a,node2_a", "pmix[node1_a,node2_a]"),
        ("1,b1,2", "pmix[[1:1-2],b[1:1]]"),
        ("a1,2,a3", "pmix[a[1:1,3],[1:2]]"),
        ("a1,2,b3,a3", "pmix[a[1:1],[1:2],b[1:3],a[1:3]]"),
        ("a1,1,b1,a2,2", "pmix[a[1:1],[1:1-2],b[1:1],a[1:2]]"),
        ("01,1,02", "pmix[[2:1],[1:1],[2:2]]"),
        ("node5,node4,node4,node5,node6", "pmix[node[1:5,4,4-6]]"),
        ("node00x,node01x", "pmix[node[2:0-1]x]"),
    ]

    @Test("a list is compressed as the original compresses it", arguments: observed)
    func compression(list: Text, expected: Text) {
        #expect(NodeMap.regex(list).description == expected.description)
    }

    @Test("512 hosts in steps of seven become one family")
    func manyHosts() {
        let numbers = (0..<512).map { $0 * 7 }
        let names = numbers.map { number in "node" + String(repeating: "0", count: 4 - "\(number)".count) + "\(number)"
        }
        let regex = NodeMap.regex(Text(names.joined(separator: ",")))
        #expect(regex.count == 2413)
        #expect(regex == Text("pmix[node[4:" + numbers.map(String.init).joined(separator: ",") + "]]"))
    }

    @Test("ranks per node are kept as they are", arguments: ["0,1;2,3", "0-3;4-7;8", "0", ";0", "0;;1"])
    func ppn(list: String) {
        #expect(NodeMap.ppn(Text(list)) == Text("raw:" + list))
    }

    @Test("a number beyond the original's int is kept as a name, not mangled")
    func hugeNumber() throws {
        let list: Text = "node2147483647,node2147483648,node99999999999999999999"
        let regex = NodeMap.regex(list)
        #expect(regex == "pmix[node[10:2147483647],node2147483648,node99999999999999999999]")
        #expect(try NodeMap.nodes(regex) == list.split(UInt8(ascii: ",")))
    }

    @Test("the largest int does not wrap into the next")
    func edgeNumbers() throws {
        #expect(NodeMap.regex("n2147483646,n2147483647,n0000000000") == "pmix[n[10:2147483646-2147483647,0]]")
    }

    @Test(
        "names come back from every form",
        arguments: [
            ("pmix[node[1:1-3]]", ["node1", "node2", "node3"]),
            ("pmix[node[1:1-3]a]", ["node1a", "node2a", "node3a"]),
            ("pmix[n[3:1-3,10],x[1:5]]", ["n001", "n002", "n003", "n010", "x5"]),
            ("pmix[vm,node[1:1]]", ["vm", "node1"]),
            ("pmix[[1:1-2],vm]", ["1", "2", "vm"]),
            ("pmix[node[1:3,2,1]]", ["node3", "node2", "node1"]),
            ("pmix[node[2:9-11]]", ["node09", "node10", "node11"]),
            ("pmix[node[1:9-11]]", ["node9", "node10", "node11"]),
            ("pmix[node[1:1-3],node[1:7-8]x,b]", ["node1", "node2", "node3", "node7x", "node8x", "b"]),
            ("pmix[node[1-3]]", ["node[1-3]"]),
            ("pmix[]", []), ("pmix[,]", []), ("pmix[a,,b]", ["a", "b"]),
            ("raw:a,b,c", ["a", "b", "c"]), ("raw:", []), ("a,b", ["a", "b"]), ("", []), ("pmix", ["pmix"]),
        ] as [(String, [String])])
    func names(text: String, expected: [String]) throws {
        #expect(try NodeMap.nodes(Text(text)).map(\.description) == expected)
    }

    @Test("what was compressed comes back in an order that keeps each family's own")
    func roundTrip() throws {
        for (list, _) in NodesTests.observed {
            let names = list.split(UInt8(ascii: ",")).map(\.description)
            let back = try NodeMap.nodes(NodeMap.regex(list)).map(\.description)
            #expect(back.sorted() == names.sorted())
        }
    }

    @Test(
        "ranks come back from every form",
        arguments: [
            ("raw:0,1;2,3", [[0, 1], [2, 3]]), ("0-3;4-7;8", [[0, 1, 2, 3], [4, 5, 6, 7], [8]]),
            ("raw:0-3;4-7;8", [[0, 1, 2, 3], [4, 5, 6, 7], [8]]), ("pmix[0-1,4;2,3]", [[0, 1, 4], [2, 3]]),
            ("raw:", []), ("", []), ("0;;1", [[0], [], [1]]), ("0;", [[0]]), (" 0, 1", [[0, 1]]),
            ("4294967295", [[4_294_967_295]]), ("pmix[]", []),
        ] as [(String, [[UInt32]])])
    func ranks(text: String, expected: [[UInt32]]) throws {
        #expect(try NodeMap.ranks(Text(text)) == expected)
    }

    @Test(
        "a list that asks for absurd memory is refused",
        arguments: ["pmix[n[1:0-4294967295]]", "pmix[n[99999999999:1-2]]", "pmix[n[1:0-1048576]]"])
    func hostileNodes(text: String) {
        #expect(throws: Malformed.count) { try NodeMap.nodes(Text(text)) }
    }

    @Test(
        "a rank list that asks for absurd memory is refused",
        arguments: ["0-4294967295", "raw:7;0-4194303", "pmix[1-4294967294]", "3-1"])
    func hostileRanks(text: String) {
        #expect(throws: Malformed.count) { try NodeMap.ranks(Text(text)) }
    }

    @Test("long names times a long range is refused")
    func hostileProduct() {
        let text = Text("pmix[" + String(repeating: "a", count: 1 << 17) + "[1:0-99999]]")
        #expect(throws: Malformed.count) { try NodeMap.nodes(text) }
    }

    @Test(
        "broken text is refused",
        arguments: ["pmix[", "pmix[a", "pmix[a]x", "pmix[a[1:1]", "pmix[a[1:x]]", "pmix[a[1:1-2-3]]"])
    func brokenNodes(text: String) {
        #expect(throws: Malformed.self) { try NodeMap.nodes(Text(text)) }
    }

    @Test(
        "ranks that are no numbers are refused",
        arguments: ["a", "raw:1-", "-1", "1 2", "0-1-2", "4294967296", "pmix[0"])
    func brokenRanks(text: String) {
        #expect(throws: Malformed.self) { try NodeMap.ranks(Text(text)) }
    }
}
