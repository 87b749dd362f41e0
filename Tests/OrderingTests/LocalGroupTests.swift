import Testing

@testable import Ordering

@Suite struct LocalGroupTests {
    @Test("a message is delivered at once, and one that a delivery sends comes behind it")
    func order() {
        let group = LocalGroup(configurationID: 1)
        var seen: [[UInt8]] = []
        group.onDeliver = { [unowned group] message, sender in
            #expect(sender == group.selfID)
            if message.bytes == [1] {
                group.multicast(Slice([2]), .fifo)
                group.multicast(Slice([3]), .safe)
            }
            seen.append(message.bytes)
        }
        group.multicast(Slice([1]), .agreed)
        #expect(seen == [[1], [2], [3]])
    }

    @Test("the configuration is this node")
    func configuration() {
        let group = LocalGroup(configurationID: 7)
        var seen: [Configuration] = []
        group.onConfiguration = { seen.append($0) }
        group.join()
        #expect(seen == [Configuration(id: 7, members: [group.selfID], companions: [group.selfID])])
    }

    @Test("a pool hands the memory of a block out again once nobody holds it")
    func pool() {
        let pool = BlockPool(capacity: 64, keeping: 2)
        var first: Block? = pool.take()
        let memory = first?.memory
        let held = first.map { Slice($0, 0, 8) }
        first = nil
        #expect(pool.take().memory != memory)
        #expect(held?.count == 8)
        _ = consume held
        #expect(pool.take().memory == memory)
    }
}
