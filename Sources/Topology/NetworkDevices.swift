import Bytes
import CHwloc

extension Topology {
    /// A network card, or an InfiniBand one, as the system and the bus know it.
    public struct NetworkDevice: Hashable, Sendable {
        public let name: Text
        public let isOpenFabrics: Bool
        /// The address of its interface, or the identifier of its node in the fabric.
        public let address: Text?
        /// Domain, bus, device and function: `0000:41:00:00`; nil for a device that is on no PCI bus.
        public let place: Text?
        public let vendor: Text?
        /// What its maker calls the product.
        public let product: Text?
    }

    /// All the memory there is, in bytes.
    public var memory: UInt64 {
        functions.get_obj_by_depth(topology, 0, 0)?.pointee.total_memory ?? 0
    }

    /// The network devices, in hwloc's order; what only software makes is none.
    public func networkDevices() -> [NetworkDevice] {
        objects(HWLOC_OBJ_OS_DEVICE).compactMap { device in
            guard let type = device.pointee.attr?.pointee.osdev.type, let name = device.pointee.name else { return nil }
            let isOpenFabrics = type == HWLOC_OBJ_OSDEV_OPENFABRICS
            guard isOpenFabrics || type == HWLOC_OBJ_OSDEV_NETWORK else { return nil }
            let card = card(of: device)
            return NetworkDevice(
                name: Topology.text(name), isOpenFabrics: isOpenFabrics,
                address: isOpenFabrics ? info("NodeGUID", of: device) : info("Address", of: device),
                place: card.flatMap { place(of: $0) }, vendor: card.flatMap { info("PCIVendor", of: $0) },
                product: card.flatMap { info("PCIDevice", of: $0) ?? $0.pointee.name.map { Topology.text($0) } })
        }
    }

    private func card(of device: UnsafeMutablePointer<hwloc_obj>) -> UnsafeMutablePointer<hwloc_obj>? {
        var above = device.pointee.parent
        while let here = above, here.pointee.type != HWLOC_OBJ_PCI_DEVICE { above = here.pointee.parent }
        return above
    }

    private func place(of card: UnsafeMutablePointer<hwloc_obj>) -> Text? {
        guard let bus = card.pointee.attr?.pointee.pcidev else { return nil }
        let parts = [(UInt32(bus.domain), 4), (UInt32(bus.bus), 2), (UInt32(bus.dev), 2), (UInt32(bus.func), 2)]
        return .joined(parts.map { Topology.hex($0.0, digits: $0.1) }, separator: UInt8(ascii: ":"))
    }

    private static func hex(_ value: UInt32, digits: Int) -> Text {
        let symbols = Array("0123456789abcdef".utf8)
        return Text((0..<digits).map { symbols[Int(value >> UInt32(4 * (digits - 1 - $0)) & 0xf)] })
    }
}
