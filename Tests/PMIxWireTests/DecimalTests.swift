import Foundation
import Testing

@testable import PMIxWire

@Suite("decimal text of FLOAT and DOUBLE")
struct DecimalTests {
    private func ours(_ value: Double) -> String { String(decoding: Decimal.format(value), as: UTF8.self) }

    private func theirs(_ value: Double) -> String {
        var buffer = [CChar](repeating: 0, count: 400)
        let count = withVaList([value]) { vsnprintf(&buffer, buffer.count, "%f", $0) }
        return String(decoding: buffer.prefix(Int(count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    @Test("numbers at every edge look as printf writes them")
    func edges() {
        let values: [Double] = [
            0, -0.0, 1, -1, 0.5, 1.5, 0.1, 0.2, 1.0 / 3, 0.000_000_5, 0.000_001_5, 0.000_002_5, 0.999_999_5,
            0.999_999_4,
            9.999_999_5, 1e-6, 5e-7, 4.9e-7, 5.1e-7, 1e-300, .leastNonzeroMagnitude, .leastNormalMagnitude, 1e15, 1e16,
            9_007_199_254_740_991, 9_007_199_254_740_992, 4_503_599_627_370_495.5, 1e22, 1e100,
            1e300, .greatestFiniteMagnitude, .infinity, -.infinity, .pi, -.pi * 1e7, 123_456_789.987_654_321,
            0.5 / 64, 1.0 / 128, 3.0 / 128, 2_147_483_647.999_999_5, Double(Float.greatestFiniteMagnitude),
        ]
        for value in values { #expect(ours(value) == theirs(value)) }
    }

    @Test("with two places as printf writes it")
    func twoPlaces() {
        for value in [0, 0.005, 0.015, 0.025, 1.005, 2.675, 99.995, 1e15 + 0.3, 1e20, -0.125, 0.375, 1.0 / 3] {
            var buffer = [CChar](repeating: 0, count: 400)
            let count = withVaList([value]) { vsnprintf(&buffer, buffer.count, "%.2f", $0) }
            let theirs = String(decoding: buffer.prefix(Int(count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
            #expect(String(decoding: Decimal.format(value, places: 2), as: UTF8.self) == theirs)
        }
    }

    @Test("exact ties go to the even side")
    func ties() {
        // k / 2^7 has seven decimals, the last a 5: a tie for every odd k.
        for k in 0..<4096 {
            let value = Double(k) / 128
            #expect(ours(value) == theirs(value))
        }
    }

    @Test("10000 seeded numbers of every magnitude look as printf writes them")
    func many() {
        var random = SplitMix(seed: 20_260_101)
        var wrong: [Double] = []
        for _ in 0..<10_000 {
            let exponent = Int(random.next() % 90) - 40
            let value = Double(
                sign: random.next() % 2 == 0 ? .plus : .minus, exponent: exponent,
                significand: 1 + Double(random.next() >> 12) / 0x1p52)
            if ours(value) != theirs(value) { wrong.append(value) }
        }
        #expect(wrong == [])
    }

    @Test("any bit pattern can be written, and its text read")
    func patterns() {
        var random = SplitMix(seed: 7)
        for _ in 0..<400 {
            let value = Double(bitPattern: random.next())
            let text = Decimal.format(value)
            if value.isNaN {
                #expect(text == Array("nan".utf8))
                continue
            }
            #expect(ours(value) == theirs(value))
            let back = Decimal.parse(text)
            #expect(back == strtod(theirs(value), nil))
        }
    }

    @Test("text that is no number is refused", arguments: ["", "x", "1.0x", "1,5", String(repeating: "1", count: 513)])
    func noNumber(text: String) {
        #expect(Decimal.parse(Array(text.utf8)) == nil)
    }
}

/// A small generator with a seed, so that a failure repeats (Steele, Lea, Flood: SplitMix64).
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}
