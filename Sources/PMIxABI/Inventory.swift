// What a node has, for a host to send to whoever assigns parts of it to jobs: the machine in hwloc's words, its memory and
// its network devices, under the Standard's names for them, as the information of one node.
import Bytes
import CPMIx
import PMIxClient
import PMIxWire
import Topology

enum Inventory {
    /// Without hwloc a node has nothing but its name.
    static func collect(_ client: Client, host: Text) -> [Info] {
        var node = [Info(.hostname, .string(host))]
        if let machine = try? Machine.shared.topology(client) {
            if let xml = try? machine.xml() { node.append(Info(.topologyXML2, .string(Text(xml)))) }
            node.append(Info(.physicalMemory, .uint64(machine.memory)))
            let devices = machine.networkDevices().map { Info(.fabricDevice, .infos(description(of: $0))) }
            if !devices.isEmpty { node.append(Info(.fabricDevices, .infos(devices))) }
        }
        return [Info(.nodeArray, .infos(node))]
    }

    private static func description(of device: Topology.NetworkDevice) -> [Info] {
        let known: [(Key, Text?)] = [
            (.fabricDeviceName, device.name), (.fabricDeviceType, device.isOpenFabrics ? "InfiniBand" : "Ethernet"),
            (.fabricDeviceAddress, device.address), (.fabricDeviceVendor, device.vendor),
            (.fabricDeviceVendorID, device.product), (.fabricDeviceBusType, device.place.map { _ in "PCI" }),
            (.fabricDevicePCI, device.place),
        ]
        return known.compactMap { key, text in text.map { Info(key, .string($0)) } }
    }
}

extension Key {
    fileprivate static let physicalMemory: Key = "pmix.pmem"
    fileprivate static let fabricDevices: Key = "pmix.fab.devs"
    fileprivate static let fabricDevice: Key = "pmix.fabdev"
    fileprivate static let fabricDeviceName: Key = "pmix.fabdev.nm"
    fileprivate static let fabricDeviceType: Key = "pmix.fabdev.type"
    fileprivate static let fabricDeviceAddress: Key = "pmix.fabdev.addr"
    fileprivate static let fabricDeviceVendor: Key = "pmix.fabdev.vndr"
    fileprivate static let fabricDeviceVendorID: Key = "pmix.fabdev.vendid"
    fileprivate static let fabricDeviceBusType: Key = "pmix.fabdev.btyp"
    fileprivate static let fabricDevicePCI: Key = "pmix.fabdev.pcidevid"
}
