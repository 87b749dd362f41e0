/// Said without a word about usage.
struct Failed: Error, CustomStringConvertible {
    let description: String
}
