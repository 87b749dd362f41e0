// compare: reference
// The key-value store without a broker: what is sent, directories, and NULL everywhere. With a broker: kvs_broker.sh.
#include "tap.h"

#include <errno.h>
#include <flux/core.h>

#define fails(call, code, ...) \
    do { \
        errno = 0; \
        bool failed = (call); \
        int found = errno; \
        ok(failed && found == (code), __VA_ARGS__); \
        if (failed && found != (code)) diag("errno %d, not %d", found, (code)); \
    } while (0)

static flux_t *h;

// What was sent last, as text; the caller frees it.
static char *sent(const char *topic) {
    flux_msg_t *msg = flux_recv(h, FLUX_MATCH_REQUEST, FLUX_O_NONBLOCK);
    const char *found = NULL, *text = NULL;
    char *copy = NULL;
    if (msg && flux_request_decode(msg, &found, &text) == 0 && text) copy = strdup(text);
    is_str(found, topic, "%s is asked", topic);
    flux_msg_destroy(msg);
    return copy;
}

static void says(flux_future_t *f, const char *topic, const char *expected) {
    ok(f != NULL, "there is a future");
    char *text = sent(topic);
    is_str(text, expected, "as it should be");
    free(text);
    flux_future_destroy(f);
}

static void transactions(void) {
    flux_kvs_txn_t *txn = flux_kvs_txn_create();
    ok(txn && flux_kvs_txn_is_empty(txn) && flux_kvs_txn_is_empty(NULL), "nothing is to be done");
    is_int(flux_kvs_txn_put(txn, 0, "a.b", "foo"), 0, "a text");
    is_int(flux_kvs_txn_put(txn, FLUX_KVS_APPEND, "c", NULL), 0, "nothing added");
    is_int(flux_kvs_txn_put_raw(txn, 0, "d", "\0\1", 2), 0, "bytes");
    is_int(flux_kvs_txn_pack(txn, 0, "e", "{s:i}", "x", 1), 0, "JSON");
    is_int(flux_kvs_txn_mkdir(txn, 0, "f"), 0, "a directory");
    is_int(flux_kvs_txn_unlink(txn, 0, "g"), 0, "a removal");
    is_int(flux_kvs_txn_symlink(txn, 0, "h", NULL, "a.b"), 0, "a link");
    is_int(flux_kvs_txn_put_treeobj(txn, 0, "i", "{\"ver\":1,\"type\":\"val\",\"data\":\"Zm9v\"}"), 0, "an entry");
    ok(!flux_kvs_txn_is_empty(txn), "something is to be done");
    says(flux_kvs_commit(h, "ns", 1, txn), "kvs.commit",
        "{\"namespace\":\"ns\",\"flags\":1,\"ops\":["
        "{\"key\":\"a.b\",\"flags\":0,\"dirent\":{\"ver\":1,\"type\":\"val\",\"data\":\"Zm9v\"}},"
        "{\"key\":\"c\",\"flags\":32,\"dirent\":{\"ver\":1,\"type\":\"val\",\"data\":\"\"}},"
        "{\"key\":\"d\",\"flags\":0,\"dirent\":{\"ver\":1,\"type\":\"val\",\"data\":\"AAE=\"}},"
        "{\"key\":\"e\",\"flags\":0,\"dirent\":{\"ver\":1,\"type\":\"val\",\"data\":\"eyJ4IjoxfQ==\"}},"
        "{\"key\":\"f\",\"flags\":0,\"dirent\":{\"ver\":1,\"type\":\"dir\",\"data\":{}}},"
        "{\"key\":\"g\",\"flags\":0,\"dirent\":null},"
        "{\"key\":\"h\",\"flags\":0,\"dirent\":{\"ver\":1,\"type\":\"symlink\",\"data\":{\"target\":\"a.b\"}}},"
        "{\"key\":\"i\",\"flags\":0,\"dirent\":{\"ver\":1,\"type\":\"val\",\"data\":\"Zm9v\"}}]}");
    ok(flux_kvs_txn_clear(txn) == 0 && flux_kvs_txn_is_empty(txn), "forgotten");
    flux_kvs_txn_put(txn, FLUX_KVS_APPEND, "k", "A");
    flux_kvs_txn_put(txn, 0, "l", "x");
    flux_kvs_txn_put(txn, FLUX_KVS_APPEND, "k", "B");
    says(flux_kvs_commit(h, "ns", FLUX_KVS_TXN_COMPACT, txn), "kvs.commit",
        "{\"namespace\":\"ns\",\"flags\":0,\"ops\":["
        "{\"key\":\"k\",\"flags\":32,\"dirent\":{\"ver\":1,\"type\":\"val\",\"data\":\"QUI=\"}},"
        "{\"key\":\"l\",\"flags\":0,\"dirent\":{\"ver\":1,\"type\":\"val\",\"data\":\"eA==\"}}]}");
    flux_kvs_txn_put(txn, 0, "k", "C");
    fails(!flux_kvs_commit(h, "ns", FLUX_KVS_TXN_COMPACT, txn), EINVAL, "what is overwritten does not become one");
    fails(flux_kvs_txn_put(txn, FLUX_KVS_WATCH, "k", "v") < 0, EINVAL, "flags that mean nothing");
    fails(flux_kvs_txn_mkdir(txn, FLUX_KVS_APPEND, "k") < 0, EINVAL, "a directory is not added to");
    fails(flux_kvs_txn_put(txn, 0, "", "v") < 0, EINVAL, "an empty key");
    fails(flux_kvs_txn_put_treeobj(txn, 0, "k", "{}") < 0, EPROTO, "what is no entry");
    fails(flux_kvs_txn_put_treeobj(txn, 0, "k", "{\"ver\":2,\"type\":\"val\",\"data\":\"\"}") < 0, EPROTO,
        "of this version");
    fails(flux_kvs_txn_pack(txn, 0, "k", "{s:") < 0, EINVAL, "a format without an end");
    fails(flux_kvs_txn_put(txn, 0, NULL, "v") < 0 || flux_kvs_txn_put(NULL, 0, "k", "v") == 0, EINVAL, "no key");
    fails(flux_kvs_txn_put_raw(NULL, 0, "k", "v", 1) < 0, EINVAL, "put_raw of NULL");
    fails(flux_kvs_txn_put_treeobj(txn, 0, "k", NULL) < 0, EINVAL, "put_treeobj of NULL");
    fails(flux_kvs_txn_pack(txn, 0, "k", NULL) < 0, EINVAL, "pack of NULL");
    fails(flux_kvs_txn_mkdir(NULL, 0, "k") < 0, EINVAL, "mkdir of NULL");
    fails(flux_kvs_txn_unlink(txn, 0, NULL) < 0, EINVAL, "unlink of NULL");
    fails(flux_kvs_txn_symlink(txn, 0, "k", NULL, NULL) < 0, EINVAL, "symlink of NULL");
    fails(flux_kvs_txn_clear(NULL) < 0, EINVAL, "clear of NULL");
    flux_kvs_txn_destroy(txn);
    flux_kvs_txn_destroy(NULL);
}

static void questions(void) {
    says(flux_kvs_lookup(h, NULL, 0, "a"), "kvs.lookup", "{\"key\":\"a\",\"namespace\":\"primary\",\"flags\":0}");
    setenv("FLUX_KVS_NAMESPACE", "mine", 1);
    says(flux_kvs_lookup(h, NULL, FLUX_KVS_READDIR, "a"), "kvs.lookup",
        "{\"key\":\"a\",\"namespace\":\"mine\",\"flags\":1}");
    unsetenv("FLUX_KVS_NAMESPACE");
    says(flux_kvs_lookup(h, "ns", FLUX_KVS_WAITCREATE, "a"), "kvs-watch.lookup",
        "{\"key\":\"a\",\"namespace\":\"ns\",\"flags\":8}");
    says(flux_kvs_lookup(h, "ns", FLUX_KVS_WATCH | FLUX_KVS_WATCH_UNIQ, "a"), "kvs-watch.lookup",
        "{\"key\":\"a\",\"namespace\":\"ns\",\"flags\":132}");
    says(flux_kvs_lookupat(h, 0, "a", "{\"ver\":1,\"type\":\"dir\",\"data\":{}}"), "kvs.lookup",
        "{\"key\":\"a\",\"flags\":0,\"rootdir\":{\"ver\":1,\"type\":\"dir\",\"data\":{}}}");
    says(flux_kvs_getroot(h, "ns", 0), "kvs.getroot", "{\"namespace\":\"ns\",\"flags\":0}");
    says(flux_kvs_namespace_create_with(h, "ns", "sha1-x", 5, 0), "kvs.namespace-create",
        "{\"namespace\":\"ns\",\"rootref\":\"sha1-x\",\"owner\":5,\"flags\":0}");
    says(flux_kvs_namespace_remove(h, "ns"), "kvs.namespace-remove", "{\"namespace\":\"ns\"}");
    fails(!flux_kvs_lookup(h, NULL, 0x1000, "a"), EINVAL, "flags that mean nothing");
    fails(!flux_kvs_lookup(h, NULL, FLUX_KVS_READDIR | FLUX_KVS_READLINK, "a"), EINVAL, "flags that exclude");
    fails(!flux_kvs_lookup(h, NULL, FLUX_KVS_WATCH_FULL, "a"), EINVAL, "a way of watching without it");
    fails(!flux_kvs_lookup(h, NULL, 0, ""), EINVAL, "an empty key");
    fails(!flux_kvs_lookup(h, NULL, 0, NULL), EINVAL, "no key");
    fails(!flux_kvs_lookup(NULL, NULL, 0, "a"), EINVAL, "no handle");
    fails(!flux_kvs_lookupat(h, FLUX_KVS_WATCH, "a", "{}"), EINVAL, "a snapshot does not change");
    fails(!flux_kvs_lookupat(h, 0, "a", "{"), EINVAL, "what is no snapshot");
    fails(!flux_kvs_lookupat(h, 0, "a", NULL), EINVAL, "no snapshot");
    fails(!flux_kvs_getroot(h, NULL, 1), EINVAL, "a root has no flags");
    fails(!flux_kvs_getroot(NULL, NULL, 0), EINVAL, "a root of nothing");
    fails(!flux_kvs_namespace_create(h, NULL, 0, 0), EINVAL, "a namespace without a name");
    fails(!flux_kvs_namespace_create_with(h, "ns", NULL, 0, 0), EINVAL, "a namespace without a root");
    fails(!flux_kvs_namespace_remove(h, NULL), EINVAL, "no namespace to remove");
    fails(!flux_kvs_commit(h, NULL, 0, NULL), EINVAL, "nothing to commit");
    fails(!flux_kvs_copy(h, NULL, NULL, NULL, "a", 0), EINVAL, "nothing to copy");
    fails(!flux_kvs_move(NULL, NULL, "a", NULL, "b", 0), EINVAL, "nowhere to move");
}

static void strangers(void) {
    const char *text;
    const void *data;
    size_t size;
    int number;
    uint32_t owner;
    const flux_kvsdir_t *dir;
    flux_future_t *f = flux_future_create(NULL, NULL);
    fails(flux_kvs_lookup_get(f, &text) < 0, EINVAL, "the future of something else has no value");
    fails(flux_kvs_lookup_get_raw(f, &data, &size) < 0, EINVAL, "nor bytes");
    fails(flux_kvs_lookup_get_unpack(f, "{}") < 0, EINVAL, "nor JSON");
    fails(flux_kvs_lookup_get_treeobj(f, &text) < 0, EINVAL, "nor an entry");
    fails(flux_kvs_lookup_get_dir(f, &dir) < 0, EINVAL, "nor a directory");
    fails(flux_kvs_lookup_get_symlink(f, &text, &text) < 0, EINVAL, "nor a link");
    fails(!flux_kvs_lookup_get_key(f), EINVAL, "nor a key");
    fails(flux_kvs_lookup_cancel(f) < 0, EINVAL, "nor an end");
    fails(flux_kvs_lookup_cancel(NULL) < 0, EINVAL, "neither has NULL");
    fails(flux_kvs_getroot_get_treeobj(f, &text) < 0, EINVAL, "nor a root");
    fails(flux_kvs_getroot_get_treeobj(NULL, &text) < 0, EINVAL, "neither has NULL a root");
    fails(flux_kvs_getroot_get_blobref(f, NULL) < 0, EINVAL, "nor a blob");
    fails(flux_kvs_getroot_get_sequence(NULL, &number) < 0, EINVAL, "nor a version");
    fails(flux_kvs_getroot_get_owner(NULL, &owner) < 0, EINVAL, "nor an owner");
    fails(flux_kvs_commit_get_treeobj(f, &text) < 0, EINVAL, "nor a commit");
    fails(flux_kvs_commit_get_rootref(NULL, &text) < 0, EINVAL, "nor its blob");
    fails(flux_kvs_commit_get_sequence(f, NULL) < 0, EINVAL, "nor its version");
    flux_future_destroy(f);
}

static void directories(void) {
    const char *entries = "{\"ver\":1,\"type\":\"dir\",\"data\":{\"b\":{\"ver\":1,\"type\":\"val\",\"data\":\"\"},"
                          "\"a\":{\"ver\":1,\"type\":\"dir\",\"data\":{}},"
                          "\"c\":{\"ver\":1,\"type\":\"symlink\",\"data\":{\"target\":\"a\"}}}}";
    fails(!flux_kvsdir_create(h, NULL, NULL, entries), EINVAL, "a directory needs a key");
    fails(!flux_kvsdir_create(h, NULL, "k", NULL), EINVAL, "and entries");
    fails(!flux_kvsdir_create(h, NULL, "k", "{}"), EINVAL, "that are some");
    fails(!flux_kvsdir_create(h, NULL, "k", "{\"ver\":1,\"type\":\"val\",\"data\":\"\"}"), EINVAL, "and no value");
    flux_kvsdir_t *dir = flux_kvsdir_create(h, "root", "k.l", entries);
    is_int(flux_kvsdir_get_size(dir), 3, "three names");
    ok(flux_kvsdir_handle(dir) == h, "its handle");
    is_str(flux_kvsdir_key(dir), "k.l", "its key");
    is_str(flux_kvsdir_rootref(dir), "root", "its snapshot");
    ok(flux_kvsdir_exists(dir, "a") && flux_kvsdir_exists(dir, "b") && !flux_kvsdir_exists(dir, "z"), "which names");
    ok(flux_kvsdir_isdir(dir, "a") && !flux_kvsdir_isdir(dir, "b"), "which directories");
    ok(flux_kvsdir_issymlink(dir, "c") && !flux_kvsdir_issymlink(dir, "a"), "which links");
    char *key = flux_kvsdir_key_at(dir, "a");
    is_str(key, "k.l.a", "the key of a name");
    free(key);
    flux_kvsitr_t *itr = flux_kvsitr_create(dir);
    is_str(flux_kvsitr_next(itr), "a", "the first");
    is_str(flux_kvsitr_next(itr), "b", "the second");
    is_str(flux_kvsitr_next(itr), "c", "the third");
    ok(!flux_kvsitr_next(itr), "and no more");
    flux_kvsitr_rewind(itr);
    is_str(flux_kvsitr_next(itr), "a", "and again");
    flux_kvsitr_destroy(itr);
    flux_kvsdir_t *copy = flux_kvsdir_copy(dir);
    flux_kvsdir_incref(copy);
    flux_kvsdir_destroy(dir);
    flux_kvsdir_destroy(copy);
    is_int(flux_kvsdir_get_size(copy), 3, "a copy outlives it");
    flux_kvsdir_destroy(copy);
    dir = flux_kvsdir_create(NULL, NULL, ".", entries);
    key = flux_kvsdir_key_at(dir, "a");
    is_str(key, "a", "a key below the root");
    free(key);
    ok(!flux_kvsdir_handle(dir) && !flux_kvsdir_rootref(dir), "without a handle and a snapshot");
    flux_kvsdir_destroy(dir);
    flux_kvsdir_destroy(NULL);
    flux_kvsitr_destroy(NULL);
    ok(!flux_kvsitr_next(NULL), "NULL has no names");
    fails(!flux_kvsitr_create(NULL), EINVAL, "and no iterator");
}

int main(void) {
    if (!(h = flux_open("loop://", 0))) bail("no handle");
    transactions();
    questions();
    strangers();
    directories();
    flux_close(h);
    return done_testing();
}
