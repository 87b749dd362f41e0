// The numbers that pair a response with its request. A tag whose future went away before its response came stays taken
// until that response arrives: whoever reads it gives the tag back.
import CLibc
import Sockets

public enum Matchtag {
    /// Of messages that expect no response.
    public static let none: UInt32 = 0
}

/// The lowest free number first; twice as many when all are taken.
struct TagPool {
    enum Freed { case freed, wasFree, unknown }

    private static let mostWords = 1 << 20

    /// A bit for each number, set while it is free.
    private var words: [UInt64]
    /// No word before this one has a bit set.
    private var firstWord = 0
    private(set) var availableCount: Int

    init() {
        words = [UInt64](repeating: .max, count: 16)
        words[0] &= ~1
        availableCount = words.count * 64 - 1
    }

    /// How many numbers there are, 0 among them.
    var count: Int { words.count * 64 }

    /// nil when there are as many as there may be.
    mutating func allocate() -> UInt32? {
        while firstWord < words.count, words[firstWord] == 0 { firstWord += 1 }
        if firstWord == words.count {
            guard words.count < TagPool.mostWords else { return nil }
            availableCount += count
            words.append(contentsOf: repeatElement(UInt64.max, count: words.count))
        }
        let bit = words[firstWord].trailingZeroBitCount
        words[firstWord] &= words[firstWord] - 1
        availableCount -= 1
        return UInt32(firstWord * 64 + bit)
    }

    mutating func free(_ tag: UInt32) -> Freed {
        let word = Int(tag / 64)
        guard tag != Matchtag.none, word < words.count else { return .unknown }
        let bit: UInt64 = 1 << UInt64(tag % 64)
        guard words[word] & bit == 0 else { return .wasFree }
        words[word] |= bit
        availableCount += 1
        firstWord = min(firstWord, word)
        return .freed
    }
}

/// What belongs to tags: a place each, as the pool gives the low ones first, and a dictionary for what others made up.
struct TagTable<Value> {
    private static var placeCount: Int { 1 << 16 }
    private var places: [Value?] = []
    private var others: [UInt32: Value] = [:]

    subscript(tag: UInt32) -> Value? {
        get {
            let place = Int(tag)
            if place < places.count { return places[place] }
            return others.isEmpty ? nil : others[tag]
        }
        set {
            let place = Int(tag)
            if place >= places.count {
                guard place < TagTable.placeCount, place <= 2 * places.count + 64 else {
                    others[tag] = newValue
                    return
                }
                growPlaces(to: place + 1)
            }
            places[place] = newValue
        }
    }

    private mutating func growPlaces(to count: Int) {
        let from = places.count
        places.append(contentsOf: repeatElement(nil, count: max(count, 64) - from))
        guard !others.isEmpty else { return }
        for tag in from..<places.count {
            if let moved = others.removeValue(forKey: UInt32(tag)) { places[tag] = moved }
        }
    }

    mutating func removeAll() {
        places = []
        others = [:]
    }
}
