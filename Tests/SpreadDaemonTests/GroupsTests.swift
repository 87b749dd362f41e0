import Ordering
import Testing

@testable import SpreadDaemon

/// Keeps what it is sent.
final class Recorder: Subscriber {
    var messages: [Slice] = []

    init(_ name: String, wantsMembership: Bool = true) {
        super.init(Name("#\(name)#d"), wantsMembership: wantsMembership)
    }

    override func take(_ message: Slice) {
        messages.append(message)
    }

    /// What came since the last call: the type without its mark, the name, the groups, the body's words up to a name.
    func drain() -> [Seen] {
        defer { messages = [] }
        return messages.map(Seen.init)
    }
}

struct Seen: Equatable {
    let type: UInt32
    let name: String
    let groups: [String]
    var index: UInt32?
    var changed: String?

    init(_ type: UInt32, _ name: String, _ groups: [String], index: UInt32? = nil, changed: String? = nil) {
        (self.type, self.name, self.groups, self.index, self.changed) = (type, name, groups, index, changed)
    }

    init(_ message: Slice) {
        let header = Header(message)
        type = header.type & ~ServiceType.endianMark
        name = header.sender.description
        groups = (0..<Int(header.groupCount)).map { header.group($0).description }
        #expect(header.messageByteCount == message.count)
        guard type & ServiceType.membership != 0 else { return }
        let body = message.address + Header.byteCount + groups.count * Name.byteCount
        index = body.loadUnaligned(fromByteOffset: 8, as: UInt32.self)
        changed = Name(at: body + 24).description
    }
}

@Suite struct GroupsTests {
    let a = Recorder("a")
    let b = Recorder("b")
    let c = Recorder("c", wantsMembership: false)

    @Test("MEM-1 MEM-2 MEM-3 MEM-8: everybody is told of a join, in one order, with the same id")
    func joins() {
        let groups = Groups(process: 1, time: 100)
        groups.join(b, Name("g"))
        groups.join(a, Name("g"))
        let second = Seen(0x1100, "g", ["#a#d", "#b#d"], index: 2, changed: "#a#d")
        #expect(b.drain() == [Seen(0x1100, "g", ["#b#d"], index: 1, changed: "#b#d"), second])
        #expect(a.drain() == [second])
    }

    @Test("MEM-4: the leaver gets the self-leave and nothing more")
    func leaves() {
        let groups = Groups(process: 1, time: 100)
        for member in [a, b] { groups.join(member, Name("g")) }
        _ = (a.drain(), b.drain())
        groups.leave(a, Name("g"))
        #expect(a.drain() == [Seen(0x200, "g", [])])
        #expect(b.drain() == [Seen(0x1200, "g", ["#b#d"], index: 3, changed: "#a#d")])
        groups.leave(a, Name("g"))
        groups.leave(a, Name("nosuch"))
        groups.join(b, Name("g"))
        #expect(a.drain() == [] && b.drain() == [])
    }

    @Test("MEM-5 MEM-6: a disconnect is told once for each shared group, to those that want to know")
    func disconnects() {
        let groups = Groups(process: 1, time: 100)
        for name in ["x", "y", "z"] {
            for member in [a, b, c] { groups.join(member, Name(name)) }
        }
        _ = b.drain()
        groups.disconnect(a)
        #expect(
            b.drain()
                == ["x", "y", "z"].map { Seen(0x1400, $0, ["#b#d", "#c#d"], index: 4, changed: "#a#d") })
        #expect(c.drain() == [])
    }

    @Test("an id never comes back, not even with the group")
    func ids() {
        let groups = Groups(process: 1, time: 100)
        var seen: Set<[UInt8]> = []
        for _ in 0..<10 {
            groups.join(a, Name("g"))
            groups.leave(a, Name("g"))
            #expect(groups.count == 0)
            let view = a.messages[0]
            seen.insert(
                Array(view.bytes[(Header.byteCount + Name.byteCount)..<(Header.byteCount + Name.byteCount + 12)]))
            _ = a.drain()
        }
        #expect(seen.count == 10)
    }

    @Test("B.6: a group whose names would not fit a message takes nobody more, and says so")
    func refusal() {
        let groups = Groups(process: 1, time: 100, mostMembers: 1)
        groups.join(a, Name("g"))
        groups.join(b, Name("g"))
        #expect(groups.find(Name("g"))?.members.count == 1)
        let refused = b.messages[0]
        let header = Header(refused)
        #expect(header.type == ServiceType.reject | ServiceType.causedByJoin | ServiceType.endianMark)
        #expect(header.messageByteCount == refused.count)
        #expect(refused.address.loadUnaligned(fromByteOffset: 48, as: UInt32.self) == ServiceType.join)
    }
}

@Suite struct DeliveryTests {
    let delivery = Delivery(Groups(process: 1, time: 100))
    let a = Recorder("a")
    let b = Recorder("b")

    init() {
        delivery.add(a)
        delivery.add(b)
    }

    func send(_ type: UInt32, from sender: Recorder, _ groups: [String]) {
        var writer = MessageWriter(type, sender.name, groups: groups.count, data: 0)
        for group in groups { writer.name(Name(group)) }
        delivery.deliver(writer.message)
    }

    @Test("ORD-8 ORD-9 ORD-10 ORD-12: a message comes once, to members and to the private groups named")
    func data() {
        send(ServiceType.join, from: a, ["g"])
        send(ServiceType.join, from: a, ["h"])
        _ = a.drain()
        send(ServiceType.agreed, from: b, ["g", "h", "nosuch", "#a#d"])
        let seen = Seen(0x10, "#b#d", ["g", "h", "nosuch", "#a#d"])
        #expect(a.drain() == [seen] && b.drain() == [])
        send(ServiceType.safe, from: a, ["g", "#b#d"])
        #expect(a.drain().count == 1 && b.drain().count == 1)
        send(ServiceType.safe | ServiceType.selfDiscard, from: a, ["g", "#a#d", "#b#d"])
        #expect(a.drain().isEmpty && b.drain().count == 1)
    }

    @Test("who is gone gets nothing, and changes nothing")
    func gone() {
        send(ServiceType.join, from: a, ["g"])
        send(ServiceType.kill, from: a, ["#a#d"])
        _ = a.drain()
        send(ServiceType.join, from: a, ["g"])
        send(ServiceType.agreed, from: b, ["g", "#a#d"])
        #expect(a.drain().isEmpty)
        #expect(delivery.groups.count == 0 && delivery.subscribers.count == 1)
    }
}
