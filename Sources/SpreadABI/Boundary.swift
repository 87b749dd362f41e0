// The rules of this edge: an entry point checks its pointers, converts in, makes one engine call and converts out. Errors
// travel as thrown SpreadError and become C's code in one place. Outputs whose place is NULL are not written.
import CLibc
import CSpread
import Spread

typealias AuthenticationFunction = @convention(c) (Int32, UnsafeMutableRawPointer?) -> Int32

/// The code of what a call threw, or what it returned.
func status(_ body: () throws(SpreadError) -> Int32) -> Int32 {
    do {
        return try body()
    } catch {
        return error.code
    }
}

func bytes(_ text: UnsafePointer<CChar>?) -> [UInt8] {
    guard let text else { return [] }
    return Array(UnsafeRawBufferPointer(start: text, count: strlen(text)))
}

/// The names of an array of C's.
func names(_ groups: UnsafePointer<CChar>?, _ count: Int32) throws(SpreadError) -> [GroupName] {
    guard count > 0 else {
        guard count == 0 else { throw .illegalGroup }
        return []
    }
    guard let groups, count <= Int32(Limits.groups) else { throw .illegalGroup }
    return (0..<Int(count)).map { GroupName(wire: UnsafeRawPointer(groups + $0 * GroupName.byteCount)) }
}

/// One piece of memory; a negative length is no message.
func piece(_ start: UnsafePointer<CChar>?, _ count: Int32) throws(SpreadError) -> [UnsafeRawBufferPointer] {
    guard count >= 0, start != nil || count == 0 else { throw .illegalMessage }
    return [UnsafeRawBufferPointer(start: start, count: Int(count))]
}

func room(
    _ start: UnsafeMutablePointer<CChar>?, _ count: Int32
) throws(SpreadError) -> [UnsafeMutableRawBufferPointer] {
    guard count >= 0 else { throw .illegalMessage }
    return start == nil ? [] : [UnsafeMutableRawBufferPointer(start: start, count: Int(count))]
}

/// The elements of a scatter that is used for receiving.
func room(_ scatter: UnsafeMutablePointer<scatter>?) throws(SpreadError) -> [UnsafeMutableRawBufferPointer] {
    // C's unsigned counts are signed here: the largest are negative.
    guard let scatter, (0...Limits.scatterElements).contains(Int(scatter.pointee.num_elements)) else {
        throw .illegalMessage
    }
    var pieces: [UnsafeMutableRawBufferPointer] = []
    var isLegal = true
    withUnsafePointer(to: &scatter.pointee.elements) { all in
        all.withMemoryRebound(to: scat_element.self, capacity: Limits.scatterElements) { elements in
            for place in 0..<Int(scatter.pointee.num_elements) {
                let element = elements[place]
                guard element.len != 0 else { continue }
                guard element.buf != nil, (0...Int(Int32.max)).contains(Int(element.len)) else {
                    isLegal = false
                    return
                }
                pieces.append(UnsafeMutableRawBufferPointer(start: element.buf, count: Int(element.len)))
            }
        }
    }
    guard isLegal else { throw .illegalMessage }
    return pieces
}

/// The same for sending: nothing is written to.
func pieces(_ scattered: UnsafePointer<scatter>?) throws(SpreadError) -> [UnsafeRawBufferPointer] {
    try room(UnsafeMutablePointer(mutating: scattered)).map { UnsafeRawBufferPointer($0) }
}
