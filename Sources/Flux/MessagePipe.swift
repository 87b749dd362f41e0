// Carries messages between a process, which knows its end as fd://, and whoever else opens an address of this program.
import Bytes
import CLibc
import Sockets

final class MessagePipe {
    private final class End {
        let handle: Handle
        var reading: HandleWatcher?
        var writing: HandleWatcher?

        init(_ handle: Handle) {
            self.handle = handle
        }
    }

    private var ends: [End] = []

    /// Takes the descriptor over.
    init(_ descriptor: Int32, _ address: Slice, _ reactor: Reactor) throws(Errno) {
        var problem = OpenProblem()
        let uris = [Text("fd://" + String(descriptor)), Text(address.bytes)]
        do throws(Errno) {
            for uri in uris {
                let handle = try Handle.open(uri, flags: HandleFlags.nonblock.rawValue, &problem) {
                    (_, _, _, _) throws(Errno) in throw Errno(code: ENOENT)
                }
                ends.append(End(handle))
                try handle.setReactor(reactor)
            }
            try connect(ends[0], ends[1], reactor)
            try connect(ends[1], ends[0], reactor)
        } catch {
            tearDown()
            throw error
        }
    }

    func tearDown() {
        for end in ends {
            end.reading?.stop()
            end.writing?.stop()
            end.handle.dropUse()
        }
        ends = []
    }

    private func connect(_ from: End, _ to: End, _ reactor: Reactor) throws(Errno) {
        from.reading = try HandleWatcher(reactor, from.handle, events: Poll.input) {
            [unowned(unsafe) from, unowned(unsafe) to] watcher, _ in MessagePipe.carry(from, to, watcher)
        }
        to.writing = try HandleWatcher(reactor, to.handle, events: Poll.output) {
            [unowned(unsafe) from] watcher, _ in
            watcher.stop()
            from.reading?.start()
        }
        from.reading?.start()
        from.reading?.unreference()
        to.writing?.unreference()
    }

    /// One message; while the other end takes none this one waits.
    private static func carry(_ from: End, _ to: End, _ watcher: Watcher) {
        do throws(Errno) {
            let message = try from.handle.receive(flags: .nonblock)
            do throws(Errno) {
                try to.handle.send(message, flags: .nonblock)
            } catch {
                guard error.isAgain else { throw error }
                try from.handle.requeue(message, atHead: true)
                watcher.stop()
                to.writing?.start()
            }
        } catch {
            if !error.isAgain { watcher.stop() }
        }
    }
}
