import Ordering

/// Someone on this node who is sent messages: a session, or what a test puts in its place.
open class Subscriber {
    /// The private group, "#name#daemon".
    public internal(set) var name: Name
    public internal(set) var wantsMembership: Bool
    /// Sorted; what must be left when the subscriber goes.
    fileprivate(set) var groups: [Name] = []
    /// The last message this subscriber got: one for many groups comes once.
    var lastMessage: UInt64 = 0

    public init(_ name: Name, wantsMembership: Bool) {
        self.name = name
        self.wantsMembership = wantsMembership
    }

    /// The message's bytes stay as they are for as long as somebody holds them.
    open func take(_ message: Slice) {}
}

/// What tells one membership of a group from all others.
struct GroupID: Equatable, Sendable {
    let process: UInt32
    let time: UInt32
    var index: UInt32
}

/// A group that has members.
final class Group {
    let name: Name
    /// Sorted by name: everybody sees the same list.
    fileprivate(set) var members: [Subscriber] = []
    fileprivate(set) var id: GroupID

    init(_ name: Name, _ id: GroupID) {
        self.name = name
        self.id = id
    }

    fileprivate func place(of name: Name) -> Int {
        var low = 0
        var high = members.count
        while low < high {
            let middle = (low + high) / 2
            if members[middle].name < name { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

/// Who is in which group, and what everybody is told about it. Nothing here knows of sockets.
final class Groups {
    private var table: [Name: Group] = [:]
    private let process: UInt32
    private var time: UInt32
    private let mostMembers: Int
    // The group of the message before is most often that of the next.
    private var lastFound: Group?

    /// `process` and `time` begin the ids: two daemons, or two lives of one, must not be given the same.
    init(process: UInt32, time: UInt32, mostMembers: Int = (Header.largestPayload - 56) / Name.byteCount) {
        self.process = process
        self.time = time
        self.mostMembers = mostMembers
    }

    var count: Int { table.count }
    var all: [Group] { table.values.sorted { $0.name < $1.name } }

    func find(_ name: Name) -> Group? {
        if let lastFound, lastFound.name == name { return lastFound }
        let found = table[name]
        if found != nil { lastFound = found }
        return found
    }

    func join(_ subscriber: Subscriber, _ name: Name) {
        let group = find(name) ?? create(name)
        let place = group.place(of: subscriber.name)
        if place < group.members.count, group.members[place] === subscriber { return }
        guard group.members.count < mostMembers else {
            refuse(subscriber, name)
            return
        }
        if !group.members.isEmpty { group.id.index += 1 }
        group.members.insert(subscriber, at: place)
        subscriber.groups.insert(name, at: subscriber.groups.firstIndex { $0 > name } ?? subscriber.groups.count)
        announce(group, ServiceType.causedByJoin, subscriber.name)
    }

    func leave(_ subscriber: Subscriber, _ name: Name) {
        guard let group = remove(subscriber, name) else { return }
        if subscriber.wantsMembership {
            subscriber.take(MessageWriter(ServiceType.causedByLeave, name, groups: 0, data: 0).message)
        }
        announce(group, ServiceType.causedByLeave, subscriber.name)
    }

    /// Out of all groups, as one who will not take anything any more.
    func disconnect(_ subscriber: Subscriber) {
        for name in subscriber.groups {
            guard let group = remove(subscriber, name) else { continue }
            announce(group, ServiceType.causedByDisconnect, subscriber.name)
        }
    }

    // A group that comes back after its last member left is another group: a new time makes its ids new.
    private func create(_ name: Name) -> Group {
        let group = Group(name, GroupID(process: process, time: time, index: 1))
        time &+= 1
        table[name] = group
        lastFound = group
        return group
    }

    /// The group, if the subscriber was in it.
    private func remove(_ subscriber: Subscriber, _ name: Name) -> Group? {
        guard let group = find(name) else { return nil }
        let place = group.place(of: subscriber.name)
        guard place < group.members.count, group.members[place] === subscriber else { return nil }
        group.members.remove(at: place)
        subscriber.groups.removeAll { $0 == name }
        group.id.index += 1
        if group.members.isEmpty {
            table[name] = nil
            lastFound = nil
        }
        return group
    }

    /// The new membership, to every member that wants to know. One message for all.
    private func announce(_ group: Group, _ cause: UInt32, _ changed: Name) {
        let members = group.members
        guard members.contains(where: \.wantsMembership) else { return }
        var writer = MessageWriter(ServiceType.membership | cause, group.name, groups: members.count, data: 56)
        for member in members { writer.name(member.name) }
        for word in [group.id.process, group.id.time, group.id.index, 1, 0, 1] { writer.word(word) }
        writer.name(changed)
        let message = writer.message
        for member in members where member.wantsMembership { member.take(message) }
    }

    /// There is no room for the names of more members in a message.
    private func refuse(_ subscriber: Subscriber, _ name: Name) {
        guard subscriber.wantsMembership else { return }
        var writer = MessageWriter(ServiceType.reject | ServiceType.causedByJoin, subscriber.name, groups: 1, data: 0)
        writer.word(ServiceType.join)
        writer.name(name)
        subscriber.take(writer.message)
    }
}
