// `interthread://NAME`: two handles of one process, each usually in a thread of its own. The first one to open the name waits
// for the second; a third is refused. What one sent stays for the other when it closes.
import Bytes
import CLibc
import Sockets

/// Two queues under a name, one for each direction.
private final class Channel {
    let name: Text
    let queues = (MessageQueue(isShared: true), MessageQueue(isShared: true))
    var useCount = 1

    init(_ name: Text) {
        self.name = name
    }
}

private final class Channels: @unchecked Sendable {
    static let shared = Channels()

    private let lock = Lock()
    private var all: [Channel] = []

    /// The channel, and whether it was there already.
    /// - Throws: EADDRINUSE when it has both its ends.
    func open(_ name: Text) throws(Errno) -> (Channel, Bool) {
        try lock.withLock { () throws(Errno) in
            for channel in all where channel.name == name {
                guard channel.useCount < 2 else { throw Errno(code: EADDRINUSE) }
                channel.useCount += 1
                return (channel, true)
            }
            let made = Channel(name)
            all.append(made)
            return (made, false)
        }
    }

    func close(_ channel: Channel) {
        lock.withLock {
            channel.useCount -= 1
            if channel.useCount == 0 { all.removeAll { $0 === channel } }
        }
    }
}

public final class InterthreadConnector: Connector {
    private let channel: Channel
    private let outgoing: MessageQueue
    private let incoming: MessageQueue
    private let credentials = Credentials(userid: getuid(), roles: [.owner, .local])
    /// The name under which this end puts itself into the routes of what it sends.
    private var router: Slice?

    init(name: Text) throws(Errno) {
        let (channel, isSecond) = try Channels.shared.open(name)
        self.channel = channel
        outgoing = isSecond ? channel.queues.1 : channel.queues.0
        incoming = isSecond ? channel.queues.0 : channel.queues.1
        super.init()
    }

    override func send(_ message: Message, isBlocking: Bool) throws(Errno) {
        try send(giving: message.copy(), isBlocking: isBlocking)
    }

    override func send(giving message: Message, isBlocking: Bool) throws(Errno) {
        if message.credentials == .unknown { message.credentials = credentials }
        if let router { try route(message, router) }
        message.clearAux()
        try outgoing.append(message)
    }

    /// A response goes back the way it came; everything else remembers its way.
    private func route(_ message: Message, _ name: Slice) throws(Errno) {
        switch message.type {
        case .response:
            try message.deleteLastRoute()
        case .request, .event:
            message.enableRoutes()
            try message.pushRoute(name)
        case .control:
            break
        }
    }

    override func receive(isBlocking: Bool) throws(Errno) -> Message {
        while true {
            if let message = incoming.removeFirst() {
                if router != nil { try route(message, Slice(channel.name)) }
                return message
            }
            guard isBlocking else { throw Errno(code: EAGAIN) }
            var entry = pollfd(fd: try incoming.pollDescriptor(), events: Int16(POLLIN), revents: 0)
            // The queue may have got something since; asking makes the descriptor say so anew.
            if incoming.pollEvents() & Poll.input != 0 { continue }
            if poll(&entry, 1, -1) < 0, clibc_errno() != EINTR { throw Errno(code: clibc_errno()) }
        }
    }

    override func pollDescriptor() throws(Errno) -> Int32? { try incoming.pollDescriptor() }
    override var pollMask: Int32 { Int32(POLLIN) }
    override func pollEvents() throws(Errno) -> Int32 { incoming.pollEvents() }
    override var hasReceived: Bool { !incoming.isEmpty }

    override func getOption(_ name: Text, into room: UnsafeMutableRawBufferPointer) throws(Errno) {
        if name == ConnectorOption.receiveQueueCount {
            try ConnectorOption.write(incoming.count, into: room)
        } else if name == ConnectorOption.sendQueueCount {
            try ConnectorOption.write(outgoing.count, into: room)
        } else if name == ConnectorOption.pollEvents {
            try ConnectorOption.write(Int32(POLLIN), into: room)
        } else {
            throw Errno(code: EINVAL)
        }
    }

    override func setOption(_ name: Text, _ value: UnsafeRawBufferPointer) throws(Errno) {
        guard name == ConnectorOption.routerName, value.baseAddress != nil else { throw Errno(code: EINVAL) }
        let end = value.firstIndex(of: 0) ?? value.count
        router = Slice(copying: UnsafeRawBufferPointer(rebasing: value[..<end]))
    }

    override func close() {
        Channels.shared.close(channel)
    }
}
