/// First in, first out, without moving the rest each time.
struct Queue<Element> {
    private var items: [Element?] = []
    private var taken = 0

    var isEmpty: Bool { taken == items.count }
    var count: Int { items.count - taken }

    mutating func append(_ element: Element) {
        items.append(element)
    }

    mutating func removeFirst() -> Element? {
        guard taken < items.count else { return nil }
        let first = items[taken]
        items[taken] = nil
        taken += 1
        if taken == items.count {
            items.removeAll(keepingCapacity: items.count <= 64)
            taken = 0
        } else if taken >= 64, taken * 2 >= items.count {
            items.removeSubrange(0..<taken)
            taken = 0
        }
        return first
    }
}
