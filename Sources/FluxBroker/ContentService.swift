// Blobs by themselves: stored under the hash of what they are.
import CLibc
import Flux

final class ContentService: ServiceProvider {
    private let content: ContentStore

    init(_ content: ContentStore) {
        self.content = content
    }

    func register(_ services: Services) {
        services.add("content.store", .owner) { [unowned self] request in
            let bytes = request.message.payload?.bytes ?? []
            let reference = content.store(bytes)
            do throws(BackingFailure) {
                try content.save([])
            } catch {
                throw ServiceFailure(EIO, error.text)
            }
            request.respond(raw: reference.digest)
        }
        services.add("content.load", .owner) { [unowned self] request in
            guard let digest = request.message.payload?.bytes, let reference = BlobReference(digest: digest) else {
                throw ServiceFailure.malformed
            }
            let bytes: [UInt8]?
            do throws(BackingFailure) {
                bytes = try content.load(reference)
            } catch {
                throw ServiceFailure(EIO, error.text)
            }
            guard let bytes else { throw ServiceFailure(ENOENT) }
            request.respond(raw: bytes)
        }
        services.add("content.flush", .owner) { $0.respond() }
        services.add("content.dropcache", .owner) { $0.respond() }
        services.add("content.disconnect", .any) { _ in }
    }
}
