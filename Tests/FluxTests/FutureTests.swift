import CLibc
import Sockets
import Testing

@testable import Flux

@Suite("futures")
struct FutureTests {
    private func pointer(_ number: Int) -> UnsafeMutableRawPointer? { UnsafeMutableRawPointer(bitPattern: number) }

    @Test("results wait in a row, each freed when it goes (FUT-1)")
    func row() throws {
        let future = Future()
        var freed: [Int] = []
        for number in 1...200 { future.fulfill(pointer(number)) { freed.append(Int(bitPattern: $0)) } }
        for number in 1...150 {
            #expect(try future.get() == pointer(number))
            future.reset()
        }
        #expect(freed == Array(1...150))
        future.dropUse()
        #expect(freed == Array(1...200))
    }

    @Test("a fatal error hides all results and stays (FUT-2)")
    func fatal() {
        let future = Future()
        var freed = 0
        future.fulfill(pointer(1)) { _ in freed += 1 }
        future.fail(Errno(code: EBADF), Array("broken".utf8))
        future.fail(Errno(code: EINTR), nil)
        future.fulfill(pointer(2)) { _ in freed += 1 }
        #expect(freed == 1)
        future.reset()
        #expect(throws: Errno(code: EBADF)) { try future.get() }
        #expect(future.failure?.text?.string == "broken")
        future.dropUse()
        #expect(freed == 2)
    }

    @Test("of continuations that are due together the newest runs first, and none at once (FUT-4)")
    func continuations() throws {
        let reactor = Reactor()
        var seen: [Int] = []
        let futures = (0..<4).map { number in
            let future = Future()
            future.setReactor(reactor)
            future.fulfill(nil, free: nil)
            return future
        }
        for (number, future) in futures.enumerated() { try future.then(-1) { _ in seen.append(number) } }
        #expect(seen.isEmpty)
        _ = try reactor.run()
        #expect(seen == [3, 2, 1, 0])
        for future in futures { future.dropUse() }
    }

    @Test("a continuation may be the end of its future, inside the call (FUT-8)")
    func ending() throws {
        let reactor = Reactor()
        let future = Future()
        var isFreed = false
        try future.aux.set("thing", pointer(1)) { _ in isFreed = true }
        future.setReactor(reactor)
        try future.then(-1) { future in
            future.dropUse()
            #expect(isFreed)
        }
        future.fulfill(nil, free: nil)
        #expect(try reactor.run() == 0)
        #expect(isFreed && !future.isInUse)
    }

    @Test("a future fulfilled with another has what that had (FUT-5)")
    func with() throws {
        let future = Future()
        let other = Future()
        var freed = 0
        other.fulfill(pointer(7)) { _ in freed += 1 }
        try other.aux.set("name", pointer(8), free: nil)
        try future.fulfill(with: other)
        other.dropUse()
        #expect(try future.get() == pointer(7))
        #expect(try future.auxValue("name") == pointer(8))
        #expect(freed == 0)
        future.dropUse()
        #expect(freed == 1 && !other.isInUse)
    }

    @Test("what nobody will fulfill is told, not waited for (FUT-3)")
    func deadlock() {
        let future = Future()
        #expect(throws: Errno(code: EDEADLK)) { try future.wait(-1) }
        #expect(throws: Errno.timedOut) { try future.wait(0) }
        future.dropUse()
    }

    @Test("destroying the last future of a chain ends all of it (FUT-7)")
    func chain() throws {
        let first = Future()
        let next = try #require(first.andThen { _ in })
        let last = try #require(next.andThen { _ in })
        last.dropUse()
        #expect(!first.isInUse && !next.isInUse)
    }
}
