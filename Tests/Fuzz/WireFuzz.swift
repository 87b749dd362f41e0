// libFuzzer's entry for everything in PMIxWire that reads a peer's bytes. The first two bytes of the input choose what
// the rest is read as. What was read must also be writable, and what was written must be readable again.
import Bytes
import PMIxWire

/// The parts of every message there is, requests and answers of each release that differs.
private let shapes: [[Part]] = {
    var shapes: [[Part]] = []
    for release in [Release(3, 2, 5), Release(4, 2, 2)] {
        shapes += [Conversation.notification(server: release), Conversation.output(server: release)]
    }
    for number in UInt8(0)...38 {
        guard let command = Command(rawValue: number) else { continue }
        for release in [Release(4, 2, 2), Release(5, 0, 11), Release(6, 1, 0)] {
            shapes.append(Conversation.request(command, client: release))
            shapes.append(Conversation.answer(command, server: release))
        }
    }
    return shapes
}()

private let dialects = [
    Dialect(integers: .flex, isDescribed: false), Dialect(integers: .flex, isDescribed: true),
    Dialect(integers: .fixed, isDescribed: false), Dialect(integers: .fixed, isDescribed: true),
]

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard count >= 2, let start else { return 0 }
    let input = Array(UnsafeBufferPointer(start: start, count: count))
    let rest = Array(input[2...])
    let dialect = dialects[Int(input[0] & 3)]
    switch input[0] >> 2 {
    case 0: handshake(rest)
    case 1: _ = try? ModexBlob.read(rest)
    case 2: lists(Text(rest))
    case 3: framing(rest)
    case 4: array(rest, dialect, UInt16(input[1]))
    default: message(rest, dialect, shapes[Int(input[1]) % shapes.count])
    }
    return 0
}

private func message(_ bytes: [UInt8], _ dialect: Dialect, _ shape: [Part]) {
    guard let again = try? rewrite(bytes, dialect, shape) else { return }
    guard let third = try? rewrite(again, dialect, shape) else { fatalError("unreadable after writing") }
    precondition(third == again, "written differently the second time")
}

private func array(_ bytes: [UInt8], _ dialect: Dialect, _ code: UInt16) {
    guard let type = DataType(rawValue: code) else { return }
    _ = try? bytes.unpack(dialect) { (unpacker) throws(Malformed) in try unpacker.items(type) }
}

private func handshake(_ payload: [UInt8]) {
    guard let handshake = try? Handshake(payload: payload) else { return }
    let again = handshake.bytes()
    guard let second = try? Handshake(payload: Array(again[Header.byteCount...])) else {
        fatalError("unreadable after writing")
    }
    precondition(second.bytes() == again, "written differently the second time")
}

private func lists(_ text: Text) {
    _ = try? NodeMap.nodes(text)
    _ = try? NodeMap.ranks(text)
    let regex = NodeMap.regex(text)
    // Brackets within a name are the one thing the compressed form cannot carry.
    if text.bytes.contains(where: { $0 == 0x5b || $0 == 0x5d }) || text.hasPrefix("raw:") { return }
    guard let names = try? NodeMap.nodes(regex) else { fatalError("no names in our own regex") }
    precondition(names.count == text.split(0x2c).count, "names lost")
}

private func framing(_ stream: [UInt8]) {
    var framing = Framing(largest: 1 << 16)
    var position = 0
    while position < stream.count {
        let end = min(stream.count, position + 1 + Int(stream[position] & 31))
        framing.append(stream[position..<end])
        position = end
        do {
            while try framing.next() != nil {}
        } catch {
            return
        }
    }
}
