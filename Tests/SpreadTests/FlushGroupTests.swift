import Testing

@testable import Spread

/// One group as one connection sees it, fed with what Spread would report.
private struct Member {
    var group: FlushGroup
    private var index: Int32 = 0

    init(_ me: String) {
        group = FlushGroup(name: Member.name("g"), me: Member.name(me))
    }

    static func name(_ text: String) -> GroupName { GroupName(Array(text.utf8)) }

    static func identity(_ index: Int32) -> MembershipBody.GroupIdentity {
        MembershipBody.GroupIdentity(process: 1, time: 2, index: index)
    }

    /// A view whose own set is `set`.
    mutating func view(_ cause: UInt32, _ members: [String], _ set: [String]) {
        index += 1
        func word(_ value: UInt32) -> [UInt8] { withUnsafeBytes(of: value) { Array($0) } }
        var body = word(1) + word(2) + word(UInt32(index)) + word(1) + word(0) + word(UInt32(set.count))
        for member in set { body += FlushWire.padded(Member.name(member)) }
        group.view(
            OwnedMessage(
                service: Service.regularMembership | cause, sender: Member.name("g"),
                groups: members.map { Member.name($0) }, messageType: 0, isFromOtherOrder: false, body: body))
    }

    mutating func agree(_ members: [String], _ index: Int32) {
        for member in members { group.agreement(Member.name(member), Member.identity(index)) }
    }

    mutating func data(_ sender: String, in view: Int32? = nil) {
        var body = Array("x".utf8)
        if let view { body += FlushWire.appendage(7, Member.identity(view)) }
        let message = OwnedMessage(
            service: Service.fifo, sender: Member.name(sender), groups: [Member.name("g")],
            messageType: view == nil ? 7 : FlushWire.vulnerable, isFromOtherOrder: false, body: body)
        if let data = FlushData(message) { group.data(data) }
    }

    /// What the user has got since the last time, by service.
    mutating func taken() -> [UInt32] {
        defer { group.toUser = [] }
        return group.toUser.map { $0.service }
    }

    /// The names a view's body lists.
    static func listed(_ message: FlushMessage) -> [String] {
        stride(from: 16, to: message.body.count, by: 32).map { place in
            String(decoding: message.body[place..<(place + 32)].prefix { $0 != 0 }, as: UTF8.self)
        }
    }

    /// A group of three whose view every member has.
    static func settled() -> Member {
        var member = Member("#a#x")
        member.view(Service.causedByJoin, ["#a#x", "#b#x", "#c#x"], ["#a#x"])
        member.agree(["#a#x", "#b#x", "#c#x"], 1)
        for name in ["#a#x", "#b#x", "#c#x"] { member.group.receipt(Member.name(name), identity(1)) }
        _ = member.taken()
        member.group.toGroup = []
        return member
    }
}

@Suite("a group of the flush layer")
struct FlushGroupTests {
    private let all = ["#a#x", "#b#x", "#c#x"]
    private let joined = Service.regularMembership | Service.causedByJoin
    private let network = Service.regularMembership | Service.causedByNetwork

    @Test("FL-12, FL-14: a joining member agrees unasked and has its view with the last agreement")
    func joining() {
        var member = Member("#a#x")
        member.view(Service.causedByJoin, all, ["#a#x"])
        #expect(member.group.toGroup.map { $0.type } == [FlushWire.agreed])
        member.agree(["#a#x", "#b#x"], 1)
        #expect(member.taken().isEmpty)
        member.agree(["#c#x"], 1)
        #expect(member.taken() == [joined])
        #expect(member.group.phase == .verify)
    }

    @Test("FL-15: agreements before the view count")
    func early() {
        var member = Member("#a#x")
        member.agree(["#b#x", "#c#x"], 1)
        member.view(Service.causedByJoin, all, ["#a#x"])
        member.agree(["#a#x"], 1)
        #expect(member.taken() == [joined])
    }

    @Test("FLB-5: agreements to views nobody heard of are bounded")
    func bounded() {
        var member = Member("#a#x")
        for index in 100..<10_000 { member.agree(["#b#x"], Int32(index)) }
        member.agree(["#a#x", "#b#x", "#c#x"], 1)
        member.view(Service.causedByJoin, all, ["#a#x"])
        #expect(member.taken() == [joined])
    }

    @Test("FLB-4, VS-4: strangers' agreements do not count")
    func forged() {
        var member = Member("#a#x")
        member.view(Service.causedByJoin, all, ["#a#x"])
        member.agree(["#a#x", "#b#x", "#x#x", "#y#x"], 1)
        #expect(member.taken().isEmpty)
    }

    @Test("FL-17, FLB-9: the same member's receipt twice is one")
    func receipts() {
        var member = Member("#a#x")
        member.view(Service.causedByJoin, all, ["#a#x"])
        member.agree(all, 1)
        for name in ["#a#x", "#b#x", "#b#x"] { member.group.receipt(Member.name(name), Member.identity(1)) }
        #expect(member.group.phase == .verify)
        member.group.receipt(Member.name("#c#x"), Member.identity(1))
        #expect(member.group.phase == .steady)
    }

    @Test("FL-11, FL-21, FL-22: a disconnect asks, tells once, and is installed after the flush")
    func disconnect() throws {
        var member = Member.settled()
        member.view(Service.causedByDisconnect, ["#a#x", "#b#x"], ["#c#x"])
        #expect(member.taken() == [FlushWire.flushRequest, Service.transition])
        member.view(Service.causedByDisconnect, ["#a#x"], ["#b#x"])
        #expect(member.taken().isEmpty)
        try member.group.flush()
        // FL-18: #b left without agreeing to the first view; the second is the network's.
        #expect(member.group.toGroup.map { $0.identity.index } == [3])
        member.agree(["#a#x"], 3)
        let view = member.group.toUser.first
        #expect(view?.service == network)
        #expect(view.map(Member.listed) == ["#a#x"])
    }

    @Test("FL-18, FL-20: who agreed before leaving is in the view, and then gone")
    func agreedThenLeft() throws {
        var member = Member.settled()
        member.view(Service.causedByJoin, all + ["#d#x"], ["#d#x"])
        try member.group.flush()
        member.agree(["#b#x", "#d#x"], 2)
        member.view(Service.causedByDisconnect, ["#a#x", "#b#x", "#c#x"], ["#d#x"])
        _ = member.taken()
        member.agree(["#a#x", "#c#x"], 2)
        #expect(member.taken() == [joined, FlushWire.flushRequest, Service.transition])
    }

    @Test("FLB-1: a network's view lists who came along, in the old order")
    func networks() throws {
        var member = Member.settled()
        member.group.transition()
        member.view(Service.causedByNetwork, ["#a#x", "#c#x", "#z#y"], ["#c#x", "#a#x"])
        #expect(member.taken() == [Service.transition, FlushWire.flushRequest])
        try member.group.flush()
        member.agree(["#a#x", "#c#x", "#z#y"], 2)
        #expect(member.group.toUser.first.map(Member.listed) == ["#a#x", "#c#x"])
        #expect(member.taken() == [network])
    }

    @Test("C.6: a first view that is the network's lists oneself alone; FL-23: and no transition before it")
    func networkWhileJoining() {
        var member = Member("#a#x")
        member.group.transition()
        member.view(Service.causedByJoin, all, ["#a#x"])
        member.view(Service.causedByNetwork, ["#a#x", "#b#x"], ["#a#x", "#b#x"])
        #expect(member.group.toGroup.map { $0.identity.index } == [1, 2])
        member.agree(["#a#x", "#b#x"], 2)
        #expect(member.group.toUser.map(Member.listed) == [["#a#x"]])
        #expect(member.taken() == [network])
    }

    @Test("FL-16: a view, the next request, the loss, then what waited, in this order")
    func installed() throws {
        var member = Member.settled()
        member.view(Service.causedByJoin, all + ["#d#x"], ["#d#x"])
        try member.group.flush()
        _ = member.taken()
        member.data("#b#x", in: 2)
        member.data("#d#x", in: 2)
        member.agree(["#b#x", "#d#x"], 2)
        member.view(Service.causedByDisconnect, all, ["#d#x"])
        member.agree(["#a#x", "#c#x"], 2)
        #expect(member.group.toUser.suffix(2).map { $0.sender } == [Member.name("#b#x"), Member.name("#d#x")])
        #expect(
            member.taken() == [joined, FlushWire.flushRequest, Service.transition, Service.fifo, Service.fifo])
    }

    @Test("FL-16: with nothing pending, the view's receipt goes to the group")
    func receiptTold() throws {
        var member = Member.settled()
        member.view(Service.causedByJoin, all + ["#d#x"], ["#d#x"])
        try member.group.flush()
        member.group.toGroup = []
        member.agree(all + ["#d#x"], 2)
        #expect(member.group.toGroup.map { $0.type } == [FlushWire.installed])
        #expect(member.group.toGroup.map { $0.identity } == [Member.identity(2)])
    }

    @Test("FL-33, FL-35, VS-1: data of others and of other views is nobody's; vulnerable data waits for its view")
    func data() throws {
        var member = Member.settled()
        member.data("#stranger#x")
        member.data("#b#x", in: 9)
        #expect(member.taken().isEmpty)
        member.data("#b#x")
        member.data("#b#x", in: 1)
        #expect(member.taken() == [Service.fifo, Service.fifo])
        member.view(Service.causedByJoin, all + ["#d#x"], ["#d#x"])
        try member.group.flush()
        _ = member.taken()
        member.data("#d#x", in: 2)
        member.data("#stranger#x", in: 2)
        #expect(member.taken().isEmpty)
        member.agree(all + ["#d#x"], 2)
        #expect(member.group.toUser.last?.type == 7)
        #expect(member.group.toUser.last?.body == Array("x".utf8))
        #expect(member.taken() == [joined, Service.fifo])
    }

    @Test("FL-19: what waited for a view that is discarded is dropped")
    func discarded() throws {
        var member = Member.settled()
        member.view(Service.causedByJoin, all + ["#d#x"], ["#d#x"])
        try member.group.flush()
        member.data("#b#x", in: 2)
        _ = member.taken()
        member.view(Service.causedByDisconnect, all, ["#d#x"])
        member.agree(all, 3)
        #expect(member.taken() == [network])
    }

    @Test("FL-13, FL-26: when one may flush")
    func states() throws {
        var member = Member.settled()
        #expect(throws: SpreadError.illegalState) { try member.group.flush() }
        member.group.membership = .leaving
        #expect(throws: SpreadError.illegalGroup) { try member.group.flush() }
        // FL-10: who leaves still gets data, and is asked nothing.
        member.data("#b#x")
        member.view(Service.causedByDisconnect, ["#a#x", "#b#x"], ["#c#x"])
        #expect(member.taken() == [Service.fifo, Service.transition])
        #expect(member.group.toGroup.isEmpty)
    }

    @Test("FLB-3: messages too short to be what they say are none")
    func short() {
        for length in 0..<46 {
            let body = [UInt8](repeating: 65, count: length)
            for service in [Service.fifo, Service.fifo | FlushWire.subgroup] {
                for type in [FlushWire.vulnerable, 5] {
                    let data = FlushData(
                        OwnedMessage(
                            service: service, sender: Member.name("#a#x"), groups: [Member.name("g")],
                            messageType: type, isFromOtherOrder: true, body: body))
                    let least = (type == 5 ? 0 : 14) + (service == Service.fifo ? 0 : 32)
                    #expect((data == nil) == (length < least))
                }
            }
            #expect((FlushWire.identity(body, at: 0, swapped: true) == nil) == (length < 12))
        }
    }
}
