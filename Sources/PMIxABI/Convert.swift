// The conversions that entry points use, in both directions. N.B. whatever is read is copied: no Swift value keeps a C
// pointer, except the address in a POINTER or TOPO value. NULL and counts below one are no elements; malloc'd arrays are
// zeroed, and none at all for no elements.
import Bytes
import CLibc
import CPMIx
import PMIxWire

extension Value {
    /// A type code nobody has defined is `.unknownDataType`, and so is one that a value cannot hold.
    init(copying value: UnsafePointer<pmix_value_t>) throws(Status) {
        guard let type = DataType(rawValue: value.pointee.type) else { throw .unknownDataType }
        self.init(type, try Cell.readUnion(type, at: UnsafeRawPointer(value) + Fields.valueUnion))
    }
}

// MARK: - Arrays

extension [Proc] {
    init(copying procs: UnsafePointer<pmix_proc_t>?, count: Int) {
        self = []
        guard let procs, count > 0 else { return }
        for index in 0..<count { append(Proc(copying: procs + index)) }
    }

    func newCArray() -> (UnsafeMutablePointer<pmix_proc_t>?, Int) {
        guard let block = Memory.zeroed(count, MemoryLayout<pmix_proc_t>.stride) else { return (nil, 0) }
        let procs = block.assumingMemoryBound(to: pmix_proc_t.self)
        for index in indices { self[index].store(into: procs + index) }
        return (procs, count)
    }
}

extension [Info] {
    init(copying infos: UnsafePointer<pmix_info_t>?, count: Int) throws(Status) {
        self = []
        guard let infos, count > 0 else { return }
        for index in 0..<count { append(try Info(copying: infos + index)) }
    }

    /// Freed by `freeInfos`, and in C by PMIX_INFO_FREE.
    func newCArray() -> (UnsafeMutablePointer<pmix_info_t>?, Int) {
        guard let block = Memory.zeroed(count, MemoryLayout<pmix_info_t>.stride) else { return (nil, 0) }
        let infos = block.assumingMemoryBound(to: pmix_info_t.self)
        for index in indices { self[index].store(into: infos + index) }
        return (infos, count)
    }
}

extension [App] {
    init(copying apps: UnsafePointer<pmix_app_t>?, count: Int) throws(Status) {
        self = []
        guard let apps, count > 0 else { return }
        for index in 0..<count { append(try App(copying: apps + index)) }
    }

    func newCArray() -> (UnsafeMutablePointer<pmix_app_t>?, Int) {
        guard let block = Memory.zeroed(count, MemoryLayout<pmix_app_t>.stride) else { return (nil, 0) }
        let apps = block.assumingMemoryBound(to: pmix_app_t.self)
        for index in indices { self[index].store(into: apps + index) }
        return (apps, count)
    }
}

extension [Query] {
    init(copying queries: UnsafePointer<pmix_query_t>?, count: Int) throws(Status) {
        self = []
        guard let queries, count > 0 else { return }
        for index in 0..<count { append(try Query(copying: queries + index)) }
    }

    func newCArray() -> (UnsafeMutablePointer<pmix_query_t>?, Int) {
        guard let block = Memory.zeroed(count, MemoryLayout<pmix_query_t>.stride) else { return (nil, 0) }
        let queries = block.assumingMemoryBound(to: pmix_query_t.self)
        for index in indices { self[index].store(into: queries + index) }
        return (queries, count)
    }
}

extension [PublishedValue] {
    init(copying data: UnsafePointer<pmix_pdata_t>?, count: Int) throws(Status) {
        self = []
        guard let data, count > 0 else { return }
        for index in 0..<count { append(try PublishedValue(copying: data + index)) }
    }

    /// Over the first elements of the caller's array, whose old content is not looked at.
    func store(into data: UnsafeMutablePointer<pmix_pdata_t>?, count: Int) {
        guard let data else { return }
        for index in 0..<Swift.min(self.count, Swift.max(count, 0)) { self[index].store(into: data + index) }
    }

    /// Fills in proc and value wherever a value was found for the key that the caller's array asks for.
    func answer(_ data: UnsafeMutablePointer<pmix_pdata_t>?, count: Int) {
        guard let data, count > 0 else { return }
        for index in 0..<count {
            let cell = UnsafeMutableRawPointer(data + index)
            let key = Text(field: cell + Fields.publishedKey, most: Fields.keyMost)
            guard let found = first(where: { $0.key == key }) else { continue }
            found.proc.store(into: cell.assumingMemoryBound(to: pmix_proc_t.self))
            found.value.store(into: (cell + Fields.publishedValue).assumingMemoryBound(to: pmix_value_t.self))
        }
    }

    func newCArray() -> (UnsafeMutablePointer<pmix_pdata_t>?, Int) {
        guard let block = Memory.zeroed(count, MemoryLayout<pmix_pdata_t>.stride) else { return (nil, 0) }
        let data = block.assumingMemoryBound(to: pmix_pdata_t.self)
        for index in indices { self[index].store(into: data + index) }
        return (data, count)
    }
}

extension DataArray {
    /// Freed by `freeDataArray`.
    func newC() -> UnsafeMutablePointer<pmix_data_array_t> {
        let block = Memory.block(MemoryLayout<pmix_data_array_t>.size)
        let array = block.assumingMemoryBound(to: pmix_data_array_t.self)
        store(into: array)
        return array
    }
}

// MARK: - Byte objects

extension [UInt8] {
    /// NULL, and an object without a block, are no bytes.
    init(copying object: UnsafePointer<pmix_byte_object_t>?) {
        guard let object else {
            self = []
            return
        }
        self.init(copying: object.pointee.bytes, count: object.pointee.size)
    }

    func store(into object: UnsafeMutablePointer<pmix_byte_object_t>) {
        Cell.store(self, at: object)
    }
}
