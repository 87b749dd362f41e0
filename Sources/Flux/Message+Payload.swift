// What a message carries: bytes, or text with its NUL, or the text of a JSON object.
import Bytes
import CLibc
import JSON
import Sockets

extension Message {
    public var hasPayload: Bool { flags.contains(.payload) }

    /// nothing and no bytes take it away.
    public func setPayload(_ payload: Slice?) {
        parsed = nil
        guard let payload, payload.count > 0 else {
            self.payload = nil
            proto.flags.remove(.payload)
            return
        }
        self.payload = payload
        proto.flags.insert(.payload)
    }

    /// As C would: the text and a NUL.
    public func setText(_ text: [UInt8]) {
        // Safety: the pointer is used within the closure.
        text.withUnsafeBytes { setText($0) }
    }

    public func setText(_ text: UnsafeRawBufferPointer) {
        setPayload(
            Slice(count: text.count + 1) { room in
                room.copyMemory(from: text)
                room[text.count] = 0
            })
    }

    /// - Throws: EPROTO when there is none.
    public func requirePayload() throws(Errno) -> Slice {
        guard hasPayload, let payload else { throw Errno(code: EPROTO) }
        return payload
    }

    /// The text without its NUL; nil without a payload.
    /// - Throws: EPROTO when the payload does not end with NUL.
    public func textPayload() throws(Errno) -> Slice? {
        guard hasPayload, let payload else { return nil }
        guard payload.last == 0 else { throw Errno(code: EPROTO) }
        return payload.withoutLast
    }

    // MARK: JSON

    public func setJSON(_ value: JSON) {
        setText(value.text())
    }

    /// The object that the payload says, parsed once and kept; `lastError` says why not.
    /// - Throws: EPROTO.
    public func json() throws(Errno) -> JSON {
        if let parsed { return parsed }
        guard let text = try textPayloadNoted() else { throw refuse(Slice("message does not have a string payload")) }
        // What C would call the text ends with the first NUL.
        let length = strnlen(text.pointer.assumingMemoryBound(to: CChar.self), text.count)
        var reason: [UInt8] = []
        let bytes = UnsafeRawBufferPointer(start: text.pointer, count: length)
        guard let value = JSON(parsing: bytes, reason: &reason) else { throw refuse(Slice(reason)) }
        guard value.isObject else { throw refuse(Slice("message payload is not a JSON object")) }
        parsed = value
        return value
    }

    private func textPayloadNoted() throws(Errno) -> Slice? {
        do {
            return try textPayload()
        } catch {
            throw refuse(Slice("message payload does not end with NUL"))
        }
    }

    private func refuse(_ reason: Slice) -> Errno {
        lastError = reason
        return Errno(code: EPROTO)
    }
}
