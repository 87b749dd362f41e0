/// An object that C holds. Its users in C are counted apart from Swift's references, because the call that takes the last
/// one away has to free what hangs on the object before it returns, whoever in Swift still looks at it.
open class Counted {
    private var uses = 1
    /// What keeps the object alive as long as somebody uses it.
    private var own: Counted?

    public init() {
        own = self
    }

    public final var isInUse: Bool { uses > 0 }

    public final func addUse() {
        uses += 1
    }

    public final func dropUse() {
        guard uses > 0 else { return }
        uses -= 1
        guard uses == 0 else { return }
        tearDown()
        own = nil
    }

    /// The last user has gone: gives back everything, calls nobody's callbacks but those that free. Overriding ones end
    /// with super's.
    open func tearDown() {}
}
