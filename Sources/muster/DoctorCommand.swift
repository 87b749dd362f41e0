// `muster doctor PROGRAM`: would this program run on our libraries, here and now? Exit status 0 says that it would.
import ArgumentParser

private struct Unreadable: Error, CustomStringConvertible {
    let description: String
}

struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Tell which of our libraries a program resolves to, and whether they have all it asks for.",
        discussion: """
            The program and everything it loads is looked up as the dynamic loader would do it in this environment \
            (LD_PRELOAD, LD_LIBRARY_PATH, the paths recorded in the files, the cache), and so are the plugins Open MPI \
            loads while it runs. The exit status is 0 when every library that Muster replaces resolves to Muster's and \
            has every name asked for, and 1 otherwise.
            """)

    @Argument(help: "A program in PATH, or the path of a program, library or plugin.")
    var program: String

    func run() throws {
        guard let path = find(program), let bytes = contents(of: path) else {
            throw Unreadable(description: "cannot read \(program)")
        }
        let file: ELFFile
        do {
            file = try ELFFile(bytes)
        } catch {
            throw Unreadable(description: explain(error, path, bytes))
        }
        var loader = Loader(program: path, file)
        addPlugins(to: &loader)
        let diagnoses = Shipped.all.compactMap { Diagnosis($0, loader) }
        print(path)
        for diagnosis in diagnoses {
            diagnosis.report()
        }
        if diagnoses.isEmpty {
            print("    needs none of the libraries that Muster replaces")
        }
        for missing in loader.unresolved {
            print("    not found: \(missing.name), needed by \(missing.by)")
        }
        if diagnoses.isEmpty || !diagnoses.allSatisfy(\.isHealthy) || !loader.unresolved.isEmpty {
            throw ExitCode(1)
        }
    }

    private func find(_ name: String) -> String? {
        guard !name.contains("/") else { return name }
        let folders = (environmentValue("PATH") ?? "").split(separator: ":")
        return folders.map { "\($0)/\(name)" }.first { resolved($0) != nil } ?? name
    }

    private func explain(_ refusal: ELFFile.Refusal, _ path: String, _ bytes: [UInt8]) -> String {
        switch refusal {
        case .notELF where bytes.starts(with: Array("#!".utf8)):
            let line = bytes.dropFirst(2).prefix { $0 != UInt8(ascii: "\n") }
            return "\(path) is a script; ask about its interpreter: \(String(decoding: line, as: UTF8.self))"
        case .notELF: return "\(path) is not an ELF file"
        case .foreign: return "\(path) is for another kind of machine"
        case .malformed: return "\(path) is damaged"
        }
    }

    /// Open MPI 4 reaches libpmix only through a plugin, which it looks for beside its own libraries.
    private func addPlugins(to loader: inout Loader) {
        guard let core = loader.file(named: "libopen-pal.so.40"), let home = resolved(core.path).map(folder(of:)) else {
            return
        }
        var folders = ELFFile.folders(environmentValue("OMPI_MCA_mca_base_component_path") ?? "")
        if folders.isEmpty {
            folders = ["openmpi", "openmpi3", "openmpi/lib/openmpi", "openmpi/lib/openmpi3"].map { home + "/" + $0 }
        }
        for folder in folders {
            for name in entries(of: folder) where name.hasPrefix("mca_pmix_") && name.hasSuffix(".so") {
                loader.addPlugin(folder + "/" + name, note: "a plugin that Open MPI loads")
            }
        }
    }
}
