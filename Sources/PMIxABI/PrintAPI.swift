// Objects as malloc'd texts.
import Bytes
import CLibc
import CPMIx
import PMIxWire

/// The text of a value, also of one that nothing but its type can be told of.
private func text(_ value: UnsafePointer<pmix_value_t>, _ printer: Printer) throws(Status) -> Text {
    guard let type = DataType(rawValue: value.pointee.type), Cell.place(type) != .nowhere else {
        return printer.lead + "PMIX_VALUE: " + Printer.unprintable(value.pointee.type)
    }
    return try printer.text(.value, .value(try Value(copying: value)))
}

private func owned(_ make: () throws(Status) -> Text) -> UnsafeMutablePointer<CChar>? {
    do throws(Status) { return try make().newCString() } catch { return nil }
}

@c @implementation
public func PMIx_Data_print(
    _ output: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>!, _ prefix: UnsafeMutablePointer<CChar>!,
    _ src: UnsafeMutableRawPointer!, _ type: pmix_data_type_t
) -> pmix_status_t {
    guard let output, let src else { return PMIX_ERR_BAD_PARAM }
    return code { () throws(Status) in
        guard let type = DataType(rawValue: type) else { throw .unknownDataType }
        let printer = Printer(Text(copying: prefix))
        let string = src.assumingMemoryBound(to: CChar.self)
        let text: Text
        switch type {
        case .value: text = try PMIxABI.text(src.assumingMemoryBound(to: pmix_value_t.self), printer)
        case .string: text = try printer.text(.string, .text(Text(copying: string)))
        case .regex: text = try printer.text(.regex, .bytes([UInt8](copying: string, count: strlen(string))))
        case .pointer:
            let address = String(UInt(bitPattern: src), radix: 16)
            text = printer.lead + "Data type: PMIX_POINTER\tAddress: " + Text("0x" + address)
        case .dataBuffer:
            let count = src.load(as: pmix_data_buffer_t.self).bytes_used
            text = printer.lead + "PMIX_DATA_BUFFER NumBytesUsed: " + Text(decimal: count)
        default:
            guard Cell.byteCount(type) != nil else { throw .unknownDataType }
            text = try printer.text(type, try Cell.read(type, at: src))
        }
        output.pointee = text.newCString()
    }
}

@c @implementation
public func PMIx_Value_string(_ value: UnsafePointer<pmix_value_t>!) -> UnsafeMutablePointer<CChar>! {
    guard let value else { return nil }
    return owned { () throws(Status) in try text(value, Printer(nil)) }
}

@c @implementation
public func PMIx_Info_string(_ info: UnsafePointer<pmix_info_t>!) -> UnsafeMutablePointer<CChar>! {
    guard let info else { return nil }
    return owned { () throws(Status) in try Printer(nil).text(.info, .info(try Info(copying: info))) }
}

@c @implementation
public func PMIx_App_string(_ app: UnsafePointer<pmix_app_t>!) -> UnsafeMutablePointer<CChar>! {
    guard let app else { return nil }
    return owned { () throws(Status) in try AppText.of(try App(copying: app)) }
}

@c @implementation
public func PMIx_Proc_string(_ proc: UnsafePointer<pmix_proc_t>!) -> UnsafeMutablePointer<CChar>! {
    guard let proc else { return nil }
    return Printer.bracketed(Proc(copying: proc)).newCString()
}

@c @implementation
public func PMIx_Resource_unit_string(_ p: UnsafePointer<pmix_resource_unit_t>!) -> UnsafeMutablePointer<CChar>! {
    guard let p else { return nil }
    let count = Text(decimal: p.pointee.count)
    return ("TYPE: " + Printer.deviceName(p.pointee.type) + "  COUNT: " + count).newCString()
}
