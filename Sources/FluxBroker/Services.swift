// What the broker itself answers: a table from topics to code, with the roles that may ask.
import Bytes
import CLibc
import Flux
import JSON
import Sockets

/// Why a request fails, as the response says it.
struct ServiceFailure: Error {
    let code: Int32
    var text: String?

    init(_ code: Int32, _ text: String? = nil) {
        self.code = code
        self.text = text
    }

    /// EPROTO: what was sent is not what the topic wants.
    static let malformed = ServiceFailure(71)
}

/// A request that reached the broker.
final class Request {
    let message: Message
    let topic: String
    private unowned let broker: Broker
    private(set) lazy var json: JSON? = try? message.json()

    init(_ message: Message, topic: String, _ broker: Broker) {
        self.message = message
        self.topic = topic
        self.broker = broker
    }

    var userID: UInt32 { message.credentials.userid }
    var isOwner: Bool { message.credentials.roles.contains(.owner) }
    var isStreaming: Bool { message.isStreaming }
    var matchtag: UInt32 { message.matchtag }

    func object() throws(ServiceFailure) -> JSON {
        guard let json else { throw .malformed }
        return json
    }

    /// Whether both come from the same place, and it has this matchtag when one is given.
    func isOf(sender other: Request, matchtag: Int64? = nil) -> Bool {
        if let matchtag, Int64(self.matchtag) != matchtag { return false }
        return message.routes == other.message.routes
    }

    // MARK: Answers

    func respond(_ json: JSON? = nil) {
        respond(text: json?.text())
    }

    /// Text gets its NUL.
    func respond(text: [UInt8]?) {
        guard let response = makeResponse() else { return }
        if let text { response.setText(text) }
        broker.answer(response)
    }

    func respond(raw: [UInt8]) {
        guard let response = makeResponse() else { return }
        response.setPayload(Slice(raw))
        broker.answer(response)
    }

    func fail(_ code: Int32, _ text: String? = nil) {
        guard let response = makeResponse() else { return }
        response.errnum = code
        if let text { response.setText(Array(text.utf8)) }
        broker.answer(response)
    }

    private func makeResponse() -> Message? {
        message.isNoResponse || message.matchtag == 0 ? nil : broker.response(to: message)
    }
}

final class Services {
    enum Access {
        case any, user, owner

        func allows(_ credentials: Credentials) -> Bool {
            switch self {
            case .any: true
            case .user: !credentials.roles.isDisjoint(with: [.owner, .user])
            case .owner: credentials.roles.contains(.owner)
            }
        }
    }

    typealias Method = (Request) throws -> Void

    private var methods: [Slice: (access: Access, call: Method)] = [:]
    private(set) var names: Set<String> = []

    func add(_ topic: String, _ access: Access, _ call: @escaping Method) {
        methods[Slice(topic)] = (access, call)
        if let dot = topic.lastIndex(of: ".") { names.insert(String(topic[..<dot])) }
    }

    func has(_ service: String) -> Bool { names.contains(service) }

    /// Whether somebody answers, or has to.
    func call(_ topic: Slice, _ request: Request) -> Bool {
        guard let method = methods[topic] else { return false }
        guard method.access.allows(request.message.credentials) else {
            let isForUsers = if case .user = method.access { true } else { false }
            request.fail(1, isForUsers ? "Request rejected due to insufficient privilege" : Services.ownersOnly)
            return true
        }
        do {
            try method.call(request)
        } catch let failure as ServiceFailure {
            request.fail(failure.code, failure.text)
        } catch {
            request.fail(EIO, String(describing: error))
        }
        return true
    }

    private static let ownersOnly = "Request requires owner credentials"
}
