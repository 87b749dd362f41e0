/// A node of an ordered group.
public struct NodeID: Hashable, Comparable, Sendable {
    public let value: UInt32

    public init(_ value: UInt32) {
        self.value = value
    }

    public static func < (left: NodeID, right: NodeID) -> Bool { left.value < right.value }
}

/// What a sender asks for its message. An engine may do more than asked, never less.
public enum Guarantee: Int, Comparable, Sendable {
    case reliable, fifo, causal, agreed, safe

    public static func < (left: Guarantee, right: Guarantee) -> Bool { left.rawValue < right.rawValue }
}

/// The nodes that hear one another from here on.
public struct Configuration: Equatable, Sendable {
    /// Never the same for two configurations of a node.
    public let id: UInt64
    public let members: [NodeID]
    /// Those that came here together with this node from its configuration before.
    public let companions: [NodeID]
}

/// Multicast to a group of nodes, this one included, in one order for all. The engines are its subclasses: everything
/// above them is written against this class alone. Used on one thread; the callbacks come on that thread.
open class OrderedGroup {
    public let selfID: NodeID
    /// A message, at its place in the order. What is multicast from here comes behind it.
    public var onDeliver: (Slice, NodeID) -> Void = { _, _ in }
    /// Stands in the same order as the messages do.
    public var onConfiguration: (Configuration) -> Void = { _ in }

    public init(_ selfID: NodeID) {
        self.selfID = selfID
    }

    /// Becomes a member; the first configuration tells of it.
    open func join() {
        fatalError("an engine says how it joins")
    }

    open func multicast(_ message: Slice, _ guarantee: Guarantee) {
        fatalError("an engine says how it multicasts")
    }
}
