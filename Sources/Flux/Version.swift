// The release whose interface and wire format this is.

public enum Version {
    public static let major: Int32 = 0
    public static let minor: Int32 = 88
    public static let patch: Int32 = 0
    public static let text: StaticString = "0.88.0"

    /// As FLUX_CORE_VERSION_HEX writes it.
    public static let number = major << 16 | minor << 8 | patch
}
