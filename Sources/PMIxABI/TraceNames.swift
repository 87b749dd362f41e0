// The names that headers have for things, lent to what is said of messages.
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
