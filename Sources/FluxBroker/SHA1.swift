// SHA-1 (FIPS 180-4): names of blobs, not security. It has to be this one, because references of the KVS say so and
// are compared across instances.

enum SHA1 {
    static func digest(_ bytes: [UInt8]) -> [UInt8] {
        var state: (UInt32, UInt32, UInt32, UInt32, UInt32) =
            (0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476, 0xc3d2_e1f0)
        var words = [UInt32](repeating: 0, count: 80)
        let wholeCount = bytes.count / 64
        bytes.withUnsafeBytes { bytes in
            for block in 0..<wholeCount { mix(&state, &words, bytes, at: block * 64) }
        }
        var tail = Array(bytes[(wholeCount * 64)...])
        tail.append(0x80)
        while tail.count % 64 != 56 { tail.append(0) }
        let bitCount = UInt64(bytes.count) &* 8
        for shift in stride(from: 56, through: 0, by: -8) {
            tail.append(UInt8(truncatingIfNeeded: bitCount >> UInt64(shift)))
        }
        tail.withUnsafeBytes { bytes in
            for block in 0..<(bytes.count / 64) { mix(&state, &words, bytes, at: block * 64) }
        }
        return [state.0, state.1, state.2, state.3, state.4].flatMap { word in
            [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: word >> UInt32($0)) }
        }
    }

    private static func mix(
        _ state: inout (UInt32, UInt32, UInt32, UInt32, UInt32), _ words: inout [UInt32],
        _ bytes: UnsafeRawBufferPointer, at start: Int
    ) {
        for place in 0..<16 {
            words[place] = UInt32(
                bigEndian: bytes.loadUnaligned(fromByteOffset: start + place * 4, as: UInt32.self))
        }
        for place in 16..<80 {
            words[place] = turn(words[place - 3] ^ words[place - 8] ^ words[place - 14] ^ words[place - 16], 1)
        }
        var (a, b, c, d, e) = state
        for place in 0..<80 {
            let (choice, constant): (UInt32, UInt32) =
                switch place {
                case 0..<20: ((b & c) | (~b & d), 0x5a82_7999)
                case 20..<40: (b ^ c ^ d, 0x6ed9_eba1)
                case 40..<60: ((b & c) | (b & d) | (c & d), 0x8f1b_bcdc)
                default: (b ^ c ^ d, 0xca62_c1d6)
                }
            let next = turn(a, 5) &+ choice &+ e &+ constant &+ words[place]
            (a, b, c, d, e) = (next, a, turn(b, 30), c, d)
        }
        state = (state.0 &+ a, state.1 &+ b, state.2 &+ c, state.3 &+ d, state.4 &+ e)
    }

    private static func turn(_ word: UInt32, _ count: UInt32) -> UInt32 {
        word << count | word >> (32 - count)
    }
}
