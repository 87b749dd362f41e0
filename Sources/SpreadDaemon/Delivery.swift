import Ordering

/// What the ordered messages do, at each one's place in the order: data goes to whoever is in its groups, the rest
/// changes the groups. A message here is as a client sent it, after `Header.accept`.
final class Delivery {
    let groups: Groups
    private(set) var subscribers: [Name: Subscriber] = [:]
    private var messageNumber: UInt64 = 0

    init(_ groups: Groups) {
        self.groups = groups
    }

    /// From here on the subscriber can be sent to.
    func add(_ subscriber: Subscriber) {
        subscribers[subscriber.name] = subscriber
    }

    func deliver(_ message: Slice) {
        let header = Header(message)
        let type = header.type
        if type & ServiceType.services != 0 {
            deliverData(message, header, type)
            return
        }
        guard let subscriber = subscribers[header.sender] else { return }
        if type & ServiceType.kill != 0 {
            subscribers[subscriber.name] = nil
            groups.disconnect(subscriber)
        } else if type & ServiceType.join != 0 {
            groups.join(subscriber, header.group(0))
        } else {
            groups.leave(subscriber, header.group(0))
        }
    }

    private func deliverData(_ message: Slice, _ header: Header, _ type: UInt32) {
        messageNumber += 1
        let excluded = type & ServiceType.selfDiscard == 0 ? nil : subscribers[header.sender]
        if let excluded { excluded.lastMessage = messageNumber }
        for index in 0..<Int(header.groupCount) {
            let name = header.group(index)
            if name.isPrivate {
                if let subscriber = subscribers[name] { hand(message, to: subscriber) }
            } else if let group = groups.find(name) {
                for member in group.members { hand(message, to: member) }
            }
        }
    }

    @inline(__always)
    private func hand(_ message: Slice, to subscriber: Subscriber) {
        guard subscriber.lastMessage != messageNumber else { return }
        subscriber.lastMessage = messageNumber
        subscriber.take(message)
    }
}
