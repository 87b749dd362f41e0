/// Why a sequence of bytes from outside was refused. Nothing here knows a protocol: each protocol maps these to its
/// own codes.
public enum Malformed: Error, Equatable {
    /// The next field needs more bytes than are left.
    case pastEnd
    /// An integer does not fit the type the field has.
    case overflow
    /// A count or a length no sender can mean: negative, or more elements than bytes are left.
    case count
    /// A string whose last byte is not NUL, or with a NUL before its end.
    case string
    /// A type code nobody has defined, or one that cannot stand here.
    case type(UInt16)
    /// Values nested deeper than any real sender nests them.
    case depth
}
