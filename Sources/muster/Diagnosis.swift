// What the doctor found out about one library that Muster replaces.

/// The libraries of ours, and how their names begin.
struct Shipped {
    let soname: String
    let prefixes: [String]

    static let all = [Shipped(soname: "libpmix.so.2", prefixes: ["PMIx_", "pmix_"])]
}

struct Diagnosis {
    private let library: Shipped
    private let found: LoadedFile?
    private let users: [LoadedFile]
    /// Names asked for that no other file provides.
    private let wanted: Set<String>
    /// The library of ours that was compared with: the one resolved to, or else the one this command belongs to.
    private let ours: LoadedFile?

    /// nil when nothing asks for the library.
    init?(_ library: Shipped, _ loader: Loader) {
        self.library = library
        found = loader.file(named: library.soname)
        users = loader.files.filter { $0.file.needed.contains(library.soname) }
        guard found != nil || !users.isEmpty else { return nil }
        let others = loader.files.filter { $0.file.soname != library.soname }
        var names: Set<String> = []
        for file in others {
            names.formUnion(file.file.imported.filter { name in library.prefixes.contains { name.hasPrefix($0) } })
        }
        for file in others { names.subtract(file.file.exported) }
        wanted = names
        ours = found?.file.musterMark != nil ? found : Diagnosis.beside(library)
    }

    private var missing: [String] {
        guard let ours else { return [] }
        return wanted.subtracting(ours.file.exported).sorted()
    }

    var isHealthy: Bool {
        found?.file.musterMark != nil && missing.isEmpty
    }

    func report() {
        print("    \(library.soname)")
        if let found {
            let identity = found.file.musterMark ?? "not Muster's"
            print("        resolves to  \(found.path) (\(identity))\(found.note.map { ", by \($0)" } ?? "")")
        } else {
            print("        resolves to  nothing")
        }
        for user in users {
            print("        needed by    \(user.path)\(user.note.map { " (\($0))" } ?? "")")
        }
        let asked = "        asked for    \(wanted.count) names"
        guard let ours else {
            print("\(asked); there is no \(library.soname) of Muster's to compare with")
            return
        }
        print("\(asked), \(wanted.count - missing.count) of them exported by \(ours.path)")
        for name in missing {
            print("        missing      \(name)")
        }
        if found?.file.musterMark == nil, missing.isEmpty {
            print("        to use ours  LD_LIBRARY_PATH=\(folder(of: ours.path))")
        }
    }

    /// The library that was built or installed together with this command.
    private static func beside(_ library: Shipped) -> LoadedFile? {
        guard let command = resolved("/proc/self/exe"),
            let path = resolved(folder(of: command) + "/../lib/" + library.soname),
            let bytes = contents(of: path), let file = try? ELFFile(bytes)
        else { return nil }
        return LoadedFile(path: path, file: file, parent: nil, note: nil)
    }
}
