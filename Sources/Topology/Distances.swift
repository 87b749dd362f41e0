import Bytes
import CHwloc
import CLibc

extension Topology {
    /// How far a device is from a set of processors. The numbers compare with one another and mean nothing else.
    public struct Distance: Hashable, Sendable {
        public let uuid: Text
        public let osName: Text
        /// One bit of `pmix_device_type_t`.
        public let type: UInt64
        public let minimum: UInt16
        public let maximum: UInt16
    }

    public static let graphicsDevices: UInt64 = 0x02
    public static let networkDevices: UInt64 = 0x04
    public static let openFabricsDevices: UInt64 = 0x08
    /// The types whose devices have something to be known by.
    public static let knownDevices = graphicsDevices | networkDevices | openFabricsDevices

    /// The distances from the processors to the devices of the types asked for, type by type; devices that have nothing to be
    /// known by are left out. `host`: what this machine is called in the names of those known by nothing else.
    /// nil when the processors have nothing in common but the machine.
    /// The measure is OpenPMIx's (observed on 4.2.2): the levels below what both share, or, when that is only the machine,
    /// all levels and those down to the processors.
    public func deviceDistances(
        from processors: CPUSet, types: UInt64 = knownDevices, host: Text = ""
    ) -> [Distance]? {
        guard let covering = covering(processors), covering.pointee.parent != nil else { return nil }
        let levels = Int(functions.get_type_depth(topology, HWLOC_OBJ_PU)) + 1
        let devices = objects(HWLOC_OBJ_OS_DEVICE)
        var found: [Distance] = []
        for type in [Topology.graphicsDevices, Topology.networkDevices, Topology.openFabricsDevices] {
            guard types & type != 0 else { continue }
            for device in devices {
                guard let identity = identity(of: device, on: host), identity.type == type else { continue }
                let shared = Int(depthShared(by: covering, and: device))
                let distance = UInt16(clamping: shared > 0 ? levels - shared : levels + Int(covering.pointee.depth))
                found.append(
                    Distance(
                        uuid: identity.uuid, osName: identity.osName, type: type, minimum: distance, maximum: distance))
            }
        }
        return found
    }

    /// The smallest object that holds all the processors.
    private func covering(_ processors: CPUSet) -> UnsafeMutablePointer<hwloc_obj>? {
        guard !processors.isEmpty, var object = functions.get_obj_by_depth(topology, 0, 0), holds(object, processors)
        else { return nil }
        while let child = child(of: object, holding: processors) { object = child }
        return object
    }

    private func child(
        of object: UnsafeMutablePointer<hwloc_obj>, holding processors: CPUSet
    ) -> UnsafeMutablePointer<hwloc_obj>? {
        var child = object.pointee.first_child
        while let here = child {
            if holds(here, processors) { return here }
            child = here.pointee.next_sibling
        }
        return nil
    }

    private func holds(_ object: UnsafeMutablePointer<hwloc_obj>, _ processors: CPUSet) -> Bool {
        guard let cpuset = object.pointee.cpuset else { return false }
        return functions.bitmap_isincluded(processors.bitmap, cpuset) != 0
    }

    /// The depth of the lowest object above both.
    private func depthShared(
        by object: UnsafeMutablePointer<hwloc_obj>, and device: UnsafeMutablePointer<hwloc_obj>
    ) -> Int32 {
        var above: UnsafeMutablePointer<hwloc_obj>? = object
        while let here = above {
            var other: UnsafeMutablePointer<hwloc_obj>? = device
            while let there = other {
                if there == here { return here.pointee.depth }
                other = there.pointee.parent
            }
            above = here.pointee.parent
        }
        return 0
    }

    /// How OpenPMIx calls a device wherever it is spoken of (observed on 4.2.2 and 5.0.11).
    private func identity(
        of device: UnsafeMutablePointer<hwloc_obj>, on host: Text
    ) -> (type: UInt64, uuid: Text, osName: Text)? {
        guard let attributes = device.pointee.attr, let called = device.pointee.name else { return nil }
        let name = Topology.text(called)
        switch attributes.pointee.osdev.type {
        case HWLOC_OBJ_OSDEV_GPU:
            // The kernel's own name for a device that has a better one.
            if Topology.isCard(name) { return nil }
            return (Topology.graphicsDevices, "gpu://" + host + "::" + name, name)
        case HWLOC_OBJ_OSDEV_NETWORK:
            guard let address = info("Address", of: device), let scheme = Topology.scheme(of: address) else {
                return nil
            }
            return (Topology.networkDevices, scheme + address, name)
        case HWLOC_OBJ_OSDEV_OPENFABRICS:
            guard let node = info("NodeGUID", of: device), let image = info("SysImageGUID", of: device) else {
                return nil
            }
            return (Topology.openFabricsDevices, "fab://" + node + "::" + image, name)
        default:
            return nil
        }
    }

    private static func isCard(_ name: Text) -> Bool {
        Text(name.bytes.prefix(4).map { $0 | 0x20 }) == "card"
    }

    /// Ethernet's addresses have six parts, InfiniBand's twenty; others have no name.
    private static func scheme(of address: Text) -> Text? {
        switch address.bytes.reduce(0, { $1 == UInt8(ascii: ":") ? $0 + 1 : $0 }) {
        case 5: "ipv4://"
        case 19: "ipv6://"
        default: nil
        }
    }

    func info(_ name: StaticString, of object: UnsafeMutablePointer<hwloc_obj>) -> Text? {
        // Safety: hwloc keeps infos_count entries there for as long as the topology lives.
        for entry in UnsafeBufferPointer(start: object.pointee.infos, count: Int(object.pointee.infos_count)) {
            if let key = entry.name, let value = entry.value, strcmp(key, name.cString) == 0 {
                return Topology.text(value)
            }
        }
        return nil
    }

    static func text(_ string: UnsafePointer<CChar>) -> Text {
        Text(Array(UnsafeRawBufferPointer(start: string, count: strlen(string))))
    }
}

extension StaticString {
    /// Safety: a literal of more than one character is kept with a NUL behind it for as long as the program runs.
    fileprivate var cString: UnsafePointer<CChar> {
        UnsafeRawPointer(utf8Start).assumingMemoryBound(to: CChar.self)
    }
}
