// The one place that knows jansson. A `json_t` crosses the interface of libflux-core (the tokens `o` and `O`), so it has to
// be the one of the library that the caller links too.
import CJansson

/// One reference to a value of jansson's, given back at the end. Not for two threads at once: jansson counts with atomics,
/// but a container must not change under another reader.
public final class JSON {
    /// Borrowed: whoever keeps it takes a reference of their own.
    public let value: UnsafeMutablePointer<json_t>

    /// Takes over a reference that was counted for it.
    public init(adopting value: UnsafeMutablePointer<json_t>) {
        self.value = value
    }

    deinit {
        muster_json_decref(value)
    }
}
