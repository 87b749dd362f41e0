// Samples of disks, networks, nodes and processes: four verbs for each struct. Release 6.1 of the original has dropped
// them; what was compiled before still asks for them.
import CPMIx
import PMIxWire

// MARK: - pmix_disk_stats_t

@c @implementation
public func PMIx_Disk_stats_construct(_ p: UnsafeMutablePointer<pmix_disk_stats_t>!) {
    Cell.construct(.diskStats, p)
}

@c @implementation
public func PMIx_Disk_stats_destruct(_ p: UnsafeMutablePointer<pmix_disk_stats_t>!) {
    Cell.destruct(.diskStats, p)
}

@c @implementation
public func PMIx_Disk_stats_create(_ n: Int) -> UnsafeMutablePointer<pmix_disk_stats_t>! {
    Cell.create(.diskStats, n)
}

@c @implementation
public func PMIx_Disk_stats_free(_ p: UnsafeMutablePointer<pmix_disk_stats_t>!, _ n: Int) {
    Cell.freeArray(.diskStats, p, n)
}

// MARK: - pmix_net_stats_t

@c @implementation
public func PMIx_Net_stats_construct(_ p: UnsafeMutablePointer<pmix_net_stats_t>!) {
    Cell.construct(.netStats, p)
}

@c @implementation
public func PMIx_Net_stats_destruct(_ p: UnsafeMutablePointer<pmix_net_stats_t>!) {
    Cell.destruct(.netStats, p)
}

@c @implementation
public func PMIx_Net_stats_create(_ n: Int) -> UnsafeMutablePointer<pmix_net_stats_t>! {
    Cell.create(.netStats, n)
}

@c @implementation
public func PMIx_Net_stats_free(_ p: UnsafeMutablePointer<pmix_net_stats_t>!, _ n: Int) {
    Cell.freeArray(.netStats, p, n)
}

// MARK: - pmix_node_stats_t

@c @implementation
public func PMIx_Node_stats_construct(_ p: UnsafeMutablePointer<pmix_node_stats_t>!) {
    Cell.construct(.nodeStats, p)
}

@c @implementation
public func PMIx_Node_stats_destruct(_ p: UnsafeMutablePointer<pmix_node_stats_t>!) {
    Cell.destruct(.nodeStats, p)
}

@c @implementation
public func PMIx_Node_stats_create(_ n: Int) -> UnsafeMutablePointer<pmix_node_stats_t>! {
    Cell.create(.nodeStats, n)
}

@c @implementation
public func PMIx_Node_stats_free(_ p: UnsafeMutablePointer<pmix_node_stats_t>!, _ n: Int) {
    Cell.freeArray(.nodeStats, p, n)
}

// MARK: - pmix_proc_stats_t

@c @implementation
public func PMIx_Proc_stats_construct(_ ps: UnsafeMutablePointer<pmix_proc_stats_t>!) {
    Cell.construct(.procStats, ps)
}

@c @implementation
public func PMIx_Proc_stats_destruct(_ ps: UnsafeMutablePointer<pmix_proc_stats_t>!) {
    Cell.destruct(.procStats, ps)
}

@c @implementation
public func PMIx_Proc_stats_create(_ n: Int) -> UnsafeMutablePointer<pmix_proc_stats_t>! {
    Cell.create(.procStats, n)
}

@c @implementation
public func PMIx_Proc_stats_free(_ ps: UnsafeMutablePointer<pmix_proc_stats_t>!, _ n: Int) {
    Cell.freeArray(.procStats, ps, n)
}
