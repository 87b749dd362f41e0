import Bytes
import CPMIx
import PMIxClient
import PMIxServer
import PMIxWire
import Reactor
import Sockets

@c @implementation
public func PMIx_Group_construct(
    _ grp: UnsafePointer<CChar>!, _ procs: UnsafePointer<pmix_proc_t>!, _ nprocs: Int,
    _ directives: UnsafePointer<pmix_info_t>!, _ ndirs: Int,
    _ results: UnsafeMutablePointer<UnsafeMutablePointer<pmix_info_t>?>!, _ nresults: UnsafeMutablePointer<Int>!
) -> pmix_status_t {
    withClient { (client) throws(Status) in
        let call = try GroupCall(client, grp, procs, nprocs, directives, ndirs)
        give(try client.perform(client.constructGroup(call.name, call.procs, call.infos)), results, nresults)
    }
}

@c @implementation
public func PMIx_Group_construct_nb(
    _ grp: UnsafePointer<CChar>!, _ procs: UnsafePointer<pmix_proc_t>!, _ nprocs: Int,
    _ info: UnsafePointer<pmix_info_t>!, _ ninfo: Int, _ cbfunc: pmix_info_cbfunc_t!,
    _ cbdata: UnsafeMutableRawPointer!
) -> pmix_status_t {
    withClient { (client) throws(Status) in
        let call = try GroupCall(client, grp, procs, nprocs, info, ninfo)
        client.begin(client.constructGroup(call.name, call.procs, call.infos), doneInfos(cbfunc, cbdata))
    }
}

@c @implementation
public func PMIx_Group_destruct(
    _ grp: UnsafePointer<CChar>!, _ info: UnsafePointer<pmix_info_t>!, _ ninfo: Int
) -> pmix_status_t {
    withClient { (client) throws(Status) in
        let call = try GroupCall(client, grp, [], info, ninfo)
        try client.perform(client.destructGroup(call.name, call.infos))
    }
}

@c @implementation
public func PMIx_Group_destruct_nb(
    _ grp: UnsafePointer<CChar>!, _ info: UnsafePointer<pmix_info_t>!, _ ninfo: Int, _ cbfunc: pmix_op_cbfunc_t!,
    _ cbdata: UnsafeMutableRawPointer!
) -> pmix_status_t {
    withClient { (client) throws(Status) in
        let call = try GroupCall(client, grp, [], info, ninfo)
        client.begin(client.destructGroup(call.name, call.infos), doneVoid(cbfunc, cbdata))
    }
}

@c @implementation
public func PMIx_Group_leave(
    _ grp: UnsafePointer<CChar>!, _ info: UnsafePointer<pmix_info_t>!, _ ninfo: Int
) -> pmix_status_t {
    withClient { (client) throws(Status) in
        let call = try GroupCall(client, grp, [], info, ninfo)
        let status = client.awaitStatus { client.leaveGroup(call.name, call.infos, $0) }
        if status != .success { throw status }
    }
}

@c @implementation
public func PMIx_Group_leave_nb(
    _ grp: UnsafePointer<CChar>!, _ info: UnsafePointer<pmix_info_t>!, _ ninfo: Int, _ cbfunc: pmix_op_cbfunc_t!,
    _ cbdata: UnsafeMutableRawPointer!
) -> pmix_status_t {
    withClient { (client) throws(Status) in
        let call = try GroupCall(client, grp, [], info, ninfo)
        client.leaveGroup(call.name, call.infos, done(cbfunc, cbdata))
    }
}

@c @implementation
public func PMIx_Group_invite(
    _ grp: UnsafePointer<CChar>!, _ procs: UnsafePointer<pmix_proc_t>!, _ nprocs: Int,
    _ info: UnsafePointer<pmix_info_t>!, _ ninfo: Int,
    _ results: UnsafeMutablePointer<UnsafeMutablePointer<pmix_info_t>?>!, _ nresult: UnsafeMutablePointer<Int>!
) -> pmix_status_t {
    withClient { (client) throws(Status) in
        let call = try GroupCall(client, grp, procs, nprocs, info, ninfo)
        give(try client.awaitInfos { client.invite(call.name, call.procs, call.infos, $0) }, results, nresult)
    }
}

@c @implementation
public func PMIx_Group_invite_nb(
    _ grp: UnsafePointer<CChar>!, _ procs: UnsafePointer<pmix_proc_t>!, _ nprocs: Int,
    _ info: UnsafePointer<pmix_info_t>!, _ ninfo: Int, _ cbfunc: pmix_info_cbfunc_t!,
    _ cbdata: UnsafeMutableRawPointer!
) -> pmix_status_t {
    withClient { (client) throws(Status) in
        let call = try GroupCall(client, grp, procs, nprocs, info, ninfo)
        client.invite(call.name, call.procs, call.infos, doneInfos(cbfunc, cbdata))
    }
}

@c @implementation
public func PMIx_Group_join(
    _ grp: UnsafePointer<CChar>!, _ leader: UnsafePointer<pmix_proc_t>!, _ opt: pmix_group_opt_t,
    _ info: UnsafePointer<pmix_info_t>!, _ ninfo: Int,
    _ results: UnsafeMutablePointer<UnsafeMutablePointer<pmix_info_t>?>!, _ nresult: UnsafeMutablePointer<Int>!
) -> pmix_status_t {
    withClient { (client) throws(Status) in
        let call = try GroupCall(client, grp, [], info, ninfo)
        let (proc, accepts) = (Proc(checking: leader), try isAcceptance(opt))
        let answer = try client.awaitInfos { client.join(call.name, leader: proc, accepts: accepts, call.infos, $0) }
        give(answer, results, nresult)
    }
}

@c @implementation
public func PMIx_Group_join_nb(
    _ grp: UnsafePointer<CChar>!, _ leader: UnsafePointer<pmix_proc_t>!, _ opt: pmix_group_opt_t,
    _ info: UnsafePointer<pmix_info_t>!, _ ninfo: Int, _ cbfunc: pmix_info_cbfunc_t!,
    _ cbdata: UnsafeMutableRawPointer!
) -> pmix_status_t {
    withClient { (client) throws(Status) in
        let call = try GroupCall(client, grp, [], info, ninfo)
        let (proc, accepts) = (Proc(checking: leader), try isAcceptance(opt))
        client.join(call.name, leader: proc, accepts: accepts, call.infos, doneInfos(cbfunc, cbdata))
    }
}

private func isAcceptance(_ opt: pmix_group_opt_t) throws(Status) -> Bool {
    guard opt == PMIX_GROUP_ACCEPT || opt == PMIX_GROUP_DECLINE else { throw .badParameter }
    return opt == PMIX_GROUP_ACCEPT
}

// MARK: -

/// What every call about a group has, checked.
private struct GroupCall {
    let name: Text
    let procs: [Proc]
    let infos: [Info]

    /// A call that names processes must name some.
    init(
        _ client: Client, _ grp: UnsafePointer<CChar>?, _ procs: UnsafePointer<pmix_proc_t>?, _ nprocs: Int,
        _ info: UnsafePointer<pmix_info_t>?, _ ninfo: Int
    ) throws(Status) {
        guard procs != nil, nprocs > 0 else { throw .badParameter }
        try self.init(client, grp, [Proc](copying: procs, count: nprocs), info, ninfo)
    }

    init(
        _ client: Client, _ grp: UnsafePointer<CChar>?, _ procs: [Proc], _ info: UnsafePointer<pmix_info_t>?,
        _ ninfo: Int
    ) throws(Status) {
        guard let name = Text(copying: grp), !name.isEmpty, name.count <= Fields.nspaceMost else { throw .badParameter }
        guard client.isConnected else { throw .unreachable }
        self.name = name
        self.procs = procs
        infos = try [Info](copying: info, count: ninfo)
    }
}

private func give(
    _ infos: [Info], _ results: UnsafeMutablePointer<UnsafeMutablePointer<pmix_info_t>?>?,
    _ nresults: UnsafeMutablePointer<Int>?
) {
    guard let results, let nresults else { return }
    (results.pointee, nresults.pointee) = infos.newCArray()
}
