import Flux
import JSON
import Testing

@testable import FluxBroker

struct KVStoreTests {
    @Test(
        "SHA-1 has the digests of FIPS 180",
        arguments: [
            ("", "sha1-da39a3ee5e6b4b0d3255bfef95601890afd80709"),
            ("abc", "sha1-a9993e364706816aba3e25717850c26c9cd0d89d"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "sha1-84983e441c3bd26ebaae4aa1f95129e5e54670f1"
            ),
            (String(repeating: "a", count: 1000), "sha1-291e9a6c66994949b57ba5e650361e98fc36b1ba"),
        ])
    func hashes(text: String, reference: String) {
        #expect(BlobReference(of: Array(text.utf8)).text == reference)
        #expect(BlobReference(digest: SHA1.digest(Array(text.utf8)))?.digest == SHA1.digest(Array(text.utf8)))
    }

    @Test("the empty directory has the reference that the original gives it")
    func emptyDirectory() {
        #expect(TreeObject.emptyDirectory.text == "sha1-c0a9faf907dda6216fd73bf81d0b3b21a1a8cb91")
    }

    @Test(
        "objects that RFC 11 does not know are refused",
        arguments: [
            "{}", #"{"ver":2,"type":"val","data":""}"#, #"{"ver":1,"type":"val","data":1}"#,
            #"{"ver":1,"type":"valref","data":[]}"#, #"{"ver":1,"type":"valref","data":["sha1-12"]}"#,
            #"{"ver":1,"type":"dirref","data":["sha1-zz"]}"#, #"{"ver":1,"type":"dir","data":{"a":1}}"#,
            #"{"ver":1,"type":"symlink","data":{}}"#, #"{"ver":1,"type":"nothing","data":""}"#,
            #"{"ver":1,"type":"symlink","data":{"target":"a","namespace":1}}"#,
        ])
    func refused(text: String) throws {
        #expect(TreeObject(try #require(JSON(parsing: Array(text.utf8)))) == nil)
    }

    private func store() throws -> KVStore {
        try KVStore(ContentStore(nil), owner: 7)
    }

    private func put(_ key: String, _ text: String, isAppend: Bool = false) -> KVSOperation {
        KVSOperation(key: key, isAppend: isAppend, object: .value(Base64.encode(Array(text.utf8))))
    }

    private func get(_ store: KVStore, _ key: String, _ flags: LookupFlags = []) throws -> TreeObject {
        try store.lookup(store.namespace("primary").root, key, flags) { _ in true }
    }

    @Test("what is put is found, and the sequence counts")
    func putting() throws {
        let store = try store()
        let after = try store.commit("primary", [put("a.b.c", "1"), put("a.d", "2")])
        #expect(after.sequence == 1)
        #expect(try get(store, "a.b.c") == .value(Base64.encode([49])))
        #expect(throws: KVSFailure(21)) { try get(store, "a.b") }
        #expect(throws: KVSFailure(20)) { try get(store, "a.d", .directory) }
    }

    @Test("an old root still reads what stood there")
    func oldRoot() throws {
        let store = try store()
        let before = try store.commit("primary", [put("k", "old")]).root
        _ = try store.commit("primary", [put("k", "new")])
        #expect(try store.lookup(before, "k", []) { _ in true } == .value(Base64.encode(Array("old".utf8))))
    }

    @Test("a commit that fails changes nothing")
    func atomic() throws {
        let store = try store()
        let before = try store.commit("primary", [put("a.b", "1")])
        #expect(throws: KVSFailure(21)) {
            try store.commit("primary", [put("x", "2"), put("a", "3", isAppend: true)])
        }
        #expect(try store.namespace("primary").root == before.root)
        #expect(throws: KVSFailure(2)) { try get(store, "x") }
    }

    @Test("an appended value grows by blobs")
    func appending() throws {
        let store = try store()
        _ = try store.commit("primary", (0..<5).map { put("log", String($0), isAppend: true) })
        #expect(try get(store, "log") == .value(Base64.encode(Array("01234".utf8))))
        guard case .valueReferences(let blobs) = try get(store, "log", .treeObject) else {
            Issue.record("it is no list of blobs")
            return
        }
        #expect(blobs.count == 5)
    }

    @Test("links lead on, in circles they end")
    func links() throws {
        let store = try store()
        func link(_ key: String, _ target: String) -> KVSOperation {
            KVSOperation(key: key, isAppend: false, object: .link(target: target, namespace: nil))
        }
        _ = try store.commit("primary", [put("d.x", "1"), link("to", "d"), link("a", "b"), link("b", "a")])
        #expect(try get(store, "to.x") == .value(Base64.encode([49])))
        #expect(throws: KVSFailure(40)) { try get(store, "a") }
        #expect(throws: KVSFailure(40)) { try store.commit("primary", [put("a.x", "1")]) }
        _ = try store.commit("primary", [put("to.y", "2")])
        #expect(try get(store, "d.y") == .value(Base64.encode([50])))
    }
}
