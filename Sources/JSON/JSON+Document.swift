import CJansson

extension JSON {
    /// Where and why a text is no JSON.
    public struct Problem {
        public var column = 0
        public var text = ""

        public init() {}
    }

    /// The object or array that a text says.
    public convenience init?(document: [UInt8], problem: inout Problem) {
        var failure = json_error_t()
        let parsed = document.withUnsafeBytes { bytes in
            json_loadb(bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count, 0, &failure)
        }
        guard let parsed else {
            problem.column = Int(failure.column)
            problem.text = withUnsafeBytes(of: &failure.text) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
            return nil
        }
        self.init(adopting: parsed)
    }

    /// Adds the members of another object; of two with one name the other's stays.
    public func merge(_ other: JSON) {
        json_object_update(value, other.value)
    }

    /// Adds the members of another object; where both have an object, its members in turn.
    public func mergeDeeply(_ other: JSON) {
        json_object_update_recursive(value, other.value)
    }
}

extension JSON {
    /// The text of a string, as C reads it. Safety: as long as the value lives, which may be longer than this reference.
    public var lentString: UnsafePointer<CChar>? { json_string_value(value) }
}
