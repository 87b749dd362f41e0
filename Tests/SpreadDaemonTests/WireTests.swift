import Ordering
import Sockets
import Testing

@testable import SpreadDaemon

@Suite struct HandshakeTests {
    let hello: [UInt8] = [4, 4, 0, 1, 5] + Array("alice".utf8)

    @Test("B.2: a greeting may come in any pieces")
    func pieces() throws {
        for count in 0..<hello.count {
            #expect(try Handshake.greeting(Array(hello[..<count])) == nil)
        }
        let greeting = try #require(try Handshake.greeting(hello))
        #expect(greeting == .init(version: (4, 4, 0), wantsMembership: true, name: Array("alice".utf8)))
        #expect(
            Handshake.acceptance(greeting, Name("#alice#localhost")) == [1, 4, 4, 0, 16]
                + Array("#alice#localhost".utf8))
        #expect(Handshake.offer(["NULL"]) == [5] + Array("NULL ".utf8))
    }

    @Test("B.2: before 3.15 there is no patch level, before 3.16 no choice of methods")
    func generations() throws {
        let old = try #require(try Handshake.greeting([3, 14, 0x10, 1, 0x76]))
        #expect(!old.seesPatch && !old.choosesMethod && !old.wantsMembership)
        #expect(Handshake.acceptance(old, Name("#v#d")) == [1, 4, 4, 4] + Array("#v#d".utf8))
        let middle = try #require(try Handshake.greeting([3, 15, 0, 0x11, 1, 0x76]))
        #expect(middle.seesPatch && !middle.choosesMethod && middle.wantsMembership)
        #expect(try #require(try Handshake.greeting([3, 17, 3, 0, 0])).choosesMethod)
    }

    @Test(
        "B.2: versions and names that are refused",
        arguments: [
            ([2, 9, 0, 0, 1, 0x76], Handshake.Refusal.version), ([3, 0, 0, 1, 0x76], .version), ([200, 0], .version),
            ([3, 200], .version), ([4, 4, 0, 0, 11], .illegalName), ([4, 4, 0, 0, 255], .illegalName),
            ([4, 4, 0, 0, 1, 0x23], .illegalName), ([4, 4, 0, 0, 1, 0x20], .illegalName),
            ([4, 4, 0, 0, 1, 0x7f], .illegalName),
            ([4, 4, 0, 0, 1, 0x76, 0x76], .illegalName),
        ] as [([UInt8], Handshake.Refusal)])
    func refusals(_ bytes: [UInt8], _ refusal: Handshake.Refusal) {
        #expect(throws: refusal) { try Handshake.greeting(bytes) }
    }

    @Test("B.2: methods must be among those that are offered")
    func methods() throws {
        func padded(_ names: [String]) -> [UInt8] {
            let all = names.flatMap { Array($0.utf8) + [UInt8](repeating: 0, count: 30 - $0.utf8.count) }
            return all + [UInt8](repeating: 0, count: 90 - all.count)
        }
        #expect(try Handshake.choice(Array(padded(["NULL"]).dropLast()), from: ["NULL"]) == nil)
        #expect(try Handshake.choice(padded(["NULL", "NULL", "NULL"]), from: ["NULL"]) == ["NULL", "NULL", "NULL"])
        #expect(throws: Handshake.Refusal.authentication) { try Handshake.choice(padded([]), from: ["NULL"]) }
        #expect(throws: Handshake.Refusal.authentication) { try Handshake.choice(padded(["IP"]), from: ["NULL"]) }
        #expect(throws: Handshake.Refusal.authentication) {
            try Handshake.choice([UInt8](repeating: 0x41, count: 90), from: ["NULL"])
        }
    }
}

@Suite struct HeaderTests {
    static func header(_ type: UInt32, _ groups: UInt32, _ hint: UInt32, _ data: UInt32, big: Bool) -> [UInt8] {
        func word(_ value: UInt32) -> [UInt8] {
            withUnsafeBytes(of: big ? value.bigEndian : value.littleEndian) { Array($0) }
        }
        return word(type | (big ? 0 : ServiceType.endianMark)) + [0x23, 0x61] + [UInt8](repeating: 0, count: 30)
            + word(groups)
            + word(hint | (big ? 0 : ServiceType.endianMark)) + word(data)
    }

    @Test("B.3: both byte orders mean the same; the hint stays as it was sent", arguments: [false, true])
    func orders(_ big: Bool) throws {
        let bytes = HeaderTests.header(ServiceType.fifo | 0x4100_0040, 1, 0x1234 << 8, 7, big: big)
        let slice = Slice(bytes + [UInt8](repeating: 0xaa, count: 39))
        let header = Header(slice)
        let action = try header.peek(from: Name("#a"))
        #expect(action == ServiceType.fifo && header.plainByteCount == 48 + 32 + 7)
        header.bringHome(action)
        #expect(header.type == ServiceType.fifo | 0x4100_0040 | ServiceType.endianMark)
        #expect(header.groupCount == 1 && header.dataByteCount == 7 && header.messageByteCount == 87)
        #expect(Array(slice.bytes[40..<44]) == Array(bytes[40..<44]))
        #expect(slice.bytes[48 + 31] == 0)
    }

    @Test("E.1 E.8 E.9: of a client's type only its service and its marks stay")
    func masks() throws {
        let slice = Slice(
            HeaderTests.header(
                ServiceType.agreed | 0x80ff_ff00 & ~0x1_0000 & ~0x2_0000 & ~0x4_0000, 0, 0, 0, big: false))
        let header = Header(slice)
        header.bringHome(try header.peek(from: Name("#a")))
        #expect(header.type == ServiceType.agreed | ServiceType.endianMark)
    }

    @Test(
        "E.10 B.5: what is refused",
        arguments: [
            (ServiceType.fifo | ServiceType.safe, 1, 0, 0, Header.Fault.service), (0, 1, 0, 0, .service),
            (ServiceType.join | ServiceType.fifo, 1, 0, 0, .service), (ServiceType.fifo, 101, 0, 0, .groupCount),
            (ServiceType.fifo, .max, 0, 0, .groupCount), (ServiceType.fifo, 1, 0, .max, .size),
            (ServiceType.fifo, 1, 0, 143_969, .size), (ServiceType.fifo, 100, 0, 140_801, .size),
            (ServiceType.fifo, 1, 1, 0, .hint), (ServiceType.fifo | 0x80, 1, 0, 0, .endian),
        ] as [(UInt32, UInt32, UInt32, UInt32, Header.Fault)])
    func faults(_ type: UInt32, _ groups: UInt32, _ hint: UInt32, _ data: UInt32, _ fault: Header.Fault) {
        let slice = Slice(HeaderTests.header(type, groups, hint, data, big: fault == .endian))
        let order = fault == .endian ? type : nil
        if let order { Header(slice).type = order }
        #expect(throws: fault) { try Header(slice).peek(from: Name("#a")) }
        #expect(throws: Header.Fault.self) { try Header(slice).peek(from: Name("#b")) }
    }
}

@Suite struct NetworkTests {
    @Test("addresses that begin with the same bits")
    func bits() throws {
        let ten = try #require(Network("10.0.0.0/9"))
        #expect(ten.contains("10.127.0.1") && !ten.contains("10.128.0.1") && !ten.contains("::1"))
        #expect(try #require(Network("::/0")).contains("::1"))
        #expect(try #require(Network("127.0.0.1")).contains("127.0.0.1"))
        for bad in ["", "x", "1.2.3.4/33", "1.2.3.4/-1", "1.2.3.4/", "1.2.3.4/1/1", "::/129"] {
            #expect(Network(bad) == nil)
        }
    }
}

@Suite struct NameTests {
    @Test("names sort bytewise, and are cut to 31 bytes")
    func names() {
        #expect(Name("#a#d") < Name("#b#d") && Name("#a#d") < Name("#a#e") && Name("") < Name("a"))
        #expect(Name("é") > Name("z"))
        #expect(Name(String(repeating: "x", count: 40)).bytes.count == 31)
        #expect(Name("aaaaaaaaaaaaaaaaab") != Name("aaaaaaaaaaaaaaaaac"))
    }
}
