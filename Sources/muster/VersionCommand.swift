// `muster version`: who we are, and whom peers take us for.
import ArgumentParser
import CPMIx
import PMIxWire

struct VersionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "version",
        abstract: "Print the version of Muster, the ABI of its libraries and what they are called on the wire.")

    func run() {
        let variables = Dialect.offeredURIVariables.map(\.description).joined(separator: " ")
        print("Muster \(musterVersion)")
        print("libpmix.so.2: ABI of PMIx \(PMIX_VERSION_MAJOR).\(PMIX_VERSION_MINOR).\(PMIX_VERSION_RELEASE)")
        print("PMIx wire: identifies itself as \(Release.oursText.description), reachable through \(variables)")
    }
}
