// swift-tools-version: 6.2
// The same sources in two configurations. MUSTER_EMBEDDED=1 gives the shipped library (Embedded Swift, no runtime beside
// it); otherwise everything is ordinary Swift: tests, sanitizers, the command. The Makefile passes what depends on the
// machine or is generated: SWIFT_RESOURCES (the toolchain's resource folder) and MUSTER_PMIX_MAP (the version script).
import Foundation
import PackageDescription

let embedded = Context.environment["MUSTER_EMBEDDED"] == "1"

func isPresent(_ folder: String) -> Bool {
    let path = Context.packageDirectory + "/" + folder
    return (try? FileManager.default.contentsOfDirectory(atPath: path))?.isEmpty == false
}

let common: [SwiftSetting] = [.enableExperimentalFeature("Lifetimes"), .swiftLanguageMode(.v6)]
let swift: [SwiftSetting] =
    embedded
    ? common + [
        .enableExperimentalFeature("Embedded"),
        // -Osize with sections of their own and folding of equal functions makes the library less than half as large.
        .unsafeFlags([
            "-wmo", "-Osize", "-Xfrontend", "-function-sections", "-Xcc", "-fPIC", "-Xcc", "-D_GNU_SOURCE",
        ]),
    ]
    : common + [.unsafeFlags(["-Xcc", "-D_GNU_SOURCE"])]
let c: [CSetting] = [.define("_GNU_SOURCE"), .unsafeFlags(["-fPIC", "-Wall", "-Wextra"])]

/// What the linker is told about one shipped library.
func sharedLibrary(_ soname: String, versionScript: String) -> [LinkerSetting] {
    var flags = ["-Xlinker", "-soname=\(soname)"]
    if let script = Context.environment[versionScript] {
        flags += ["-Xlinker", "--version-script=\(script)"]
    }
    if embedded, let resources = Context.environment["SWIFT_RESOURCES"] {
        let tables = "\(resources)/embedded/x86_64-unknown-linux-gnu/libswiftUnicodeDataTables.a"
        flags += [
            "-use-ld=lld", "-Xlinker", "--gc-sections", "-Xlinker", "--icf=all", "-Xlinker", "-z", "-Xlinker", "defs",
            "-Xlinker", "-z", "-Xlinker", "pack-relative-relocs", "-Xlinker", "--no-warn-symbol-ordering",
            "-Xlinker", tables,
        ]
        if let order = Context.environment["MUSTER_SYMBOL_ORDER"] {
            flags += ["-Xlinker", "--symbol-ordering-file=\(order)"]
        }
    }
    return [.unsafeFlags(flags)]
}

/// A Swift target of the library, with the ordinary tests of the same name when there are any.
func swiftTargets(
    _ name: String, _ dependencies: [String] = [], swiftSettings: [SwiftSetting] = [],
    linkerSettings: [LinkerSetting] = []
) -> [Target] {
    var targets: [Target] = [
        .target(
            name: name, dependencies: dependencies.map { .init(stringLiteral: $0) },
            swiftSettings: swift + swiftSettings, linkerSettings: linkerSettings)
    ]
    if !embedded, isPresent("Tests/\(name)Tests") {
        let imported = [name] + dependencies.filter { !cModules.contains($0) }
        targets.append(
            .testTarget(
                name: "\(name)Tests", dependencies: imported.map { .init(stringLiteral: $0) },
                path: "Tests/\(name)Tests", swiftSettings: swift))
    }
    return targets
}

let cModules = [
    "CLaunch", "CPMIx", "PMIxC", "CSpread", "SpreadC", "CFlux", "FluxC", "CLibc", "CEvent", "CHwloc", "CJansson",
    "CSQLite", "CZlib", "CMunge", "CMath",
]
var targets: [Target] = [
    .systemLibrary(name: "CPMIx", path: "Include/pmix"),
    .systemLibrary(name: "CLibc"),
    .systemLibrary(name: "CEvent"),
    .target(name: "CHwloc", cSettings: c),
    .target(name: "CZlib", cSettings: c),
    .target(name: "CMunge", cSettings: c),
    .target(name: "PMIxC", cSettings: c + [.headerSearchPath("../../Include/pmix")]),
    .target(name: "CMath", cSettings: c + [.unsafeFlags(["-fno-builtin"])]),
]
targets += swiftTargets("Bytes")
targets += swiftTargets("Sockets", ["CLibc"])
targets += swiftTargets(
    "Reactor", ["Sockets", "CLibc", "CEvent"],
    linkerSettings: [.linkedLibrary("event_core")])
targets += swiftTargets("Topology", ["Bytes", "CHwloc", "CLibc"])
targets += swiftTargets("PMIxWire", ["Bytes", "Sockets", "Reactor", "CLibc", "CZlib", "CMunge", "Topology"])
targets += swiftTargets("PMIxClient", ["PMIxWire", "CLibc", "Bytes", "Sockets", "Reactor"])
targets += swiftTargets("PMIxServer", ["PMIxWire", "CLibc", "Bytes", "Sockets", "Reactor"])
targets += swiftTargets(
    "PMIxABI",
    [
        "PMIxServer", "PMIxClient", "PMIxWire", "Bytes", "Sockets", "Reactor", "Topology", "CPMIx", "CLibc", "CHwloc",
        "PMIxC",
    ] + (embedded ? ["CMath"] : []),
    linkerSettings: sharedLibrary("libpmix.so.2", versionScript: "MUSTER_PMIX_MAP"))

targets += [
    .systemLibrary(name: "CSpread", path: "Include/spread"),
    .target(name: "SpreadC", cSettings: c + [.headerSearchPath("../../Include/spread")]),
]
targets += swiftTargets("Spread", ["Bytes", "Sockets", "CLibc"])
targets += swiftTargets(
    "SpreadABI", ["Spread", "Bytes", "Sockets", "CSpread", "CLibc", "SpreadC"] + (embedded ? ["CMath"] : []),
    linkerSettings: sharedLibrary("libspread.so.3", versionScript: "MUSTER_SPREAD_MAP"))

targets += [
    .systemLibrary(name: "CFlux", path: "Include/flux"),
    .systemLibrary(name: "CJansson"),
    .target(
        name: "FluxC",
        cSettings: c + [.headerSearchPath("../../Include")] + (embedded ? [.define("MUSTER_EMBEDDED")] : [])),
]
targets += swiftTargets("JSON", ["CJansson", "CLibc"], linkerSettings: [.linkedLibrary("jansson")])
/// What a handle runs belongs to one thread, and callbacks that come back in the middle find things in order.
let unchecked: [SwiftSetting] = embedded ? [.unsafeFlags(["-enforce-exclusivity=unchecked"])] : []
targets += swiftTargets("Flux", ["Bytes", "Sockets", "JSON", "CLibc"], swiftSettings: unchecked)
targets += swiftTargets(
    "FluxABI",
    ["Flux", "JSON", "Bytes", "Sockets", "CFlux", "CJansson", "CLibc", "FluxC"] + (embedded ? ["CMath"] : []),
    linkerSettings: sharedLibrary("libflux-core.so.2", versionScript: "MUSTER_FLUX_MAP"))

let products: [Product] = [
    .library(name: "pmix", type: .dynamic, targets: ["PMIxABI"]),
    .library(name: "spread", type: .dynamic, targets: ["SpreadABI"]),
    .library(name: "flux-core", type: .dynamic, targets: ["FluxABI"]),
]
var packages: [Package.Dependency] = []
if !embedded {
    targets.append(.target(name: "CLaunch", cSettings: c))
    targets += swiftTargets("Ordering", ["CLibc"])
    targets += swiftTargets("SpreadDaemon", ["Ordering", "Reactor", "Sockets", "CLibc", "CLaunch"])
    targets.append(.target(name: "CSQLite", cSettings: c))
    targets += swiftTargets("FluxBroker", ["Flux", "JSON", "Bytes", "Reactor", "Sockets", "CLibc", "CSQLite"])
    targets += swiftTargets(
        "PMIxHost", ["PMIxServer", "PMIxWire", "Bytes", "Sockets", "Reactor", "Topology", "CLibc", "CLaunch"])
    packages.append(.package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"))
    let parser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
    targets.append(
        .executableTarget(
            name: "muster",
            dependencies: [
                "PMIxHost", "PMIxABI", "PMIxClient", "PMIxServer", "PMIxWire", "SpreadDaemon", "FluxBroker", "Ordering",
                "Bytes",
                "Sockets", "CLibc", "CPMIx", parser,
            ],
            swiftSettings: swift,
            // The default linker repeats a warning of glibc's about a call inside the static Foundation.
            linkerSettings: [.unsafeFlags(["-use-ld=lld"])]))
}
let package = Package(name: "Muster", products: products, dependencies: packages, targets: targets)
