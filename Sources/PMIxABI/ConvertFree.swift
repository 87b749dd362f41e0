// Giving C memory back: what a cell points to, by its type. Blocks that C code made are freed here as well as our own.
// What is freed becomes NULL or 0, so that destroying twice does no harm; every other member keeps its value.
import CLibc
import CPMIx
import PMIxWire

extension Cell {
    static func destroyUnion(_ type: DataType, at union: UnsafeMutableRawPointer) {
        switch place(type) {
        case .inline: destroy(type, at: union)
        case .nowhere: break
        case .boxed:
            guard let box = union.load(as: UnsafeMutableRawPointer?.self) else { return }
            // Objects of a source that is not ours are shared by all who point to them.
            if type == .topology || type == .cpuset, !Hwloc.isSource(of: box) { return }
            destroy(type, at: box)
            free(box)
        }
    }

    static func destroy(_ type: DataType, at cell: UnsafeMutableRawPointer) {
        switch type {
        case .string: drop(at: cell)
        case .byteObject, .compressedString, .compressedByteObject, .regex: dropBytes(at: cell)
        case .envar:
            drop(at: cell)
            drop(at: cell + Fields.secondPointer)
        case .value: destructValue(cell.assumingMemoryBound(to: pmix_value_t.self))
        case .info: destructInfo(cell.assumingMemoryBound(to: pmix_info_t.self))
        case .pdata: destructValue((cell + Fields.publishedValue).assumingMemoryBound(to: pmix_value_t.self))
        case .app:
            let app = cell.assumingMemoryBound(to: pmix_app_t.self)
            drop(&app.pointee.cmd)
            drop(&app.pointee.argv)
            drop(&app.pointee.env)
            drop(&app.pointee.cwd)
            drop(.info, &app.pointee.info, &app.pointee.ninfo)
        case .query:
            let query = cell.assumingMemoryBound(to: pmix_query_t.self)
            drop(&query.pointee.keys)
            drop(.info, &query.pointee.qualifiers, &query.pointee.nqual)
        case .procInfo:
            let info = cell.assumingMemoryBound(to: pmix_proc_info_t.self)
            drop(&info.pointee.hostname)
            drop(&info.pointee.executable_name)
        case .dataArray: destructArray(cell.assumingMemoryBound(to: pmix_data_array_t.self))
        case .dataBuffer:
            drop(at: cell)
            memset(cell, 0, MemoryLayout<pmix_data_buffer_t>.size)
        default: destroyHardware(type, at: cell)
        }
    }

    /// A malloc'd block whose address stands at `place`.
    static func drop(at place: UnsafeMutableRawPointer) {
        free(place.load(as: UnsafeMutableRawPointer?.self))
        place.storeBytes(of: nil, as: UnsafeMutableRawPointer?.self)
    }

    static func dropBytes(at place: UnsafeMutableRawPointer) {
        drop(at: place)
        place.storeBytes(of: 0, toByteOffset: Fields.secondPointer, as: Int.self)
    }

    static func drop(_ string: inout UnsafeMutablePointer<CChar>?) {
        free(string)
        string = nil
    }

    static func drop(_ argv: inout Argv?) {
        freeArgv(argv)
        argv = nil
    }

    static func drop<Element>(_ type: DataType, _ array: inout UnsafeMutablePointer<Element>?, _ count: inout Int) {
        freeArray(type, array, count)
        array = nil
        count = 0
    }

    /// `count` cells and the block they lie in.
    static func freeArray(_ type: DataType, _ array: UnsafeMutableRawPointer?, _ count: Int) {
        guard let array else { return }
        if count > 0, let stride = byteCount(type) {
            for index in 0..<count { destroy(type, at: array + index * stride) }
        }
        free(array)
    }
}

/// What the value points to; the value is left undefined.
func destructValue(_ value: UnsafeMutablePointer<pmix_value_t>) {
    if let type = DataType(rawValue: value.pointee.type) {
        Cell.destroyUnion(type, at: UnsafeMutableRawPointer(value) + Fields.valueUnion)
    }
    memset(value, 0, MemoryLayout<pmix_value_t>.size)
}

/// A value made by `newC()`.
func destroyValue(_ value: UnsafeMutablePointer<pmix_value_t>?) {
    guard let value else { return }
    destructValue(value)
    free(value)
}

/// N.B. a persistent info only borrows its value's content.
func destructInfo(_ info: UnsafeMutablePointer<pmix_info_t>) {
    if info.pointee.flags & Info.persistent != 0 { return }
    let value = UnsafeMutableRawPointer(info) + Fields.infoValue
    destructValue(value.assumingMemoryBound(to: pmix_value_t.self))
}

func freeInfos(_ infos: UnsafeMutablePointer<pmix_info_t>?, _ count: Int) {
    Cell.freeArray(.info, infos, count)
}

func freeApps(_ apps: UnsafeMutablePointer<pmix_app_t>?, _ count: Int) {
    Cell.freeArray(.app, apps, count)
}

func freeQueries(_ queries: UnsafeMutablePointer<pmix_query_t>?, _ count: Int) {
    Cell.freeArray(.query, queries, count)
}

func freePublished(_ data: UnsafeMutablePointer<pmix_pdata_t>?, _ count: Int) {
    Cell.freeArray(.pdata, data, count)
}

/// The elements and their block; the array is left empty.
func destructArray(_ array: UnsafeMutablePointer<pmix_data_array_t>) {
    Cell.freeArray(DataType(rawValue: array.pointee.type) ?? .undefined, array.pointee.array, array.pointee.size)
    array.initialize(to: pmix_data_array_t())
}

func freeDataArray(_ array: UnsafeMutablePointer<pmix_data_array_t>?) {
    guard let array else { return }
    destructArray(array)
    free(array)
}
