import CFlux
import Flux

@c @implementation
public func flux_core_version_string() -> UnsafePointer<CChar>? {
    // Safety: a static text's bytes stay as long as the library does, and end with NUL.
    UnsafeRawPointer(Version.text.utf8Start).assumingMemoryBound(to: CChar.self)
}

@c @implementation
public func flux_core_version(
    _ major: UnsafeMutablePointer<Int32>?, _ minor: UnsafeMutablePointer<Int32>?, _ patch: UnsafeMutablePointer<Int32>?
) -> Int32 {
    major?.pointee = Version.major
    minor?.pointee = Version.minor
    patch?.pointee = Version.patch
    return Version.number
}
