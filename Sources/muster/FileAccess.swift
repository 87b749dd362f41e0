// The little the command asks of the file system.
import CLibc

/// A file's bytes; nil when it cannot be read or is no regular file.
func contents(of path: String) -> [UInt8]? {
    guard let file = fopen(path, "rbe") else { return nil }
    defer { fclose(file) }
    var status = stat()
    guard fstat(fileno(file), &status) == 0, clibc_is_regular(status.st_mode), status.st_size >= 0 else { return nil }
    let size = Int(status.st_size)
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
        count = fread(buffer.baseAddress, 1, size, file)
    }
    return bytes.count == size ? bytes : nil
}

/// The beginning of a file of /proc, which does not tell its size; nil when it cannot be read.
func procContents(of path: String, atMost most: Int = 1 << 20) -> [UInt8]? {
    guard let file = fopen(path, "rbe") else { return nil }
    defer { fclose(file) }
    return [UInt8](unsafeUninitializedCapacity: most) { buffer, count in
        count = fread(buffer.baseAddress, 1, most, file)
    }
}

/// The path without symbolic links; nil when nothing is there.
func resolved(_ path: String) -> String? {
    guard let text = realpath(path, nil) else { return nil }
    defer { free(text) }
    return String(cString: text)
}

/// The names in a folder, sorted; none when it is no folder.
func entries(of folder: String) -> [String] {
    guard let stream = opendir(folder) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
        names.append(
            withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: $0.pointee)) {
                    String(cString: $0)
                }
            })
    }
    return names.sorted()
}

/// The folder a path lies in.
func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
}

func environmentValue(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }
}
