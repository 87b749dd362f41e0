// What values and infos can be asked: how they relate, what they say, how large they are.
import Bytes
import CLibc
import CPMIx
import PMIxWire
import Topology

@c @implementation
public func PMIx_Value_compare(
    _ v1: UnsafeMutablePointer<pmix_value_t>!, _ v2: UnsafeMutablePointer<pmix_value_t>!
) -> pmix_value_cmp_t {
    var result = Comparison.notAvailable
    if let v1, let v2 {
        if v1.pointee.type != v2.pointee.type {
            result = .differentTypes
        } else if let first = try? Value(copying: v1), let second = try? Value(copying: v2) {
            result = first.compared(to: second)
        }
    }
    return pmix_value_cmp_t(UInt32(result.rawValue))
}

// MARK: - Yes and no

private let yes: [StaticString] = ["yes", "true", "enable"]
private let no: [StaticString] = ["no", "false", "disable"]

@c @implementation
public func PMIx_Value_true(_ value: UnsafePointer<pmix_value_t>!) -> pmix_boolean_t {
    guard let value else { return PMIX_NON_BOOL }
    switch DataType(rawValue: value.pointee.type) {
    case .undefined: return PMIX_BOOL_TRUE
    case .bool: return value.pointee.data.flag ? PMIX_BOOL_TRUE : PMIX_BOOL_FALSE
    case .string: return meaning(value.pointee.data.string)
    default: return PMIX_NON_BOOL
    }
}

private func meaning(_ string: UnsafePointer<CChar>?) -> pmix_boolean_t {
    guard var text = string else { return PMIX_BOOL_TRUE }
    while isspace(Int32(UInt8(bitPattern: text.pointee))) != 0 { text += 1 }
    if text.pointee == 0 { return PMIX_BOOL_TRUE }
    if isdigit(Int32(UInt8(bitPattern: text.pointee))) != 0 {
        return strtol(text, nil, 10) == 0 ? PMIX_BOOL_FALSE : PMIX_BOOL_TRUE
    }
    if begins(text, with: yes) { return PMIX_BOOL_TRUE }
    if begins(text, with: no) { return PMIX_BOOL_FALSE }
    guard text[1] == 0 else { return PMIX_NON_BOOL }
    switch tolower(Int32(UInt8(bitPattern: text.pointee))) {
    case Int32(UInt8(ascii: "y")), Int32(UInt8(ascii: "t")): return PMIX_BOOL_TRUE
    case Int32(UInt8(ascii: "n")), Int32(UInt8(ascii: "f")): return PMIX_BOOL_FALSE
    default: return PMIX_NON_BOOL
    }
}

private func begins(_ text: UnsafePointer<CChar>, with words: [StaticString]) -> Bool {
    words.contains { strncasecmp(text, staticText($0), $0.utf8CodeUnitCount) == 0 }
}

@c @implementation
public func PMIx_Info_true(_ p: UnsafePointer<pmix_info_t>!) -> pmix_boolean_t {
    guard let p else { return PMIX_NON_BOOL }
    return PMIx_Value_true(value(of: p))
}

private func value(of info: UnsafePointer<pmix_info_t>) -> UnsafePointer<pmix_value_t> {
    (UnsafeRawPointer(info) + Fields.infoValue).assumingMemoryBound(to: pmix_value_t.self)
}

// MARK: - Numbers

@c @implementation
public func PMIx_Value_get_number(
    _ value: UnsafePointer<pmix_value_t>!, _ dest: UnsafeMutableRawPointer!, _ type: pmix_data_type_t
) -> pmix_status_t {
    guard let value, let dest, let wanted = DataType(rawValue: type) else { return PMIX_ERR_BAD_PARAM }
    guard let held = try? Value(copying: value) else { return PMIX_ERR_BAD_PARAM }
    return code { () throws(Status) in
        let number = try held.number(as: wanted)
        Cell.write(number, wanted, at: dest)
    }
}

// MARK: - Sizes

private enum Size {
    /// What an object takes as an element of an array, without what it points to.
    static func cell(_ type: DataType) throws(Status) -> Int {
        if type == .procNamespace { return Fields.nspaceMost }
        guard let size = Cell.byteCount(type) else { throw .unknownDataType }
        return size
    }

    static func object(_ type: DataType, _ content: Content) throws(Status) -> Int {
        switch (type, content) {
        case (.undefined, _): throw .unknownDataType
        // A string counts its bytes and no pointer to them.
        case (.string, .text(let text)): return (text?.count ?? 0) + 1
        case (.compressedString, .bytes(let bytes)), (.compressedByteObject, .bytes(let bytes)):
            return (try? Deflate.decompress(bytes).count) ?? bytes.count
        default: return try cell(type) + behind(content)
        }
    }

    /// What the object points to.
    private static func behind(_ content: Content) throws(Status) -> Int {
        switch content {
        case .bytes(let bytes): bytes.count
        case .procInfo(let info): texts(info.host, info.executable)
        case .envar(let change): texts(change.name, change.value)
        case .coordinate(let place): dimensions(place)
        case .geometry(let shape):
            shape.coordinates.reduce(texts(shape.uuid, shape.osName)) {
                $0 + MemoryLayout<pmix_coord_t>.size + dimensions($1)
            }
        case .distance(let distance): texts(distance.uuid, distance.osName)
        case .device(let device): texts(device.uuid, device.osName)
        case .endpoint(let end): texts(end.uuid, end.osName) + end.bytes.count
        case .attribute(let attribute): attribute.description.reduce(texts(attribute.name)) { $0 + texts($1) }
        case .nodePID(let process): process.host == nil ? 0 : texts(process.host)
        case .topology(let value): (try? Topology(lent: value.address).xml().count) ?? 0
        case .array(let array): try elements(array)
        case .procStats(let stats): texts(stats.node, stats.command)
        case .diskStats(let stats): texts(stats.disk)
        case .netStats(let stats): texts(stats.interface)
        case .nodeStats(let stats): try statistics(stats)
        default: 0
        }
    }

    private static func statistics(_ stats: NodeStats) throws(Status) -> Int {
        var size = texts(stats.node)
        for disk in stats.disks { size += try cell(.diskStats) + texts(disk.disk) }
        for network in stats.networks { size += try cell(.netStats) + texts(network.interface) }
        return size
    }

    private static func elements(_ array: DataArray) throws(Status) -> Int {
        var size = 0
        for element in array.elements {
            if case .info(let info) = element {
                size += try Size.info(info)
            } else {
                size += try object(array.type, element)
                if array.type == .string { size += MemoryLayout<UnsafeRawPointer>.size }
            }
        }
        return size
    }

    static func value(_ value: Value) throws(Status) -> Int {
        try object(value.type, value.content) + MemoryLayout<pmix_value_t>.size
    }

    static func info(_ info: Info) throws(Status) -> Int {
        try value(info.value) + min(info.key.count + 1, Fields.keyMost) + MemoryLayout<pmix_info_t>.size
    }

    private static func texts(_ texts: Text?...) -> Int {
        texts.reduce(0) { $0 + ($1?.count ?? 0) + 1 }
    }

    private static func dimensions(_ place: Coordinate) -> Int {
        place.dimensions.count * MemoryLayout<UInt32>.size
    }
}

@c @implementation
public func PMIx_Value_get_size(
    _ v: UnsafePointer<pmix_value_t>!, _ sz: UnsafeMutablePointer<Int>!
) -> pmix_status_t {
    guard let v, let sz else { return PMIX_ERR_BAD_PARAM }
    return code { () throws(Status) in sz.pointee = try Size.value(try Value(copying: v)) }
}

@c @implementation
public func PMIx_Info_get_size(
    _ val: UnsafePointer<pmix_info_t>!, _ size: UnsafeMutablePointer<Int>!
) -> pmix_status_t {
    guard let val, let size else { return PMIX_ERR_BAD_PARAM }
    return code { () throws(Status) in size.pointee = try Size.info(try Info(copying: val)) }
}
