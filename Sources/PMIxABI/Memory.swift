// Memory that changes hands at the C boundary: what C frees comes from malloc. Strings and argument vectors have their
// conversions here, because every other conversion is made of them.
import Bytes
import CLibc
import PMIxWire

enum Memory {
    /// A block for what must exist: a caller that has no memory for 32 bytes cannot be helped.
    static func block(_ byteCount: Int) -> UnsafeMutableRawPointer {
        guard let block = malloc(max(byteCount, 1)) else { abort() }
        return block
    }

    /// `count` zeroed objects of `size` bytes; nil for none, and without memory (a peer may have chosen the count).
    static func zeroed(_ count: Int, _ size: Int) -> UnsafeMutableRawPointer? {
        count > 0 ? calloc(count, size) : nil
    }

    /// Fills a field of `most` + 1 characters to its end with as much of a string as fits; NULL is an empty one.
    static func fill(_ field: UnsafeMutableRawPointer, most: Int, from string: UnsafePointer<CChar>?) {
        let count = string.map { strnlen($0, most) } ?? 0
        if let string, count > 0 { memmove(field, string, count) }
        memset(field + count, 0, most + 1 - count)
    }

    /// A copy of `count` bytes; nil for none, and without memory.
    static func copy(_ bytes: UnsafeRawPointer?, _ count: Int) -> UnsafeMutableRawPointer? {
        guard let bytes, count > 0, let block = malloc(count) else { return nil }
        memcpy(block, bytes, count)
        return block
    }
}

extension [UInt8] {
    /// The bytes as a block of their own; nil when there are none.
    func newBlock() -> UnsafeMutablePointer<CChar>? {
        withUnsafeBytes { Memory.copy($0.baseAddress, $0.count)?.assumingMemoryBound(to: CChar.self) }
    }

    init(copying bytes: UnsafeRawPointer?, count: Int) {
        guard let bytes, count > 0 else {
            self = []
            return
        }
        self.init(unsafeUninitializedCapacity: count) { buffer, initialized in
            // Safety: the buffer has room for `count` bytes, and the caller vouches for as many.
            UnsafeMutableRawPointer(buffer.baseAddress)?.copyMemory(from: bytes, byteCount: count)
            initialized = count
        }
    }
}

extension Text {
    /// The C string without its NUL; nil for NULL.
    init?(copying string: UnsafePointer<CChar>?) {
        guard let string else { return nil }
        self.init([UInt8](copying: string, count: strlen(string)))
    }

    /// A character field of a struct, which need not end in a NUL.
    init(field: UnsafeRawPointer, most: Int) {
        self.init([UInt8](copying: field, count: strnlen(field.assumingMemoryBound(to: CChar.self), most)))
    }

    /// A key or a namespace given as an argument; nil for NULL and for what no field could hold.
    init?(argument: UnsafePointer<CChar>?, most: Int) {
        guard let argument else { return nil }
        let count = strnlen(argument, most + 1)
        guard count <= most else { return nil }
        self.init([UInt8](copying: argument, count: count))
    }

    /// A key as a function takes it.
    init?(key: UnsafePointer<CChar>?) {
        self.init(argument: key, most: Fields.keyMost)
    }

    /// A namespace as a function takes it.
    init?(nspace: UnsafePointer<CChar>?) {
        self.init(argument: nspace, most: Fields.nspaceMost)
    }

    func newCString() -> UnsafeMutablePointer<CChar> {
        let block = Memory.block(bytes.count + 1)
        bytes.withUnsafeBytes { source in
            if let start = source.baseAddress { memcpy(block, start, source.count) }
        }
        block.storeBytes(of: 0, toByteOffset: bytes.count, as: UInt8.self)
        return block.assumingMemoryBound(to: CChar.self)
    }

    /// Fills a field of `most` + 1 characters to its end: such fields are compared and copied whole.
    func fill(field: UnsafeMutableRawPointer, most: Int) {
        let count = min(bytes.count, most)
        bytes.withUnsafeBytes { source in
            if let start = source.baseAddress { memcpy(field, start, count) }
        }
        memset(field + count, 0, most + 1 - count)
    }
}

extension Text? {
    /// nil becomes NULL.
    func newCString() -> UnsafeMutablePointer<CChar>? {
        guard let text = self else { return nil }
        return text.newCString()
    }
}

typealias Argv = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>

extension [Text] {
    /// A NULL-terminated vector; none for NULL.
    init(argv: Argv?) {
        self = []
        guard let argv else { return }
        var index = 0
        while let text = Text(copying: argv[index]) {
            append(text)
            index += 1
        }
    }

    /// A NULL-terminated vector of malloc'd strings, itself malloc'd; NULL for no strings.
    func newArgv() -> Argv? {
        guard let block = Memory.zeroed(isEmpty ? 0 : count + 1, MemoryLayout<UnsafeMutableRawPointer>.size) else {
            return nil
        }
        let argv = block.assumingMemoryBound(to: UnsafeMutablePointer<CChar>?.self)
        for index in indices { argv[index] = self[index].newCString() }
        return argv
    }
}

/// Appends a copy of the string to a vector of malloc'd strings; without memory it stays as it was.
func append(_ string: UnsafePointer<CChar>, to argv: inout Argv?) {
    var count = 0
    if let argv {
        while argv[count] != nil { count += 1 }
    }
    guard let copy = strdup(string) else { return }
    guard let block = realloc(argv, (count + 2) * MemoryLayout<UnsafeMutableRawPointer>.stride) else {
        free(copy)
        return
    }
    let longer = block.assumingMemoryBound(to: UnsafeMutablePointer<CChar>?.self)
    longer[count] = copy
    longer[count + 1] = nil
    argv = longer
}

func freeArgv(_ argv: Argv?) {
    guard let argv else { return }
    var index = 0
    while let string = argv[index] {
        free(string)
        index += 1
    }
    free(argv)
}
