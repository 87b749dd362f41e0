// What the embedded runtime's own functions do, in less time. References are counted without atomic instructions
// while the process has one thread, as most programs of Flux have. The runtime's functions are weak: these take their
// place. N.B. they know how that runtime lays out an object (Swift 6.3): what destroys it stands second in its
// metadata, the count, all of whose bits but the highest are set for what never goes, beside the pointer to that.
#ifdef MUSTER_EMBEDDED

#include <errno.h>
#include <malloc.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/single_threaded.h>

typedef __attribute__((swiftcall)) void destroy_f(__attribute__((swift_context)) void *object);

struct metadata {
    const void *parent;
    destroy_f *destroy;
};

struct object {
    const struct metadata *metadata;
    intptr_t count;
};

#define IMMORTAL INTPTR_MAX

static inline int is_counted(const struct object *object) {
    // No object, or one that is told apart by its address.
    if ((intptr_t) object <= 0) return 0;
    return (__atomic_load_n(&object->count, __ATOMIC_RELAXED) & IMMORTAL) != IMMORTAL;
}

static inline void add(struct object *object, intptr_t n) {
    if (__libc_single_threaded)
        object->count += n;
    else
        __atomic_fetch_add(&object->count, n, __ATOMIC_RELAXED);
}

static inline intptr_t subtract(struct object *object, intptr_t n) {
    if (__libc_single_threaded) return object->count -= n;
    return __atomic_sub_fetch(&object->count, n, __ATOMIC_ACQ_REL);
}

static void destroy(struct object *object) {
    object->count |= IMMORTAL;
    object->metadata->destroy(object);
}

void *swift_retain(void *reference) {
    struct object *object = reference;
    if (is_counted(object)) add(object, 1);
    return object;
}

void *swift_retain_n(void *reference, uint32_t n) {
    struct object *object = reference;
    if (is_counted(object)) add(object, n);
    return object;
}

void swift_release(void *reference) {
    struct object *object = reference;
    if (is_counted(object) && (subtract(object, 1) & IMMORTAL) == 0) destroy(object);
}

void swift_release_n(void *reference, uint32_t n) {
    struct object *object = reference;
    if (is_counted(object) && (subtract(object, n) & IMMORTAL) == 0) destroy(object);
}

// How the runtime gets memory. What malloc() gives is aligned enough for all that it wants, and comes sooner. The
// name stays within the library.
int posix_memalign(void **place, size_t alignment, size_t size) {
    *place = alignment <= _Alignof(max_align_t) ? malloc(size) : memalign(alignment, size);
    return *place ? 0 : ENOMEM;
}

#endif
