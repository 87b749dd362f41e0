import Bytes
import CLibc
import PMIxWire
import Sockets
import Testing

@testable import PMIxServer

struct CleanupTests {
    /// A folder with a few files in it, of whoever runs the tests.
    private final class Tree {
        let path: Text
        let uid: UInt32
        let gid = getegid()

        init(_ name: Text) throws {
            path = "/tmp/muster-cleanup-" + name + Text(decimal: ServerFiles.processID())
            _ = ServerFiles.makeDirectories(path + "/a/b")
            for file in ["/a/one", "/a/b/two", "/a/keep"] as [Text] {
                #expect(ServerFiles.write(path + file, "x", mode: 0o600))
            }
            uid = try Sockets.Files.owner(of: path.bytes)
        }

        deinit {
            Removal(uid: uid, gid: gid, isRecursive: true).removeDirectory(path)
        }

        func has(_ name: Text) -> Bool { ServerFiles.exists(path + name) }

        func remove(as user: UInt32, _ directives: [Info]) throws {
            var epilog = Epilog()
            try epilog.add(try CleanupWish(directives))
            epilog.perform(uid: user, gid: gid)
        }

        func link(_ name: Text, to target: Text) {
            #expect(target.withCString { to in (path + name).withCString { symlink(to, $0) } } == 0)
        }
    }

    private func all(_ path: Text) -> [Info] {
        [Info(.registerCleanupDirectory, .string(path)), Info(.cleanupRecursive, .bool(true))]
    }

    @Test("JCTRL-8 what is not its user's stays; JCTRL-7 names that are to be left stay")
    func removing() throws {
        let tree = try Tree("plain")
        try tree.remove(as: tree.uid &+ 1, all(tree.path))
        #expect(tree.has("/a/one"))
        try tree.remove(as: tree.uid, all(tree.path) + [Info(.cleanupIgnore, .string("keep"))])
        #expect(!tree.has("/a/b") && !tree.has("/a/one"))
        #expect(tree.has("/a/keep"))
        try tree.remove(as: tree.uid, all(tree.path))
        #expect(!tree.has(""))
    }

    @Test("JCTRL-8 links lead nowhere: not in a directory, not as one, not on the way to one")
    func links() throws {
        let (tree, other) = (try Tree("links"), try Tree("other"))
        tree.link("/a/out", to: other.path)
        tree.link("/top", to: other.path)
        // A link somebody has put on the way: where the test runs as root it is made to belong to another user.
        if geteuid() == 0 { #expect((tree.path + "/top").withCString { lchown($0, 1000, 1000) } == 0) }
        try tree.remove(as: other.uid, all(tree.path + "/top"))
        #expect(other.has("/a/one"))
        if geteuid() == 0 {
            try tree.remove(as: other.uid, [Info(.registerCleanup, .string(tree.path + "/top/a/one"))])
            #expect(other.has("/a/one"))
        }
        try tree.remove(as: tree.uid, all(tree.path + "/a"))
        #expect(!tree.has("/a/out"))
        #expect(other.has("/a/one") && other.has("/a/b/two"))
    }

    @Test("JCTRL-8 paths that are not whole, or go back, name nothing")
    func paths() throws {
        let tree = try Tree("paths")
        try tree.remove(as: tree.uid, [Info(.registerCleanup, .string(tree.path + "/a/../a/one"))])
        try tree.remove(as: tree.uid, [Info(.registerCleanup, .string("a/one,,/"))])
        try tree.remove(as: tree.uid, all("/"))
        #expect(tree.has("/a/one"))
        try tree.remove(as: tree.uid, [Info(.registerCleanup, .string(tree.path + "/a/one/"))])
        #expect(!tree.has("/a/one"))
    }

    @Test("JCTRL-8 a server with all rights removes with those of the user", .enabled(if: geteuid() == 0))
    func rights() throws {
        let tree = try Tree("rights")
        #expect((tree.path + "/a/one").withCString { chown($0, 1000, 1000) } == 0)
        // The file is the user's, but the folder is not: the user could not remove it.
        try tree.remove(as: 1000, [Info(.registerCleanup, .string(tree.path + "/a/one"))])
        #expect(tree.has("/a/one"))
        #expect((tree.path + "/a").withCString { chmod($0, 0o777) } == 0)
        #expect(tree.path.withCString { chmod($0, 0o755) } == 0)
        try tree.remove(as: 1000, [Info(.registerCleanup, .string(tree.path + "/a/one"))])
        #expect(!tree.has("/a/one"))
        #expect(ServerFiles.write(tree.path + "/a/more", "x", mode: 0o600))
        try tree.remove(as: tree.uid, [Info(.registerCleanup, .string(tree.path + "/a/more"))])
        #expect(!tree.has("/a/more"), "and has its own again afterwards")
    }

    @Test("JCTRL-4 JCTRL-6 what cannot be a path, and what is to go and to stay")
    func conflicts() throws {
        #expect(throws: Status.badParameter) { _ = try CleanupWish([Info(.registerCleanup, .bool(true))]) }
        var epilog = Epilog()
        try epilog.add(try CleanupWish([Info(.cleanupIgnore, .string("/x"))]))
        #expect(throws: Status.conflictingCleanupDirectives) {
            try epilog.add(try CleanupWish([Info(.registerCleanupDirectory, .string("/x/"))]))
        }
        #expect(epilog.directories.isEmpty)
        try epilog.add(try CleanupWish([Info(.registerCleanupDirectory, .string("/y"))]))
        try epilog.add(try CleanupWish(all("/y")))
        #expect(epilog.directories.count == 1 && epilog.directories[0].isRecursive, "JCTRL-5")
        #expect(try CleanupWish([Info("pmix.jctrl.kill", .bool(true))]).count == 0)
    }
}
