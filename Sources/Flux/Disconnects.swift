// What a service does with requests it has not answered yet when their sender goes or changes its mind.
import CLibc
import JSON
import Sockets

extension Message {
    /// Whether this disconnect request is about the sender of another one, from somebody who may say so.
    public func disconnects(_ other: Message) -> Bool {
        guard isSameFirstRoute(as: other) else { return false }
        do {
            try credentials.authorize(other.credentials.userid)
            return true
        } catch {
            return false
        }
    }

    /// Whether this cancel request is about another one: same sender, and that one's tag.
    public func cancels(_ other: Message) -> Bool {
        guard disconnects(other), type == .request else { return false }
        do {
            guard let tag = try json()["matchtag"]?.integer else { return false }
            return UInt32(truncatingIfNeeded: tag) == other.matchtag
        } catch {
            return false
        }
    }
}

extension Handle {
    /// Ends the first of these requests that this one cancels, and takes it away: how many that were.
    public func cancel(_ cancellation: Message, in list: MessageList) throws(Errno) -> Int {
        var item = list.first()
        while let message = item {
            if cancellation.cancels(message) {
                try respond(to: message, error: ENODATA)
                _ = list.removeCurrent()
                return 1
            }
            item = list.next()
        }
        return 0
    }
}

extension MessageList {
    /// Takes away what the sender of a disconnect request has asked for: how many that were.
    public func disconnect(_ request: Message) -> Int {
        var count = 0
        var item = first()
        while let message = item {
            if request.disconnects(message) {
                _ = removeCurrent()
                count += 1
            }
            item = next()
        }
        return count
    }
}
