// Messages in a row with a place in it, for services that keep the requests they will answer later.

public final class MessageList {
    private var messages: [Message] = []
    /// Where the message stands that was returned last; -1 when none was. Removing steps it back, so that going on
    /// works.
    private var cursor = -1

    public init() {}

    public var count: Int { messages.count }

    public func append(_ message: Message) {
        messages.append(message)
        cursor = -1
    }

    public func prepend(_ message: Message) {
        messages.insert(message, at: 0)
        cursor = -1
    }

    public func first() -> Message? {
        move(to: 0)
    }

    public func last() -> Message? {
        move(to: messages.count - 1)
    }

    /// The one behind the last that was returned, nil behind the end; after that it starts anew.
    public func next() -> Message? {
        move(to: cursor + 1)
    }

    /// Removes the message that was returned last.
    public func removeCurrent() -> Message? {
        guard messages.indices.contains(cursor) else { return nil }
        cursor -= 1
        return messages.remove(at: cursor + 1)
    }

    /// Removes the message that was returned last, else the first.
    public func pop() -> Message? {
        if let message = removeCurrent() { return message }
        return messages.isEmpty ? nil : messages.removeFirst()
    }

    private func move(to place: Int) -> Message? {
        guard messages.indices.contains(place) else {
            cursor = -1
            return nil
        }
        cursor = place
        return messages[place]
    }
}
