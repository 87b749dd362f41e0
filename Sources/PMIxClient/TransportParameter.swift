import Bytes

/// The transport's parameters as the environment gives them: `PMIX_MCA_ptl_tcp_NAME`, or `PMIX_MCA_ptl_base_NAME`, as
/// releases from 4 on call them. What an info says goes before.
public enum TransportParameter {
    public static func text(_ name: Text) -> Text? {
        let value = Process.variable("PMIX_MCA_ptl_tcp_" + name) ?? Process.variable("PMIX_MCA_ptl_base_" + name)
        return value.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// nil for what is no number.
    public static func number(_ name: Text) -> UInt64? {
        text(name)?.decimal
    }

    public static func flag(_ name: Text) -> Bool? {
        guard let text = text(name) else { return nil }
        if let number = text.decimal { return number != 0 }
        let word = text.bytes.map { $0 | 0x20 }
        return ["true", "t", "yes", "y", "enabled"].contains { Array($0.utf8) == word }
    }
}
