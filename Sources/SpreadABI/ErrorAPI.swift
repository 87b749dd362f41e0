import CLibc
import CSpread
import Spread

@c @implementation
public func SP_strerror(_ code: Int32) -> UnsafePointer<CChar>? {
    // Safety: a static text's bytes stay as long as the library does, and end with NUL.
    UnsafeRawPointer(SpreadError.text(code).utf8Start).assumingMemoryBound(to: CChar.self)
}

@c @implementation
public func SP_error(_ code: Int32) {
    let line = "SP_error: (" + String(code) + ") "
    _ = line.withCString { fputs($0, clibc_stdout()) }
    fputs(SP_strerror(code), clibc_stdout())
    fputs("\n", clibc_stdout())
}
