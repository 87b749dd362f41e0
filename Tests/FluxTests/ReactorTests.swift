import CLibc
import Sockets
import Testing

@testable import Flux

@Suite("the loop")
struct ReactorTests {
    private final class Log {
        var text = ""
    }

    @Test("a turn: prepare, check by priority, then the rest, the newest first (LOOP-1)")
    func order() throws {
        let reactor = Reactor()
        let log = Log()
        func note(_ name: String) -> (Watcher, Int32) -> Void { { _, _ in log.text += name } }
        let high = CheckWatcher(reactor, note("H"))
        high.setPriority(2)
        let all = [
            PrepareWatcher(reactor, note("p")), PrepareWatcher(reactor, note("q")), CheckWatcher(reactor, note("c")),
            CheckWatcher(reactor, note("d")), high, IdleWatcher(reactor, note("i")),
            TimerWatcher(reactor, after: 0, repeat: 0, note("t")),
        ]
        for watcher in all { watcher.start() }
        _ = try reactor.run(.oneTurnWithoutWaiting)
        #expect(log.text == "qpHdct")
        log.text = ""
        _ = try reactor.run(.oneTurnWithoutWaiting)
        #expect(log.text == "qpHdci")
        for watcher in all { watcher.stop() }
    }

    @Test("an unreferenced watcher has its turn and does not keep the loop running (LOOP-3)")
    func references() throws {
        let reactor = Reactor()
        let log = Log()
        let idle = IdleWatcher(reactor) { _, _ in log.text += "i" }
        idle.unreference()
        idle.start()
        #expect(try reactor.run() == 0)
        #expect(log.text == "i")
        idle.reference()
        let stop = CheckWatcher(reactor) { watcher, _ in watcher.reactor.stop() }
        stop.start()
        #expect(try reactor.run() == 2)
        idle.stop()
        stop.stop()
    }

    @Test("a loop that is stopped with a reason throws it (LOOP-4)")
    func failing() throws {
        let reactor = Reactor()
        let timer = TimerWatcher(reactor, after: 0, repeat: 0) { watcher, _ in
            watcher.reactor.stop(failing: Errno(code: ESRCH))
        }
        timer.start()
        #expect(throws: Errno(code: ESRCH)) { try reactor.run() }
        #expect(try reactor.run() == 0)
    }

    @Test("a thousand timers in any order are due in the order of their times (LOOP-5)")
    func timers() throws {
        let reactor = Reactor()
        var seen: [Int] = []
        var watchers: [TimerWatcher] = []
        for number in 0..<1000 {
            let place = number * 619 % 1000
            let timer = TimerWatcher(reactor, after: Double(place) * 1e-9, repeat: 0) { _, _ in seen.append(place) }
            timer.start()
            watchers.append(timer)
        }
        for timer in watchers where timer.place % 7 == 0 {
            timer.stop()
            timer.start()
        }
        _ = try reactor.run()
        #expect(seen == Array(0..<1000))
    }

    @Test("watching few and many descriptors is the same (LOOP-7)", arguments: [1, 8, 9, 40])
    func descriptors(_ count: Int) throws {
        let reactor = Reactor()
        var heard = 0
        var ends: [Int32] = []
        var watchers: [DescriptorWatcher] = []
        for _ in 0..<count {
            var pair: [Int32] = [-1, -1]
            #expect(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &pair) == 0)
            let watcher = DescriptorWatcher(reactor, descriptor: pair[0], events: Poll.input) { watcher, events in
                #expect(events == Poll.input)
                heard += 1
                watcher.stop()
            }
            watcher.start()
            watchers.append(watcher)
            ends += pair
        }
        _ = try reactor.run(.oneTurnWithoutWaiting)
        #expect(heard == 0)
        for end in stride(from: 1, to: ends.count, by: 2) { #expect(write(ends[end], "x", 1) == 1) }
        #expect(try reactor.run() == 0)
        #expect(heard == count)
        for end in ends { close(end) }
    }

    @Test("a watcher that is stopped while it is due is not called (LOOP-1)")
    func stopped() throws {
        let reactor = Reactor()
        let log = Log()
        let timer = TimerWatcher(reactor, after: 0, repeat: 0) { _, _ in log.text += "t" }
        let check = CheckWatcher(reactor) { _, _ in timer.stop() }
        timer.start()
        check.start()
        _ = try reactor.run(.oneTurnWithoutWaiting)
        #expect(log.text.isEmpty)
        check.stop()
    }
}
