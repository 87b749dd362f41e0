import Bytes
import Testing

@Suite("bytes moved in one piece")
struct CopyingTests {
    @Test("arrays are the same when every byte is, whatever their length")
    func same() {
        for count in 0...40 {
            let bytes = (0..<count).map { UInt8($0) }
            #expect(bytes.isSame(as: Array(bytes)))
            #expect(!bytes.isSame(as: bytes + [0]))
            for place in 0..<count {
                var other = bytes
                other[place] ^= 0x80
                #expect(!bytes.isSame(as: other))
            }
        }
    }

    @Test("a range is put where it is asked to be, and nowhere else")
    func put() {
        var room = [UInt8](repeating: 9, count: 8)
        room.put([1, 2, 3, 4, 5], 1..<4, at: 2)
        #expect(room == [9, 9, 2, 3, 4, 9, 9, 9])
        room.put([], 0..<0, at: 8)
        #expect(room.part(2..<5) == [2, 3, 4])
        #expect([UInt8](room: 5).count == 5)
    }
}
