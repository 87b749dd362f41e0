import Bytes
import PMIxServer
import PMIxWire

/// What the guard is told: its length and its bytes, in the order of this machine, which both ends are.
enum GuardNote {
    /// To be killed when muster is.
    case group(Int32)
    case forget(Int32)
    /// To be removed when muster is killed, instead of what was said before for the same owner.
    case cleanup(Cleanup)
    /// Has been removed.
    case done(Cleanup)

    init(from reader: inout ByteReader) throws(Malformed) {
        switch try reader.byte() {
        case 0: self = .group(try reader.hostOrder(Int32.self))
        case 1: self = .forget(try reader.hostOrder(Int32.self))
        case 2: self = .cleanup(try Cleanup(from: &reader))
        default: self = .done(try Cleanup(from: &reader))
        }
    }

    func write(to writer: inout ByteWriter) {
        switch self {
        case .group(let group):
            writer.byte(0)
            writer.hostOrder(group)
        case .forget(let group):
            writer.byte(1)
            writer.hostOrder(group)
        case .cleanup(let cleanup):
            writer.byte(2)
            cleanup.write(to: &writer)
        case .done(let cleanup):
            writer.byte(3)
            Cleanup(owner: cleanup.owner, uid: cleanup.uid, gid: cleanup.gid).write(to: &writer)
        }
    }

    var framed: [UInt8] {
        var content = ByteWriter()
        write(to: &content)
        var whole = ByteWriter(reserving: 4 + content.count)
        whole.hostOrder(UInt32(clamping: content.count))
        whole.append(content.bytes)
        return whole.bytes
    }
}

extension Cleanup {
    init(from reader: inout ByteReader) throws(Malformed) {
        let owner: Owner
        if try reader.byte() == 0 {
            owner = .connection(try reader.hostOrder(UInt32.self))
        } else {
            owner = .job(Text(try reader.untilNUL()))
        }
        let uid = try reader.hostOrder(UInt32.self)
        let gid = try reader.hostOrder(UInt32.self)
        let files = try Cleanup.texts(&reader)
        var directories: [Epilog.Directory] = []
        for path in try Cleanup.texts(&reader) {
            let flags = try reader.byte()
            directories.append(
                Epilog.Directory(
                    path: path, isRecursive: flags & 1 != 0, onlyEmpty: flags & 2 != 0, leavesTop: flags & 4 != 0))
        }
        let ignored = try Cleanup.texts(&reader)
        self.init(owner: owner, uid: uid, gid: gid, Epilog(files: files, directories: directories, ignored: ignored))
    }

    func write(to writer: inout ByteWriter) {
        switch owner {
        case .connection(let index):
            writer.byte(0)
            writer.hostOrder(index)
        case .job(let nspace):
            writer.byte(1)
            writer.untilNUL(nspace.bytes)
        }
        writer.hostOrder(uid)
        writer.hostOrder(gid)
        Cleanup.write(epilog.files, to: &writer)
        Cleanup.write(epilog.directories.map { $0.path }, to: &writer)
        for one in epilog.directories {
            writer.byte((one.isRecursive ? 1 : 0) | (one.onlyEmpty ? 2 : 0) | (one.leavesTop ? 4 : 0))
        }
        Cleanup.write(epilog.ignored, to: &writer)
    }

    private static func texts(_ reader: inout ByteReader) throws(Malformed) -> [Text] {
        var texts: [Text] = []
        for _ in 0..<(try reader.hostOrder(UInt32.self)) { texts.append(Text(try reader.untilNUL())) }
        return texts
    }

    private static func write(_ texts: [Text], to writer: inout ByteWriter) {
        writer.hostOrder(UInt32(clamping: texts.count))
        for text in texts { writer.untilNUL(text.bytes) }
    }
}
