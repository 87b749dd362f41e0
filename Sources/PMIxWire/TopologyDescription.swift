import Bytes
import Topology

extension TopologyValue {
    /// As it travels: a live topology that only has an address here becomes its description. One that is not hwloc's, or
    /// that hwloc cannot describe, becomes none.
    var described: TopologyValue {
        guard xml == nil, address != 0, let source, source.hasPrefix("hwloc"),
            let live = try? Topology(lent: address), let description = try? live.xml()
        else { return self }
        return TopologyValue(source: source, xml: Text(description), support: live.support())
    }
}
