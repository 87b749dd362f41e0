import CHwloc
import CLibc

extension Topology {
    /// The tree of objects as text for people, one paragraph each, children further in.
    public func outline() -> [UInt8] {
        var text: [UInt8] = []
        if let root = functions.get_obj_by_depth(topology, 0, 0) { describe(root, indent: 0, into: &text) }
        return text
    }

    private func describe(_ object: UnsafeMutablePointer<hwloc_obj>, indent: Int, into text: inout [UInt8]) {
        let tabs = [UInt8](repeating: UInt8(ascii: "\t"), count: indent)
        var line: [UInt8] = Array("\n".utf8)
        line += tabs
        line.append(UInt8(ascii: "\t"))
        let held = object.pointee
        text += tabs
        text += Array("Type: ".utf8) + string { self.functions.obj_type_snprintf($0, $1, object, 1) }
        text += Array((" Number of child objects: " + String(held.arity)).utf8) + line
        text += Array("Name=".utf8) + (held.name.map { bytes(of: $0) } ?? Array("NULL".utf8))
        let separator = line.map { CChar(bitPattern: $0) }
        var terminated = separator
        terminated.append(0)
        let attributes = string { self.functions.obj_attr_snprintf($0, $1, object, terminated, 1) }
        if !attributes.isEmpty { text += line + attributes }
        if let set = held.cpuset { text += line + Array("Cpuset:  ".utf8) + mask(set) }
        if held.type == HWLOC_OBJ_MACHINE { describeSupport(after: line, into: &text) }
        text.append(UInt8(ascii: "\n"))
        for index in 0..<Int(held.arity) {
            if let child = held.children[index] { describe(child, indent: indent + 1, into: &text) }
        }
    }

    private func describeSupport(after line: [UInt8], into text: inout [UInt8]) {
        guard let support = functions.topology_get_support(topology)?.pointee,
            let processors = support.cpubind?.pointee, let memory = support.membind?.pointee
        else { return }
        let rows: [(StaticString, UInt8)] = [
            ("Bind CPU proc:   ", processors.set_thisproc_cpubind),
            ("Bind CPU thread: ", processors.set_thisthread_cpubind),
            ("Bind MEM proc:   ", memory.set_thisproc_membind),
            ("Bind MEM thread: ", memory.set_thisthread_membind),
        ]
        for (name, isThere) in rows {
            text += line + name.withUTF8Buffer { Array($0) } + Array((isThere != 0 ? "TRUE" : "FALSE").utf8)
        }
    }

    private func mask(_ set: OpaquePointer) -> [UInt8] {
        var text: UnsafeMutablePointer<CChar>?
        _ = functions.bitmap_asprintf(&text, set)
        defer { free(text) }
        return text.map { bytes(of: $0) } ?? []
    }

    private func bytes(of string: UnsafePointer<CChar>) -> [UInt8] {
        Array(UnsafeRawBufferPointer(start: string, count: strlen(string)))
    }

    /// What hwloc writes into a buffer that is long enough for anything it says about one object.
    private func string(_ write: (UnsafeMutablePointer<CChar>, Int) -> Int32) -> [UInt8] {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 1024) { buffer in
            guard let start = buffer.baseAddress, write(start, buffer.count) > 0 else { return [] }
            return bytes(of: start)
        }
    }
}
