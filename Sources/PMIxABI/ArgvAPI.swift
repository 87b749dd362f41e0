// Argv arrays and environments, as functions: what 4.2's headers compile into the program, later releases call. An argv is
// a malloc'd array of malloc'd strings, closed by NULL; a NULL argv is an empty one.
import CLibc
import CPMIx

private typealias CString = UnsafeMutablePointer<CChar>

private func each(_ argv: Argv?, _ body: (Int, CString) -> Void) {
    guard let argv else { return }
    var index = 0
    while let string = argv[index] {
        body(index, string)
        index += 1
    }
}

private func count(_ argv: Argv?) -> Int {
    var count = 0
    each(argv) { _, _ in count += 1 }
    return count
}

private func copy(_ bytes: UnsafePointer<CChar>, _ length: Int) -> CString? {
    guard let block = malloc(length + 1) else { return nil }
    memcpy(block, bytes, length)
    block.storeBytes(of: 0, toByteOffset: length, as: UInt8.self)
    return block.assumingMemoryBound(to: CChar.self)
}

/// Opens a gap for one string and takes ownership of it, also when there is no memory: then the array stays as it was.
private func adopt(_ argv: UnsafeMutablePointer<Argv?>, at place: Int, _ string: CString?) -> pmix_status_t {
    let held = count(argv.pointee)
    let stride = MemoryLayout<CString?>.stride
    guard let string, let block = realloc(argv.pointee, (held + 2) * stride) else {
        free(string)
        return PMIX_ERR_OUT_OF_RESOURCE
    }
    let grown = block.assumingMemoryBound(to: CString?.self)
    memmove(grown + place + 1, grown + place, (held - place) * stride)
    grown[place] = string
    grown[held + 1] = nil
    argv.pointee = grown
    return PMIX_SUCCESS
}

@c @implementation
public func PMIx_Argv_count(_ argv: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>!) -> Int32 {
    Int32(clamping: count(argv))
}

@c @implementation
public func PMIx_Argv_append_nosize(
    _ argv: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>!, _ arg: UnsafePointer<CChar>!
) -> pmix_status_t {
    guard let argv, let arg else { return PMIX_ERR_BAD_PARAM }
    return adopt(argv, at: count(argv.pointee), strdup(arg))
}

@c @implementation
public func PMIx_Argv_prepend_nosize(
    _ argv: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>!, _ arg: UnsafePointer<CChar>!
) -> pmix_status_t {
    guard let argv, let arg else { return PMIX_ERR_BAD_PARAM }
    return adopt(argv, at: 0, strdup(arg))
}

@c @implementation
public func PMIx_Argv_append_unique_nosize(
    _ argv: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>!, _ arg: UnsafePointer<CChar>!
) -> pmix_status_t {
    guard let argv, let arg else { return PMIX_ERR_BAD_PARAM }
    if let strings = argv.pointee {
        var index = 0
        while let string = strings[index] {
            if strcmp(string, arg) == 0 { return PMIX_SUCCESS }
            index += 1
        }
    }
    return PMIx_Argv_append_nosize(argv, arg)
}

@c @implementation
public func PMIx_Argv_free(_ argv: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>!) {
    freeArgv(argv)
}

/// An empty piece at the end never counts.
@c @implementation
public func PMIx_Argv_split_inter(
    _ src_string: UnsafePointer<CChar>!, _ delimiter: Int32, _ include_empty: Bool
) -> UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>! {
    guard var rest = src_string else { return nil }
    var argv: Argv?
    while rest.pointee != 0 {
        var length = 0
        while rest[length] != 0, Int32(rest[length]) != delimiter { length += 1 }
        if length > 0 || include_empty,
            adopt(&argv, at: count(argv), copy(rest, length)) != PMIX_SUCCESS
        {
            freeArgv(argv)
            return nil
        }
        rest += rest[length] == 0 ? length : length + 1
    }
    return argv
}

@c @implementation
public func PMIx_Argv_split(
    _ src_string: UnsafePointer<CChar>!, _ delimiter: Int32
) -> UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>! {
    PMIx_Argv_split_inter(src_string, delimiter, false)
}

@c @implementation
public func PMIx_Argv_split_with_empty(
    _ src_string: UnsafePointer<CChar>!, _ delimiter: Int32
) -> UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>! {
    PMIx_Argv_split_inter(src_string, delimiter, true)
}

@c @implementation
public func PMIx_Argv_join(
    _ argv: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>!, _ delimiter: Int32
) -> UnsafeMutablePointer<CChar>! {
    var total = 1
    each(argv) { _, string in total += strlen(string) + 1 }
    guard let block = malloc(total) else { return nil }
    var end = block
    each(argv) { index, string in
        if index > 0 {
            end.storeBytes(of: UInt8(truncatingIfNeeded: delimiter), as: UInt8.self)
            end += 1
        }
        let length = strlen(string)
        memcpy(end, string, length)
        end += length
    }
    end.storeBytes(of: 0, as: UInt8.self)
    return block.assumingMemoryBound(to: CChar.self)
}

@c @implementation
public func PMIx_Argv_copy(
    _ argv: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>!
) -> UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>! {
    guard let argv else { return nil }
    guard let block = Memory.zeroed(count(argv) + 1, MemoryLayout<CString?>.stride) else { return nil }
    let copied = block.assumingMemoryBound(to: CString?.self)
    var isComplete = true
    each(argv) { index, string in
        // The first that has no memory closes the copy.
        if isComplete { copied[index] = strdup(string) }
        isComplete = isComplete && copied[index] != nil
    }
    if isComplete { return copied }
    freeArgv(copied)
    return nil
}

/// `name=value` as a block; without a value, `name=`.
private func entry(_ name: UnsafePointer<CChar>, _ value: UnsafePointer<CChar>?) -> CString? {
    let length = strlen(name)
    let valueLength = value.map { strlen($0) } ?? 0
    guard let block = malloc(length + valueLength + 2) else { return nil }
    memcpy(block, name, length)
    block.storeBytes(of: UInt8(ascii: "="), toByteOffset: length, as: UInt8.self)
    if let value { memcpy(block + length + 1, value, valueLength) }
    block.storeBytes(of: 0, toByteOffset: length + 1 + valueLength, as: UInt8.self)
    return block.assumingMemoryBound(to: CChar.self)
}

/// N.B. of the process's own environment libc takes care: a NULL value removes the name, and one that is there already is
/// no error.
@c @implementation
public func PMIx_Setenv(
    _ name: UnsafePointer<CChar>!, _ value: UnsafePointer<CChar>!, _ overwrite: Bool,
    _ env: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>!
) -> pmix_status_t {
    guard let name, let env else { return PMIX_ERR_BAD_PARAM }
    if env.pointee == clibc_environ() {
        if let value { setenv(name, value, overwrite ? 1 : 0) } else { unsetenv(name) }
        return PMIX_SUCCESS
    }
    guard let entry = entry(name, value) else { return PMIX_ERR_OUT_OF_RESOURCE }
    let prefix = strlen(name) + 1
    if let strings = env.pointee {
        var index = 0
        while let held = strings[index] {
            if strncmp(held, entry, prefix) == 0 {
                free(overwrite ? held : entry)
                if overwrite { strings[index] = entry }
                return overwrite ? PMIX_SUCCESS : PMIX_ERR_EXISTS
            }
            index += 1
        }
    }
    return adopt(env, at: count(env.pointee), entry)
}
