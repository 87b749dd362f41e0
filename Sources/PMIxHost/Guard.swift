import Bytes
import CLaunch
import CLibc
import PMIxServer
import PMIxWire

/// A process that waits for muster to end, however it ends, and then does what is left to do: it kills the processes,
/// removes what they and muster had promised to remove, and the directory of the jobs.
struct Guard {
    private let directory: Text
    /// What the jobs' namespaces begin with.
    private let name: Text
    private var groups: [Int32] = []
    private var cleanups: [Cleanup] = []
    private var pending: [UInt8] = []

    /// Killed processes may still be about to leave the kernel, where they could make a file.
    private static let waits = 50
    private static let waitMicroseconds: UInt32 = 10_000

    private init(_ directory: Text, _ name: Text) {
        self.directory = directory
        self.name = name
    }

    /// Its process's id, -1 without one. Call before there are threads.
    static func start(_ directory: Text, _ name: Text, _ channel: inout Int32) -> Int32 {
        var whole = Guard(directory, name)
        return withUnsafeMutablePointer(to: &whole) { whole in
            // Safety: the new process has its own copy of all memory, and the frame is there until it ends.
            launch_guard(
                { channel, context in
                    context?.assumingMemoryBound(to: Guard.self).pointee.watch(channel)
                }, whole, &channel)
        }
    }

    private mutating func watch(_ channel: Int32) {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(channel, &buffer, buffer.count)
            if count == 0 || count < 0 && clibc_errno() != EINTR { break }
            if count > 0 { take(buffer[..<count]) }
        }
        finish()
    }

    private mutating func take(_ bytes: ArraySlice<UInt8>) {
        pending += bytes
        var start = 0
        while let note = next(&start) {
            switch note {
            case .group(let group): groups.append(group)
            case .forget(let group): groups.removeAll { $0 == group }
            case .cleanup(let cleanup):
                forget(cleanup)
                cleanups.append(cleanup)
            case .done(let cleanup): forget(cleanup)
            }
        }
        pending.removeFirst(start)
    }

    private mutating func forget(_ cleanup: Cleanup) {
        cleanups.removeAll { $0.owner == cleanup.owner && $0.uid == cleanup.uid }
    }

    private func next(_ start: inout Int) -> GuardNote? {
        var reader = ByteReader(pending.span.bytes)
        do throws(Malformed) {
            try reader.skip(start)
            let size = Int(try reader.hostOrder(UInt32.self))
            let content = try reader.take(size)
            start = reader.position
            var inner = ByteReader(content.span.bytes)
            return try GuardNote(from: &inner)
        } catch {
            // The rest of it is still to come.
            return nil
        }
    }

    private func finish() {
        for group in groups { _ = launch_signal_group(group, SIGKILL) }
        if !groups.isEmpty { killStrays() }
        if !cleanups.isEmpty { awaitEnd() }
        for cleanup in cleanups { cleanup.perform() }
        System.withCString(directory) { launch_remove($0) }
    }

    /// What has left the groups: it was started with its job's name all the same.
    private func killStrays() {
        System.withCString("PMIX_NAMESPACE=" + name + ".") { beginning in
            for _ in 0..<Guard.waits where launch_kill_given(beginning) > 0 { usleep(Guard.waitMicroseconds) }
        }
    }

    private func awaitEnd() {
        for _ in 0..<Guard.waits {
            if !groups.contains(where: { launch_has_group($0) != 0 }) { return }
            usleep(Guard.waitMicroseconds)
        }
    }
}
