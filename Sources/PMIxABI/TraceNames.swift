// What a program made of the library's parts lacks otherwise: the names that headers have for things, lent to what is said
// of messages, and what functions there are and which attributes they take.
import Bytes
import CLibc
import CPMIx
import PMIxWire

/// The library does so by itself; a program made of its parts has to call this once.
public func nameTraceInWords() {
    let plain = Printer(nil)
    Trace.words = (
        plain: { plain.plain($0, $1) },
        key: { key in
            let string = key.newCString()
            defer { free(string) }
            return Text(copying: PMIx_Get_attribute_name(string)) ?? key
        }
    )
}

/// The answer to a query of PMIX_QUERY_ATTRIBUTE_SUPPORT, of a server or of its clients and tools.
public func attributeSupport(_ query: Query, ofServer: Bool) -> [Info] {
    AttributeRegistry.shared.answers(to: query, from: ofServer ? [.server] : [.client, .tool])
}
