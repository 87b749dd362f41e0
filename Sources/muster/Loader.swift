// The files a program is made of, found as ld.so finds them: LD_PRELOAD, DT_RPATH, LD_LIBRARY_PATH, DT_RUNPATH, the cache,
// the default folders; breadth first, each soname once. N.B. folders for special processors (glibc-hwcaps) are not tried.
import Bytes

struct LoadedFile {
    let path: String
    let file: ELFFile
    /// The one that asked for it; nil for the program and what stands beside it.
    let parent: Int?
    /// How it came in when no DT_NEEDED says so.
    let note: String?
}

struct Loader {
    private(set) var files: [LoadedFile] = []
    /// Sonames nothing was found for, and who asked.
    private(set) var unresolved: [(name: String, by: String)] = []
    private var byName: [String: Int] = [:]
    private var next = 0
    private let libraryPath: [String]
    private let cache: [String: String]
    private let machine: UInt16

    static let defaultFolders = [
        "/lib/x86_64-linux-gnu", "/usr/lib/x86_64-linux-gnu", "/lib64", "/usr/lib64", "/lib", "/usr/lib",
    ]

    init(program path: String, _ program: ELFFile) {
        libraryPath = (environmentValue("LD_LIBRARY_PATH") ?? "").split { $0 == ":" || $0 == ";" }.map(String.init)
        cache = LoaderCache.read()
        machine = program.machine
        files = [LoadedFile(path: path, file: program, parent: nil, note: nil)]
        for name in (environmentValue("LD_PRELOAD") ?? "").split(whereSeparator: { $0 == ":" || $0 == " " }) {
            add(String(name), for: 0, note: "LD_PRELOAD")
        }
        resolveAll()
    }

    /// What is loaded by dlopen while the program runs, with everything it needs.
    mutating func addPlugin(_ path: String, note: String) {
        guard let file = readable(path) else { return }
        keep(LoadedFile(path: path, file: file, parent: nil, note: note), as: path)
        resolveAll()
    }

    func file(named soname: String) -> LoadedFile? {
        byName[soname].map { files[$0] }
    }

    private mutating func resolveAll() {
        while next < files.count {
            for name in files[next].file.needed {
                add(name, for: next, note: nil)
            }
            next += 1
        }
    }

    private mutating func add(_ name: String, for index: Int, note: String?) {
        guard byName[name] == nil else { return }
        for candidate in candidates(name, for: index) {
            if let file = readable(candidate) {
                keep(LoadedFile(path: candidate, file: file, parent: note == nil ? index : nil, note: note), as: name)
                return
            }
        }
        unresolved.append((name, files[index].path))
    }

    private mutating func keep(_ loaded: LoadedFile, as name: String) {
        byName[name] = files.count
        if let soname = loaded.file.soname, byName[soname] == nil { byName[soname] = files.count }
        files.append(loaded)
    }

    /// A file of another machine is passed over, as ld.so does; why a file is unreadable does not matter then.
    private func readable(_ path: String) -> ELFFile? {
        guard let bytes = contents(of: path), let file = try? ELFFile(bytes) else { return nil }
        return file.machine == machine ? file : nil
    }

    private func candidates(_ name: String, for index: Int) -> [String] {
        guard !name.contains("/") else { return [expanded(name, for: index)] }
        var folders: [String] = []
        let asking = files[index].file
        if asking.runpath.isEmpty {
            // DT_RPATH counts for everything below the file that has it, too.
            var current: Int? = index
            while let here = current {
                let file = files[here].file
                if file.runpath.isEmpty { folders += file.rpath.map { expanded($0, for: here) } }
                current = files[here].parent
            }
        }
        folders += libraryPath.map { expanded($0, for: 0) }
        folders += asking.runpath.map { expanded($0, for: index) }
        var paths = folders.map { $0 + "/" + name }
        if let cached = cache[name] { paths.append(cached) }
        return paths + Loader.defaultFolders.map { $0 + "/" + name }
    }

    private func expanded(_ path: String, for index: Int) -> String {
        guard path.contains("$") else { return path }
        let origin = folder(of: resolved(files[index].path) ?? files[index].path)
        let values = [("ORIGIN", origin), ("LIB", "lib/x86_64-linux-gnu"), ("PLATFORM", "x86_64")]
        return values.reduce(path) { path, token in
            path.replacing("${\(token.0)}", with: token.1).replacing("$\(token.0)", with: token.1)
        }
    }
}

/// /etc/ld.so.cache, the format glibc has written since 2.2: a magic text, counts, entries of 24 bytes, strings.
enum LoaderCache {
    static func read(_ path: String = "/etc/ld.so.cache") -> [String: String] {
        guard let bytes = contents(of: path) else { return [:] }
        return (try? parse(bytes)) ?? [:]
    }

    static func parse(_ bytes: [UInt8]) throws(Malformed) -> [String: String] {
        let magic = Array("glibc-ld.so.cache1.1".utf8)
        guard bytes.starts(with: magic) else { return [:] }
        var reader = ByteReader(bytes.span.bytes)
        try reader.skip(magic.count)
        let count = try reader.hostOrder(UInt32.self)
        try reader.skip(24)
        var paths: [String: String] = [:]
        for _ in 0..<count {
            let flags = try reader.hostOrder(UInt32.self)
            let name = try text(at: try reader.hostOrder(UInt32.self), in: bytes)
            let path = try text(at: try reader.hostOrder(UInt32.self), in: bytes)
            try reader.skip(4)
            let capabilities = try reader.hostOrder(UInt64.self)
            // 0x0303: a library of libc 6 for x86-64; others of the same name are for other machines.
            if flags == 0x0303, capabilities == 0, paths[name] == nil { paths[name] = path }
        }
        return paths
    }

    private static func text(at offset: UInt32, in bytes: [UInt8]) throws(Malformed) -> String {
        var reader = ByteReader(bytes.span.bytes)
        try reader.skip(Int(offset))
        return String(decoding: try reader.untilNUL(), as: UTF8.self)
    }
}
