import Bytes
import CLibc
import PMIxWire

/// What this process is to its system.
public enum Process {
    public static var effectiveUser: UInt32 { geteuid() }
    public static var effectiveGroup: UInt32 { getegid() }
    public static var pid: Int32 { getpid() }

    /// No process of this machine has this number.
    static func isGone(_ process: Int32) -> Bool {
        process > 0 && kill(process, 0) != 0 && clibc_errno() == ESRCH
    }

    /// A variable of the environment; nil when it is not set.
    public static func variable(_ name: Text) -> Text? {
        // Safety: the bytes get their NUL here, and getenv's answer is copied at once.
        (name.bytes + [0]).withUnsafeBytes { bytes in
            guard let start = bytes.baseAddress, let value = getenv(start.assumingMemoryBound(to: CChar.self)) else {
                return nil
            }
            return Text(cString: value)
        }
    }

    /// The name the server goes by for this node, so that both sides agree, or else the system's without its domain.
    public static var hostname: Text {
        if let named = variable("PMIX_HOSTNAME") { return named }
        var name = [CChar](repeating: 0, count: 256)
        guard gethostname(&name, 255) == 0 else { return "localhost" }
        let bytes = name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        let isAddress = bytes.allSatisfy { $0 == UInt8(ascii: ".") || (0x30...0x39).contains($0) }
        return Text(isAddress ? bytes : Array(bytes.prefix { $0 != UInt8(ascii: ".") }))
    }
}

extension Text {
    init(cString: UnsafePointer<CChar>) {
        self.init(Array(UnsafeRawBufferPointer(start: cString, count: strlen(cString))))
    }
}
