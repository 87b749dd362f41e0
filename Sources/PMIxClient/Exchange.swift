import Bytes
import PMIxWire
import Sockets

/// A request and how to read its answer. Each operation is written once, as one of these; whether the caller blocks for the answer or
/// is called back with it is no part of the operation.
public struct Exchange<Answer> {
    let request: [UInt8]
    /// How the request is written: whoever takes another server meanwhile must not send it there.
    let dialect: Dialect
    let deadline: Deadline
    /// What follows the status of a success.
    let read: (inout Unpacker) throws(Malformed) -> Answer
    /// What follows the status of a partial success, where that is an answer.
    var readPartial: ((inout Unpacker) throws(Malformed) -> Answer)?

    init(
        _ packer: Packer, deadline: Deadline = .never,
        _ read: @escaping (inout Unpacker) throws(Malformed) -> Answer
    ) {
        request = packer.bytes
        dialect = packer.dialect
        self.deadline = deadline
        self.read = read
    }

    /// Every answer begins with a status, and ends there when it is no success.
    func answer(_ outcome: Link.Outcome, _ link: Link) throws(Status) -> Answer {
        let payload = try outcome.get()
        // The transport completes what it can no longer answer with an empty message.
        guard !payload.isEmpty else { throw .communicationFailure }
        var status = Status.success
        do throws(Malformed) {
            let answer = try payload.unpack(link.dialect) { (unpacker) throws(Malformed) -> Answer? in
                status = try unpacker.status()
                if status == .queryPartialSuccess, let readPartial { return try readPartial(&unpacker) }
                return status.isSuccess ? try read(&unpacker) : nil
            }
            if let answer { return answer }
        } catch {
            throw link.cannotRead(error)
        }
        throw status
    }
}

extension Exchange where Answer == Void {
    init(_ packer: Packer, deadline: Deadline = .never) {
        self.init(packer, deadline: deadline) { (_) throws(Malformed) in }
    }
}

extension [Info] {
    /// When to give up on PMIX_TIMEOUT's behalf; 0 and absence mean never. The server and its host time the operation; only where
    /// they say nothing does this end the wait, a while later.
    var deadline: Deadline {
        let seconds = self[.timeout]?.asUnsigned ?? 0
        return seconds == 0 ? .never : Deadline(seconds: seconds.addingReportingOverflow(Deadline.grace).partialValue)
    }
}

extension Deadline {
    /// Seconds a server has beyond an operation's own timeout to say that it ran out.
    fileprivate static let grace: UInt64 = 10
}
