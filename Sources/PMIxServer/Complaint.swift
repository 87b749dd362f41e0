import Bytes

/// What its user has to know of a server that does not start, or not as it was told to: one line on stderr.
public enum Complaint {
    public static func say(_ text: String) {
        _ = ServerFiles.writeAll(2, Array(("libpmix[" + String(ServerFiles.processID()) + "]: " + text + "\n").utf8))
    }
}
