import Bytes
import PMIxWire
import Testing

@testable import PMIxHost

@Suite struct PublishedDataTests {
    private let one = Proc("job.1", Rank(0))
    private let two = Proc("job.1", Rank(1))
    private let stranger = Proc("job.2", Rank(0))
    private var data = PublishedData()

    private func infos(
        _ key: Key, _ range: DataRange? = nil, _ persistence: UInt64? = nil, _ more: [Info] = []
    ) -> [Info] {
        var infos = [Info(key, .string("value"))]
        if let range { infos.append(Info(.range, Value(.dataRange, .unsigned(UInt64(range.rawValue))))) }
        if let persistence { infos.append(Info(.persistence, Value(.persistence, .unsigned(persistence)))) }
        return infos + more
    }

    private mutating func sees(_ asker: Proc, _ key: Key, _ infos: [Info] = []) -> Bool {
        !data.lookup(asker, [key], infos).isEmpty
    }

    @Test("a range says who sees a value")
    mutating func ranges() {
        let custom = [Info(.eventCustomRange, .procs([Proc("job.2", .wildcard)]))]
        for (range, seers) in [
            (DataRange.processLocal, [one]), (.namespace, [one, two]), (.local, [one, two, stranger]),
            (.session, [one, two, stranger]), (.global, [one, two, stranger]), (.custom, [one, stranger]),
            (.resourceManager, []),
        ] {
            data = PublishedData()
            #expect(data.publish(one, infos("k", range, nil, range == .custom ? custom : [])) == .success)
            for asker in [one, two, stranger] {
                #expect(sees(asker, "k") == seers.contains(asker), "\(range.rawValue) \(asker.description)")
            }
        }
    }

    @Test("a key is published once for those who could not tell the two apart")
    mutating func duplicates() {
        #expect(data.publish(one, infos("k", .namespace)) == .success)
        #expect(data.publish(two, infos("k", .namespace)) == .duplicateKey)
        #expect(data.publish(stranger, infos("k", .namespace)) == .success)
        #expect(data.publish(two, infos("k", .session)) == .success)
        #expect(data.publish(stranger, infos("k", .session)) == .duplicateKey)
        #expect(data.lookup(two, ["k"], []).first?.proc == one)
    }

    @Test("what is refused leaves nothing behind")
    mutating func refused() {
        #expect(data.publish(one, infos("a")) == .success)
        #expect(data.publish(two, infos("b", nil, nil, [Info("a", .bool(true))])) == .duplicateKey)
        #expect(!sees(one, "b"))
        #expect(data.publish(one, []) == .badParameter)
        #expect(data.publish(one, infos("c", .invalid)) == .badParameter)
        #expect(data.publish(one, infos("c", .session, 77)) == .badParameter)
    }

    @Test("a value lasts as long as its persistence says")
    mutating func persistence() {
        for (number, key) in ["indefinite", "read", "process", "application", "session"].enumerated() {
            #expect(data.publish(one, infos(Text(key), .session, UInt64(number))) == .success)
        }
        #expect(sees(two, "read"))
        #expect(!sees(two, "read"))
        data.forget(one)
        #expect(!sees(two, "process"))
        #expect(sees(two, "application"))
        data.forget(one.nspace)
        #expect(!sees(two, "application"))
        #expect(sees(two, "session"))
        #expect(sees(two, "indefinite"))
    }

    @Test("looking does not read")
    mutating func counting() {
        #expect(data.publish(one, infos("k", .session, 1)) == .success)
        #expect(data.count(two, ["k", "other"], []) == 1)
        #expect(data.count(two, ["k", "other"], []) == 1)
    }

    @Test("only its own things are unpublished by a process")
    mutating func unpublishing() {
        #expect(data.publish(one, infos("a")) == .success)
        #expect(data.publish(one, infos("b")) == .success)
        #expect(data.unpublish(two, ["a"], []) == .notFound)
        #expect(data.unpublish(one, ["a"], []) == .success)
        #expect(!sees(one, "a"))
        #expect(data.unpublish(one, [], []) == .success)
        #expect(!sees(one, "b"))
        #expect(data.unpublish(one, [], []) == .success)
    }

    @Test("other users see nothing")
    mutating func users() {
        #expect(data.publish(one, infos("k", .session, nil, [Info(.userID, .uint32(1000))])) == .success)
        #expect(!sees(stranger, "k", [Info(.userID, .uint32(1001))]))
        #expect(sees(stranger, "k", [Info(.userID, .uint32(1000))]))
    }

    @Test("a lookup may be limited to one's own job")
    mutating func limited() {
        #expect(data.publish(one, infos("k")) == .success)
        let own = [Info(.range, Value(.dataRange, .unsigned(UInt64(DataRange.namespace.rawValue))))]
        #expect(sees(two, "k", own))
        #expect(!sees(stranger, "k", own))
    }
}
