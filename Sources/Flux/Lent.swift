import Bytes

/// A text whose address C may keep as long as this object lives: the bytes and a NUL.
public final class LentText {
    public let pointer: UnsafeMutablePointer<CChar>

    public init(_ bytes: [UInt8]) {
        pointer = .allocate(capacity: bytes.count + 1)
        for (place, byte) in bytes.enumerated() { pointer[place] = CChar(bitPattern: byte) }
        pointer[bytes.count] = 0
    }

    public convenience init(_ text: Text) {
        self.init(text.bytes)
    }

    deinit {
        pointer.deallocate()
    }
}
