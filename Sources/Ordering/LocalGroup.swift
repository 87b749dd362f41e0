/// A group of one node: the order is that of the calls. Every guarantee holds at once, since everyone has a message
/// when this node has it.
public final class LocalGroup: OrderedGroup {
    private var waiting: [Slice] = []
    private var isDelivering = false
    private let configurationID: UInt64

    public init(configurationID: UInt64) {
        self.configurationID = configurationID
        super.init(NodeID(1))
    }

    public override func join() {
        onConfiguration(Configuration(id: configurationID, members: [selfID], companions: [selfID]))
    }

    /// Delivers before it returns, unless a delivery is what calls it: then after that one.
    public override func multicast(_ message: Slice, _ guarantee: Guarantee) {
        guard !isDelivering else {
            waiting.append(message)
            return
        }
        isDelivering = true
        onDeliver(message, selfID)
        while !waiting.isEmpty {
            let next = waiting
            waiting = []
            for message in next { onDeliver(message, selfID) }
        }
        isDelivering = false
    }
}
