import Bytes
import CLibc
import PMIxWire
import Reactor

extension Key {
    fileprivate static let parent: Key = "pmix.parent"
}

extension Status {
    fileprivate static let jobTerminated = Status(rawValue: -145)
}

// Whoever started this process through PMIx may have left word in its environment: where it is to be found, and a pipe
// that ends with it.
extension Client {
    /// A parent that cannot be reached is none.
    public func meetParent() {
        if let uri = Process.variable("PMIX_LAUNCHER_RNDZ_URI") {
            do throws(Status) {
                store(identity, .parent, .proc(try attach([Info(.serverURI, .string(uri))])))
            } catch {
                Trace.say("the launcher at \(uri.description) cannot be reached: status \(error.rawValue)")
            }
        }
        let pipe = Process.variable("PMIX_KEEPALIVE_PIPE")?.decimal
        if let descriptor = pipe.flatMap({ Int32(exactly: $0) }) { loop.post { [self] in watch(descriptor) } }
    }

    private func watch(_ pipe: Int32) {
        // A child of this process that had it too would keep the pipe open from the wrong end.
        guard clibc_fcntl(pipe, F_SETFD, FD_CLOEXEC) == 0 else { return }
        // Safety: cancelled before the client can go.
        keepAlive = Watcher(loop, pipe, .readable) { [unowned(unsafe) self] in
            var byte: UInt8 = 0
            let count = read(pipe, &byte, 1)
            if count > 0 || (count < 0 && (clibc_errno() == EINTR || clibc_errno() == EAGAIN)) { return }
            endKeepAlive()
            CLibc.close(pipe)
            let parent = Proc("PMIX_KEEPALIVE_PIPE", .undefined)
            let infos = [Info(.eventNonDefault, .bool(true)), Info(.eventAffectedProc, .proc(parent))]
            handlers.deliver(Event(.jobTerminated, source: identity, range: .processLocal, infos: infos))
        }
        keepAlive?.enable()
    }

    func endKeepAlive() {
        keepAlive?.cancel()
        keepAlive = nil
    }
}
