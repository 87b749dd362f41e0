// The key-value store against a broker, in which kvs_broker.sh runs this.
#include "tap.h"

#include <errno.h>
#include <flux/core.h>
#include <unistd.h>

static flux_t *h;

// Does what is in a transaction, and forgets it.
static int commit(const char *ns, int flags, flux_kvs_txn_t *txn) {
    flux_future_t *f = flux_kvs_commit(h, ns, flags, txn);
    int version = -1;
    if (!f || flux_kvs_commit_get_sequence(f, &version) < 0) version = -1;
    flux_future_destroy(f);
    flux_kvs_txn_clear(txn);
    return version;
}

static void value(const char *ns, const char *key, const char *expected, const char *what) {
    const char *text = NULL;
    flux_future_t *f = flux_kvs_lookup(h, ns, 0, key);
    ok(f && flux_kvs_lookup_get(f, &text) == 0, "%s is there", key);
    is_str(text, expected, "%s", what);
    flux_future_destroy(f);
}

static void missing(const char *ns, int flags, const char *key, int code, const char *what) {
    flux_future_t *f = flux_kvs_lookup(h, ns, flags, key);
    errno = 0;
    ok(f && flux_kvs_lookup_get(f, NULL) < 0 && errno == code, "%s", what);
    flux_future_destroy(f);
}

static void values(flux_kvs_txn_t *txn) {
    flux_kvs_txn_put(txn, 0, "t.a", "foo");
    flux_kvs_txn_put_raw(txn, 0, "t.raw", "\0\1\2", 3);
    flux_kvs_txn_pack(txn, 0, "t.json", "{s:i s:s}", "n", 42, "s", "text");
    flux_kvs_txn_put(txn, 0, "t.empty", NULL);
    flux_kvs_txn_symlink(txn, 0, "t.link", NULL, "t.a");
    flux_kvs_txn_mkdir(txn, 0, "t.dir");
    ok(commit(NULL, 0, txn) > 0, "a commit has a version");
    value(NULL, "t.a", "foo", "a text");
    value(NULL, "t.link", "foo", "through a link");
    value(NULL, "t.empty", NULL, "an empty value is NULL");
    const void *data = NULL;
    size_t size = 0;
    flux_future_t *f = flux_kvs_lookup(h, NULL, 0, "t.raw");
    ok(flux_kvs_lookup_get_raw(f, &data, &size) == 0 && size == 3 && !memcmp(data, "\0\1\2", 3), "bytes");
    is_str(flux_kvs_lookup_get_key(f), "t.raw", "and what they were asked by");
    flux_future_destroy(f);
    int number = 0;
    const char *text = NULL, *ns = "x";
    f = flux_kvs_lookup(h, NULL, 0, "t.json");
    ok(flux_kvs_lookup_get_unpack(f, "{s:i s:s}", "n", &number, "s", &text) == 0 && number == 42, "JSON");
    errno = 0;
    // -1; the original returns 1.
    ok(flux_kvs_lookup_get_unpack(f, "{s:s}", "n", &text) != 0 && errno == EINVAL, "of another kind");
    flux_future_destroy(f);
    f = flux_kvs_lookup(h, NULL, FLUX_KVS_READLINK, "t.link");
    ok(flux_kvs_lookup_get_symlink(f, &ns, &text) == 0 && !ns && !strcmp(text, "t.a"), "a link");
    flux_future_destroy(f);
    flux_kvs_txn_put(txn, FLUX_KVS_APPEND, "t.a", "bar");
    commit(NULL, 0, txn);
    value(NULL, "t.a", "foobar", "added to");
    missing(NULL, 0, "t.none", ENOENT, "what is not there is ENOENT");
    missing(NULL, 0, "t", EISDIR, "a directory is no value");
    missing(NULL, FLUX_KVS_READDIR, "t.a", ENOTDIR, "a value is no directory");
    missing("nospace", 0, "t", ENOTSUP, "a namespace that is not there");
}

static void directory(void) {
    const flux_kvsdir_t *dir = NULL;
    flux_future_t *f = flux_kvs_lookup(h, NULL, FLUX_KVS_READDIR, "t");
    ok(flux_kvs_lookup_get_dir(f, &dir) == 0 && flux_kvsdir_get_size(dir) == 6, "a directory of six");
    flux_kvsitr_t *itr = flux_kvsitr_create(dir);
    is_str(flux_kvsitr_next(itr), "a", "in order");
    flux_kvsitr_destroy(itr);
    ok(flux_kvsdir_isdir(dir, "dir") && flux_kvsdir_issymlink(dir, "link") && !flux_kvsdir_isdir(dir, "a"), "of kinds");
    char *key = flux_kvsdir_key_at(dir, "a");
    value(NULL, key, "foobar", "by its whole key");
    free(key);
    flux_future_destroy(f);
}

static void roots(flux_kvs_txn_t *txn) {
    const char *entry = NULL, *blob = NULL, *text = NULL;
    int version = 0, now = 0;
    uint32_t owner = 0;
    flux_future_t *f = flux_kvs_getroot(h, NULL, 0);
    ok(flux_kvs_getroot_get_treeobj(f, &entry) == 0 && strstr(entry, "dirref"), "the root's entry");
    ok(flux_kvs_getroot_get_blobref(f, &blob) == 0 && !strncmp(blob, "sha1-", 5), "its blob");
    ok(flux_kvs_getroot_get_sequence(f, &version) == 0 && version > 0, "its version");
    ok(flux_kvs_getroot_get_owner(f, &owner) == 0 && owner == getuid(), "its owner");
    flux_kvs_txn_put(txn, 0, "t.a", "new");
    int next = commit(NULL, 0, txn);
    is_int(flux_kvs_get_version(h, NULL, &now), 0, "the version");
    ok(now == next && now > version, "has gone on");
    is_int(flux_kvs_wait_version(h, NULL, next), 0, "to the one that is waited for");
    flux_future_t *old = flux_kvs_lookupat(h, 0, "t.a", entry);
    ok(flux_kvs_lookup_get(old, &text) == 0, "a snapshot");
    is_str(text, "foobar", "does not change");
    flux_future_destroy(old);
    flux_future_destroy(f);
    f = flux_kvs_commit(h, NULL, 0, txn);
    ok(flux_kvs_commit_get_rootref(f, &blob) == 0 && !strncmp(blob, "sha1-", 5), "a commit says the blob");
    ok(flux_kvs_commit_get_treeobj(f, &entry) == 0 && strstr(entry, blob), "and the entry");
    flux_future_destroy(f);
}

static void done(flux_future_t *f, const char *what) {
    ok(f && flux_future_get(f, NULL) == 0, "%s", what);
    flux_future_destroy(f);
}

static void copies(flux_kvs_txn_t *txn) {
    done(flux_kvs_copy(h, NULL, "t.a", NULL, "u.a", 0), "a copy");
    value(NULL, "u.a", "new", "is there");
    done(flux_kvs_copy(h, NULL, "t", NULL, "v", 0), "a copy of a directory");
    value(NULL, "v.a", "new", "has what is in it");
    done(flux_kvs_move(h, NULL, "u.a", NULL, "u.b", 0), "a move");
    value(NULL, "u.b", "new", "is there");
    missing(NULL, 0, "u.a", ENOENT, "and not here");
    flux_future_t *f = flux_kvs_copy(h, NULL, "t.none", NULL, "u.c", 0);
    ok(flux_future_get(f, NULL) < 0 && errno == ENOENT, "a copy of nothing");
    flux_future_destroy(f);
    done(flux_kvs_namespace_create(h, "other", getuid(), 0), "a namespace");
    f = flux_kvs_namespace_create(h, "other", getuid(), 0);
    ok(flux_future_get(f, NULL) < 0 && errno == EEXIST, "is there once");
    flux_future_destroy(f);
    done(flux_kvs_copy(h, NULL, "t.a", "other", "x", 0), "a copy into it");
    value("other", "x", "new", "is there");
    flux_kvs_txn_put(txn, 0, "y", "1");
    ok(commit("other", 0, txn) > 0, "a commit to it");
    done(flux_kvs_namespace_remove(h, "other"), "it goes");
}

static void watch(flux_kvs_txn_t *txn) {
    const char *text = NULL;
    flux_future_t *f = flux_kvs_lookup(h, NULL, FLUX_KVS_WATCH | FLUX_KVS_WAITCREATE, "w.a");
    for (int i = 0; i < 3; i++) {
        char number[10];
        snprintf(number, sizeof number, "%d", i);
        flux_kvs_txn_put(txn, 0, "w.a", number);
        commit(NULL, 0, txn);
        ok(flux_kvs_lookup_get(f, &text) == 0, "a change");
        is_str(text, number, "to what it is now");
        flux_future_reset(f);
    }
    is_int(flux_kvs_lookup_cancel(f), 0, "no more of them");
    errno = 0;
    ok(flux_kvs_lookup_get(f, &text) < 0 && errno == ENODATA, "is the end");
    flux_future_destroy(f);
    f = flux_kvs_lookup(h, NULL, 0, "w.a");
    errno = 0;
    ok(flux_kvs_lookup_cancel(f) < 0 && errno == EINVAL, "what does not wait has no end");
    flux_future_destroy(f);
}

int main(void) {
    if (!(h = flux_open(NULL, 0))) bail("no broker");
    flux_kvs_txn_t *txn = flux_kvs_txn_create();
    values(txn);
    directory();
    roots(txn);
    copies(txn);
    watch(txn);
    flux_kvs_txn_destroy(txn);
    flux_close(h);
    return done_testing();
}
