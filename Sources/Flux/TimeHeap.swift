// Watchers by the time at which they are due; those of one time as they came.

struct TimeHeap {
    private struct Entry {
        let time: Double
        let number: UInt64
        let watcher: Watcher

        func isBefore(_ other: Entry) -> Bool {
            time < other.time || (time == other.time && number < other.number)
        }
    }

    private var entries: [Entry] = []
    private var number: UInt64 = 0

    var isEmpty: Bool { entries.isEmpty }
    var firstTime: Double? { entries.first?.time }

    mutating func add(_ watcher: Watcher, at time: Double) {
        number += 1
        entries.append(Entry(time: time, number: number, watcher: watcher))
        watcher.place = entries.count - 1
        rise(entries.count - 1)
    }

    mutating func remove(_ watcher: Watcher) {
        let place = watcher.place
        guard place < entries.count, entries[place].watcher === watcher else { return }
        let last = entries.removeLast()
        guard place < entries.count else { return }
        put(last, place)
        rise(place)
        sink(place)
    }

    mutating func removeFirst() -> Watcher? {
        guard let first = entries.first?.watcher else { return nil }
        remove(first)
        return first
    }

    mutating func removeAll() -> [Watcher] {
        let all = entries.map { $0.watcher }
        entries = []
        return all
    }

    private mutating func put(_ entry: Entry, _ place: Int) {
        entries[place] = entry
        entry.watcher.place = place
    }

    private mutating func rise(_ from: Int) {
        var place = from
        let entry = entries[place]
        while place > 0 {
            let parent = (place - 1) / 2
            guard entry.isBefore(entries[parent]) else { break }
            put(entries[parent], place)
            place = parent
        }
        put(entry, place)
    }

    private mutating func sink(_ from: Int) {
        var place = from
        let entry = entries[place]
        while true {
            var child = place * 2 + 1
            guard child < entries.count else { break }
            if child + 1 < entries.count, entries[child + 1].isBefore(entries[child]) { child += 1 }
            guard entries[child].isBefore(entry) else { break }
            put(entries[child], place)
            place = child
        }
        put(entry, place)
    }
}
