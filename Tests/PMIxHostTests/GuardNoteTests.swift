import Bytes
import PMIxServer
import PMIxWire
import Testing

@testable import PMIxHost

@Suite("what the guard is told")
struct GuardNoteTests {
    private func reread(_ note: GuardNote) throws(Malformed) -> GuardNote {
        let bytes = note.framed
        var reader = ByteReader(bytes.span.bytes)
        let size = try reader.hostOrder(UInt32.self)
        #expect(size == UInt32(bytes.count - 4))
        let read = try GuardNote(from: &reader)
        let rest = reader.remaining
        #expect(rest == 0)
        return read
    }

    @Test("groups of processes come through")
    func groups() throws {
        guard case .group(4711) = try reread(.group(4711)) else { return #expect(Bool(false)) }
        guard case .forget(4711) = try reread(.forget(4711)) else { return #expect(Bool(false)) }
    }

    @Test("what is to be removed comes through, with all its directives")
    func cleanups() throws {
        let directory = Epilog.Directory(path: "/tmp/d", isRecursive: true, onlyEmpty: false, leavesTop: true)
        let epilog = Epilog(files: ["/tmp/a", "/tmp/b"], directories: [directory], ignored: ["/tmp/d/c"])
        let cleanup = Cleanup(owner: .job("some.job"), uid: 7, gid: 8, epilog)
        guard case .cleanup(let read) = try reread(.cleanup(cleanup)) else { return #expect(Bool(false)) }
        #expect(read.owner == cleanup.owner && read.uid == 7 && read.gid == 8)
        #expect(read.epilog.files == ["/tmp/a", "/tmp/b"] && read.epilog.ignored == ["/tmp/d/c"])
        #expect(read.epilog.directories.map { $0.path } == ["/tmp/d"])
        #expect(read.epilog.directories.allSatisfy { $0.isRecursive && !$0.onlyEmpty && $0.leavesTop })
    }

    @Test("what has been removed is named by its owner alone")
    func done() throws {
        let cleanup = Cleanup(owner: .connection(3), uid: 1, gid: 2, Epilog(files: ["/tmp/a"]))
        guard case .done(let read) = try reread(.done(cleanup)) else { return #expect(Bool(false)) }
        #expect(read.owner == .connection(3) && read.uid == 1 && read.epilog.files.isEmpty)
    }

    @Test("half a note is none")
    func halves() {
        let bytes = GuardNote.cleanup(Cleanup(owner: .job("j"), uid: 1, gid: 2, Epilog(files: ["/tmp/a"]))).framed
        for count in 4..<bytes.count {
            var reader = ByteReader(bytes.span.bytes.extracting(4..<count))
            let note = try? GuardNote(from: &reader)
            #expect(note == nil)
        }
    }
}
