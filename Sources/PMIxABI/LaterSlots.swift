// The members that modules of later releases have behind the 28 of release 4.2. A module does not tell its own size: only a
// host that says how many it has (MUSTER_SERVER_MODULE_SLOTS) is read beyond them, or less far.
import Bytes
import CLibc
import CPMIx
import PMIxServer
import PMIxWire

extension Host {
    /// The members of release 4.2, which is what a host has that says nothing.
    static let slots = MemoryLayout<pmix_server_module_t>.size / MemoryLayout<UnsafeRawPointer>.stride

    /// `infos` are those of the init that brings the module.
    init(_ module: UnsafeRawPointer, _ infos: [Info]) throws(Status) {
        let count = try Host.slotCount(infos)
        // Safety: the host vouches for so many members; what it does not have stays NULL.
        var known = pmix_server_module_t()
        memcpy(&known, module, min(count, Host.slots) * MemoryLayout<UnsafeRawPointer>.stride)
        self.init(known)
        setLaterCalls(LaterSlots(module, count))
    }

    private static func slotCount(_ infos: [Info]) throws(Status) -> Int {
        guard let given = infos[.moduleSlots] else { return slots }
        guard let count = given.asUnsigned, count > 0, count < 1024 else { throw .badParameter }
        return Int(count)
    }

    private mutating func setLaterCalls(_ module: LaterSlots) {
        if let connected = module.slot(.toolConnected, pmix_server_tool_connection2_fn_t.self) {
            toolConnected = { infos, finish in
                let status = upcall(Completions.tool, finish) { loans, token in
                    let (array, count) = loans.lend(infos)
                    return connected(array, count, Completions.toolDone, token)
                }
                // A host that is done without a callback has named nobody.
                if status != .success { finish(status, Proc("", .undefined)) }
            }
        }
        if let log = module.slot(.log, pmix_server_log2_fn_t.self) {
            self.log = { proc, data, directives, finish in
                let status = upcall(Completions.op, finish) { loans, token in
                    let (array, count) = loans.lend(data)
                    let (orders, orderCount) = loans.lend(directives)
                    return log(loans.lend(proc), array, count, orders, orderCount, Completions.opDone, token)
                }
                if status != .success { finish(status) }
            }
        }
        if let control = module.slot(.sessionControl, pmix_server_session_control_fn_t.self) {
            controlSession = { proc, session, infos, finish in
                upcall(Completions.infos, finish) { loans, token in
                    let (array, count) = loans.lend(infos)
                    return control(loans.lend(proc), session, array, count, Completions.infosDone, token)
                }
            }
        }
        if let block = module.slot(.resourceBlock, pmix_server_resource_block_fn_t.self) {
            resourceBlock = { proc, directive, name, units, infos, finish in
                upcall(Completions.op, finish) { loans, token in
                    let (array, count) = loans.lend(infos)
                    let (things, thingCount) = loans.lend(units)
                    return block(
                        loans.lend(proc), directive, loans.lend(name), things, thingCount, array, count,
                        Completions.opDone, token)
                }
            }
        }
    }
}

/// Where each release has its further members.
private struct LaterSlots {
    enum Member {
        case toolConnected, log, sessionControl, resourceBlock
    }

    private let module: UnsafeRawPointer
    private let count: Int

    init(_ module: UnsafeRawPointer, _ count: Int) {
        self.module = module
        self.count = count
    }

    func slot<Function>(_ member: Member, _ type: Function.Type) -> Function? {
        guard let index = index(of: member) else { return nil }
        // Safety: the index is one of those that the host has said it has.
        let cell = module + index * MemoryLayout<UnsafeRawPointer>.stride
        return cell.load(as: UInt.self) == 0 ? nil : cell.load(as: type)
    }

    /// 29 members since 5.0, 30 in 6.0, 32 since 6.1, which put two of them in the midst.
    private func index(of member: Member) -> Int? {
        switch (member, count) {
        case (.toolConnected, 32...): 28
        case (.log, 32...): 29
        case (.sessionControl, 32...): 30
        case (.resourceBlock, 32...): 31
        case (.sessionControl, 29...31): 28
        case (.resourceBlock, 30...31): 29
        default: nil
        }
    }
}

extension Loans {
    func lend(_ units: [ResourceUnit]) -> (UnsafeMutablePointer<pmix_resource_unit_t>?, Int) {
        let size = MemoryLayout<pmix_resource_unit_t>.stride
        guard let block = lend(byteCount: units.count * size) else { return (nil, 0) }
        let array = block.assumingMemoryBound(to: pmix_resource_unit_t.self)
        for (index, unit) in units.enumerated() {
            array[index] = pmix_resource_unit_t(type: unit.type, count: Int(truncatingIfNeeded: unit.count))
        }
        return (array, units.count)
    }
}

extension Key {
    fileprivate static let moduleSlots: Key = "muster.server.module.slots"
}
