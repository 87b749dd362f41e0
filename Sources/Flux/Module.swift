// What a module of a broker says to it, as RFC 5 has it: a welcome comes first, states go back.
import Bytes
import CLibc
import JSON
import Sockets

extension Handle {
    private static let running = 1
    private static let finalizing = 2
    private static let exited = 3
    /// So long the broker may take to hear that a module ends.
    private static let patience = 10.0

    /// Whether a bit is set that somebody has set from outside, which takes it away if asked to.
    public func testDebugFlag(_ flag: Int32, clears: Bool) -> Bool {
        do throws(Errno) {
            let bits = try aux.value("flux::debug_flags").assumingMemoryBound(to: Int32.self)
            guard bits.pointee & flag != 0 else { return false }
            if clears { bits.pointee &= ~flag }
            return true
        } catch {
            return false
        }
    }

    private func tellState(_ state: Int, _ flags: RPCFlags = [], errnum: Int32? = nil) throws(Errno) -> RPC {
        var members = [("status", JSON.integer(state))]
        if let errnum { members.append(("errnum", .integer(errnum))) }
        return try rpc(Slice("module.status"), json: .object(members), flags: flags)
    }

    public func setModuleRunning() throws(Errno) {
        try tellState(Handle.running, .noResponse).dropUse()
    }

    /// Waits for the welcome, and keeps what it says. The arguments, with spaces between them, if there are any.
    public func initializeModule(_ problem: inout String) throws(Errno) -> [UInt8]? {
        problem = "the welcome did not come"
        let welcome = try receive(Match(types: Int32(MessageType.request.rawValue)))
        problem = "the welcome is not understood"
        let json = try welcome.json()
        guard let arguments = json["args"], let attributes = json["attrs"], let configuration = json["conf"],
            let name = json["name"]?.bytes, let uuid = json["uuid"]?.bytes, configuration.isObject
        else { throw Errno(code: EPROTO) }
        logContext.setAppname(name)
        setConfiguration(Conf(configuration.copy))
        for name in attributes.names {
            if let value = attributes[name]?.bytes { self.attributes.keep(value, for: Text(name)) }
        }
        problem = "the welcome cannot be kept"
        try keep("flux::name", name)
        try keep("flux::uuid", uuid)
        let words = arguments.elements.compactMap { $0.bytes }
        return words.isEmpty ? nil : Array(words.joined(separator: [UInt8(ascii: " ")]))
    }

    /// A text that C finds among what hangs on the handle.
    private func keep(_ name: Text, _ text: [UInt8]) throws(Errno) {
        let slice = Slice(text)
        try aux.set(name, UnsafeMutableRawPointer(mutating: slice.pointer)) { _ in _ = slice }
    }

    /// Answers what every module does, says that it runs when the loop does, and ends that on request. Until the handle is
    /// closed.
    public func addModuleHandlers(_ problem: inout String) throws(Errno) {
        problem = "the module was not welcomed"
        guard let text = name else { throw Errno(code: EINVAL) }
        let reactor = try currentReactor()
        problem = "stats-clear events cannot be had"
        try subscribeAndWait(text + Array(".stats-clear".utf8))
        problem = "the methods cannot be added"
        var handlers = try addDefaultMethods(service: text)
        let topic = TopicGlob(Slice(text + Array(".shutdown".utf8)))
        do throws(Errno) {
            let match = Match(types: Int32(MessageType.request.rawValue), glob: topic)
            let shutdown = try dispatcher().add(match) { _, _, _ in reactor.stop() }
            shutdown.start()
            handlers.append(shutdown)
        } catch {
            for handler in handlers { handler.remove() }
            throw error
        }
        let first = PrepareWatcher(reactor) { [unowned(unsafe) self] watcher, _ in
            watcher.stop()
            do throws(Errno) {
                try setModuleRunning()
            } catch {
                // The broker is gone, which the loop will find out.
            }
        }
        first.start()
        try aux.set(nil, UnsafeMutableRawPointer(bitPattern: 1)) { _ in
            first.stop()
            for handler in handlers { handler.remove() }
        }
    }

    private var name: [UInt8]? {
        do throws(Errno) {
            let text = try aux.value("flux::name").assumingMemoryBound(to: CChar.self)
            return Array(UnsafeRawBufferPointer(start: text, count: strlen(text)))
        } catch {
            return nil
        }
    }

    private func subscribeAndWait(_ topic: [UInt8]) throws(Errno) {
        if flags.contains(.noSubscriptions) { return }
        let rpc = try subscribe(topic)
        defer { rpc.dropUse() }
        _ = try rpc.get()
    }

    /// Says that no more requests are wanted, answers those that are left, and says how it ended.
    public func finalizeModule(errnum: Int32, _ problem: inout String) throws(Errno) {
        problem = "the broker was not told that the module ends"
        let rpc = try tellState(Handle.finalizing)
        defer { rpc.dropUse() }
        try rpc.wait(Handle.patience)
        _ = try rpc.get()
        answerTheRest()
        problem = "the broker was not told how the module ended"
        try tellState(Handle.exited, .noResponse, errnum: errnum).dropUse()
    }

    private func answerTheRest() {
        do throws(Errno) {
            while true {
                let left = try receive(Match(types: Int32(MessageType.request.rawValue)), flags: .nonblock)
                if !left.isNoResponse { try respond(to: left, error: ENOSYS) }
            }
        } catch {
            // No more of them.
        }
    }
}
