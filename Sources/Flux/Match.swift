// Which messages somebody wants: by type, by tag, by topic.
import Bytes
import CLibc
import Sockets

/// A topic, or a pattern in the manner of the shell.
public enum TopicGlob {
    case any
    case exact(Slice)
    /// Followed by NUL.
    case pattern(Slice)

    /// nil, nothing and a lone star match every message, also one without a topic.
    public init(_ glob: Slice?) {
        guard let glob, glob.count > 0, !(glob.count == 1 && glob.last == UInt8(ascii: "*")) else {
            self = .any
            return
        }
        let isPattern = glob.raw.contains { byte in
            byte == UInt8(ascii: "*") || byte == UInt8(ascii: "?") || byte == UInt8(ascii: "[")
        }
        self = isPattern ? .pattern(glob) : .exact(glob)
    }

    public var isAny: Bool {
        if case .any = self { return true }
        return false
    }

    public func matches(_ topic: Slice) -> Bool {
        switch self {
        case .any: true
        case .exact(let wanted): wanted == topic
        case .pattern(let pattern): TopicGlob.fits(pattern.pointer, topic)
        }
    }

    /// Safety: NUL stands behind both.
    static func fits(_ pattern: UnsafeRawPointer, _ topic: Slice) -> Bool {
        fnmatch(
            pattern.assumingMemoryBound(to: CChar.self), topic.pointer.assumingMemoryBound(to: CChar.self), 0) == 0
    }
}

public struct Match {
    /// Of `MessageType`s' values; 0 for all.
    public var types: Int32
    /// 0 for any.
    public var matchtag: UInt32
    public var glob: TopicGlob

    public init(types: Int32 = 0, matchtag: UInt32 = 0, glob: TopicGlob = .any) {
        self.types = types
        self.matchtag = matchtag
        self.glob = glob
    }
}

extension Message {
    /// A tag means something to the one who gave it only: with routes left the message is somebody else's.
    public func hasMatchtag(_ tag: UInt32) -> Bool {
        guard type == .request || type == .response else { return false }
        return (!hasRoutes || routes.isEmpty) && matchtag == tag
    }

    public func matches(_ match: Match) -> Bool {
        if match.types != 0, Int32(type.rawValue) & match.types == 0 { return false }
        if match.matchtag != 0, !hasMatchtag(match.matchtag) { return false }
        if match.glob.isAny { return true }
        guard flags.contains(.topic), let topic else { return false }
        return match.glob.matches(topic)
    }
}
