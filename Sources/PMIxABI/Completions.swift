// How a host's C callbacks find back to the upcall they complete.
import Bytes
import CLibc
import CPMIx
import PMIxClient
import PMIxServer
import PMIxWire
import Reactor

/// C copies lent to a host; freed together.
final class Loans {
    private var infos: [(UnsafeMutablePointer<pmix_info_t>?, Int)] = []
    private var blocks: [UnsafeMutableRawPointer] = []
    private var vectors: [Argv?] = []
    private var apps: [(UnsafeMutablePointer<pmix_app_t>?, Int)] = []
    private var queries: [(UnsafeMutablePointer<pmix_query_t>?, Int)] = []

    deinit {
        for (array, count) in infos { freeInfos(array, count) }
        for (array, count) in apps { freeApps(array, count) }
        for (array, count) in queries { freeQueries(array, count) }
        for vector in vectors { freeArgv(vector) }
        for block in blocks { free(block) }
    }

    func lend(_ values: [Info]) -> (UnsafeMutablePointer<pmix_info_t>?, Int) {
        let array = values.newCArray()
        infos.append(array)
        return array
    }

    func lend(_ values: [App]) -> (UnsafeMutablePointer<pmix_app_t>?, Int) {
        let array = values.newCArray()
        apps.append(array)
        return array
    }

    func lend(_ values: [Query]) -> (UnsafeMutablePointer<pmix_query_t>?, Int) {
        let array = values.newCArray()
        queries.append(array)
        return array
    }

    func lend(_ values: [Proc]) -> (UnsafeMutablePointer<pmix_proc_t>?, Int) {
        let array = values.newCArray()
        if let start = array.0 { blocks.append(start) }
        return array
    }

    func lend(_ proc: Proc) -> UnsafeMutablePointer<pmix_proc_t>? {
        lend([proc]).0
    }

    func lend(_ text: Text?) -> UnsafeMutablePointer<CChar>? {
        guard let string = text.newCString() else { return nil }
        blocks.append(string)
        return string
    }

    func lend(argv texts: [Text]) -> Argv? {
        let vector = texts.newArgv()
        vectors.append(vector)
        return vector
    }

    func lend(_ codes: [Status]) -> UnsafeMutablePointer<pmix_status_t>? {
        guard let block = Memory.zeroed(codes.count, MemoryLayout<pmix_status_t>.size) else { return nil }
        blocks.append(block)
        let array = block.assumingMemoryBound(to: pmix_status_t.self)
        for (index, code) in codes.enumerated() { array[index] = code.rawValue }
        return array
    }

    /// Zeroed memory; none for nothing.
    func lend(byteCount: Int) -> UnsafeMutableRawPointer? {
        guard let block = Memory.zeroed(byteCount, 1) else { return nil }
        blocks.append(block)
        return block
    }

    func lend(object bytes: [UInt8]) -> UnsafeMutablePointer<pmix_byte_object_t>? {
        guard let block = Memory.zeroed(1, MemoryLayout<pmix_byte_object_t>.size) else { return nil }
        blocks.append(block)
        let object = block.assumingMemoryBound(to: pmix_byte_object_t.self)
        object.pointee.bytes = bytes.newBlock()
        object.pointee.size = bytes.count
        if let start = object.pointee.bytes { blocks.append(start) }
        return object
    }
}

/// One upcall a host has not completed yet.
final class HostCall<Finish> {
    /// nil when the server is gone: nobody waits for the answer. Written only while the call is in its table.
    fileprivate(set) var finish: Finish?
    let loans = Loans()

    init(_ finish: Finish) {
        self.finish = finish
    }
}

extension Handles {
    /// Lets go of who waits. What was lent stays, since the host may be looking at it, until it answers.
    func abandonAll<Finish>() where Object == HostCall<Finish> {
        var finishes: [Finish?] = []
        forEach { call in
            finishes.append(call.finish)
            call.finish = nil
        }
    }
}

/// Calls into the host. What was lent outlives the call even when the host completes before it returns.
func upcall<Finish>(
    _ calls: Handles<HostCall<Finish>>, _ finish: Finish, _ call: (Loans, UnsafeMutableRawPointer?) -> pmix_status_t
) -> Status {
    let pending = HostCall(finish)
    let token = calls.keep(pending)
    let result = withExtendedLifetime(pending) { call(pending.loans, token) }
    if result != PMIX_SUCCESS { _ = calls.take(token) }
    return Status(rawValue: result)
}

enum Completions {
    /// The server has stopped; hosts may answer all the same, now or never.
    static func abandonAll() {
        op.abandonAll()
        modex.abandonAll()
        lookup.abandonAll()
        spawn.abandonAll()
        infos.abandonAll()
        credential.abandonAll()
        tool.abandonAll()
    }

    static let op = Handles<HostCall<Host.Done>>()
    static let opDone: pmix_op_cbfunc_t = { status, token in
        op.take(token)?.finish?(Status(rawValue: status))
    }

    static let modex = Handles<HostCall<Host.DoneWithData>>()
    static let modexDone: pmix_modex_cbfunc_t = { status, data, ndata, token, release, releaseData in
        let call = modex.take(token)
        let bytes = call == nil ? [] : [UInt8](copying: data, count: ndata)
        giveBack(release, releaseData)
        call?.finish?(Status(rawValue: status), bytes)
    }

    /// Never from within the host's call: Slurm completes a fence with a lock held that its release function takes, too.
    private static func giveBack(_ release: pmix_release_cbfunc_t?, _ releaseData: UnsafeMutableRawPointer?) {
        guard let release else { return }
        guard let client = Library.shared.client else { return release(releaseData) }
        client.loop.post { release(releaseData) }
    }

    static let lookup = Handles<HostCall<(Status, [PublishedValue]) -> Void>>()
    static let lookupDone: pmix_lookup_cbfunc_t = { status, data, ndata, token in
        guard let call = lookup.take(token) else { return }
        do throws(Status) {
            call.finish?(Status(rawValue: status), try [PublishedValue](copying: data, count: ndata))
        } catch {
            call.finish?(error, [])
        }
    }

    static let spawn = Handles<HostCall<(Status, Namespace?) -> Void>>()
    static let spawnDone: pmix_spawn_cbfunc_t = { status, nspace, token in
        spawn.take(token)?.finish?(Status(rawValue: status), Text(nspace: nspace))
    }

    static let infos = Handles<HostCall<Host.DoneWithInfos>>()
    static let infosDone: pmix_info_cbfunc_t = { status, array, count, token, release, releaseData in
        finish(status, array, count, token)
        giveBack(release, releaseData)
    }
    static let validationDone: pmix_validation_cbfunc_t = { status, array, count, token in
        finish(status, array, count, token)
    }

    private static func finish(
        _ status: pmix_status_t, _ array: UnsafeMutablePointer<pmix_info_t>?, _ count: Int,
        _ token: UnsafeMutableRawPointer?
    ) {
        guard let call = infos.take(token) else { return }
        do throws(Status) {
            call.finish?(Status(rawValue: status), try [Info](copying: array, count: count))
        } catch {
            call.finish?(error, [])
        }
    }

    static let credential = Handles<HostCall<(Status, [UInt8], [Info]) -> Void>>()
    static let credentialDone: pmix_credential_cbfunc_t = { status, object, array, count, token in
        guard let call = credential.take(token) else { return }
        do throws(Status) {
            let infos = try [Info](copying: array, count: count)
            call.finish?(Status(rawValue: status), [UInt8](copying: object), infos)
        } catch {
            call.finish?(error, [], [])
        }
    }

    static let tool = Handles<HostCall<(Status, Proc) -> Void>>()
    static let toolDone: pmix_tool_connection_cbfunc_t = { status, proc, token in
        guard let call = tool.take(token) else { return }
        guard let name = Proc(checking: proc) else {
            // A host that accepts without saying whom has not accepted.
            let failure = status == PMIX_SUCCESS ? .badParameter : Status(rawValue: status)
            call.finish?(failure, Proc("", .undefined))
            return
        }
        call.finish?(Status(rawValue: status), name)
    }
}
