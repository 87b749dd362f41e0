// Reading and making values in Swift. What is not of the wanted kind reads as nil, so a chain of questions needs one guard.
import CJansson
import CLibc

extension JSON {
    /// Nesting beyond which a text is refused: jansson's own limit is far higher than what a stack of ours likes to free.
    private static let depthLimit = 64

    // MARK: Text

    /// The value that a text says; nil when it is none, or nests too deep.
    public convenience init?(parsing text: [UInt8]) {
        guard !JSON.isTooDeep(text) else { return nil }
        let parsed = text.withUnsafeBytes { bytes in
            json_loadb(bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count, muster_json_any(), nil)
        }
        guard let parsed else { return nil }
        self.init(adopting: parsed)
    }

    /// The value that a text says, to whatever depth jansson goes; nil, and why, when it is none.
    public convenience init?(parsing text: UnsafeRawBufferPointer, reason: inout [UInt8]) {
        var failure = json_error_t()
        let start = text.baseAddress?.assumingMemoryBound(to: CChar.self)
        guard let parsed = json_loadb(start, text.count, muster_json_any(), &failure) else {
            reason = withUnsafeBytes(of: &failure.text) { Array($0.prefix { $0 != 0 }) }
            return nil
        }
        self.init(adopting: parsed)
    }

    /// Brackets outside of strings, counted before anything is built from them.
    private static func isTooDeep(_ text: [UInt8]) -> Bool {
        var depth = 0
        var isString = false
        var isEscaped = false
        for byte in text {
            if isString {
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    isString = false
                }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): isString = true
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
            default: break
            }
            if depth > depthLimit { return true }
        }
        return false
    }

    /// Without spaces; in the order of the names rather than of their making when `isSorted`. Nothing for what JSON cannot
    /// say, such as an infinite number.
    public func text(isSorted: Bool = false) -> [UInt8] {
        guard let text = json_dumps(value, muster_json_compact(isSorted ? 1 : 0)) else { return [] }
        defer { free(text) }
        return Array(UnsafeRawBufferPointer(start: text, count: strlen(text)))
    }

    // MARK: Making

    private convenience init(_ made: UnsafeMutablePointer<json_t>?) {
        // jansson fails here for want of memory alone.
        guard let made else { fatalError("out of memory") }
        self.init(adopting: made)
    }

    public static func object(_ members: [(String, JSON)] = []) -> JSON {
        let made = JSON(json_object())
        for (name, value) in members { made[name] = value }
        return made
    }

    public static func array(_ elements: [JSON] = []) -> JSON {
        let made = JSON(json_array())
        for element in elements { made.append(element) }
        return made
    }

    public static func integer(_ number: some BinaryInteger) -> JSON {
        JSON(json_integer(json_int_t(truncatingIfNeeded: number)))
    }

    public static func real(_ number: Double) -> JSON { JSON(json_real(number)) }

    public static func bool(_ flag: Bool) -> JSON { JSON(flag ? json_true() : json_false()) }

    public static var null: JSON { JSON(json_null()) }

    /// Bytes that are no UTF-8 become the text of nothing.
    public static func string(_ bytes: [UInt8]) -> JSON {
        let made = bytes.withUnsafeBytes { bytes in
            json_stringn(bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count)
        }
        return JSON(made ?? json_string(""))
    }

    public static func string(_ text: String) -> JSON { .string(Array(text.utf8)) }

    /// A value of its own, all the way down.
    public var copy: JSON { JSON(json_deep_copy(value)) }

    // MARK: Kinds

    public var isObject: Bool { value.pointee.type == JSON_OBJECT }
    public var isArray: Bool { value.pointee.type == JSON_ARRAY }
    public var isString: Bool { value.pointee.type == JSON_STRING }
    public var isNull: Bool { value.pointee.type == JSON_NULL }

    public var integer: Int64? { value.pointee.type == JSON_INTEGER ? Int64(json_integer_value(value)) : nil }

    public var bool: Bool? {
        switch value.pointee.type {
        case JSON_TRUE: true
        case JSON_FALSE: false
        default: nil
        }
    }

    /// Of an integer or a real.
    public var number: Double? {
        switch value.pointee.type {
        case JSON_INTEGER, JSON_REAL: json_number_value(value)
        default: nil
        }
    }

    public var bytes: [UInt8]? {
        guard isString, let start = json_string_value(value) else { return nil }
        return Array(UnsafeRawBufferPointer(start: start, count: json_string_length(value)))
    }

    public var string: String? { bytes.map { String(decoding: $0, as: UTF8.self) } }

    public func isSame(as other: JSON) -> Bool { json_equal(value, other.value) != 0 }

    // MARK: Members and elements

    /// A member of an object; setting one of what is no object does nothing, setting nil takes it away.
    public subscript(_ name: String) -> JSON? {
        get {
            guard let found = json_object_get(value, name) else { return nil }
            return JSON(adopting: muster_json_incref(found))
        }
        set {
            guard let newValue else {
                json_object_del(value, name)
                return
            }
            json_object_set_new(value, name, muster_json_incref(newValue.value))
        }
    }

    /// The members' names, in the order of their making.
    public var names: [String] {
        var names: [String] = []
        var place = json_object_iter(value)
        while let here = place {
            if let name = json_object_iter_key(here) { names.append(String(cString: name)) }
            place = json_object_iter_next(value, here)
        }
        return names
    }

    /// Of an array or an object; else 0.
    public var count: Int { isArray ? json_array_size(value) : json_object_size(value) }

    public subscript(_ place: Int) -> JSON? {
        guard place >= 0, let found = json_array_get(value, place) else { return nil }
        return JSON(adopting: muster_json_incref(found))
    }

    public var elements: [JSON] { (0..<(isArray ? count : 0)).compactMap { self[$0] } }

    public func append(_ element: JSON) {
        json_array_append_new(value, muster_json_incref(element.value))
    }
}
