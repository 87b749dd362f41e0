// PMIx_Publish, PMIx_Lookup, PMIx_Unpublish: what the host is given and what comes back.
// sources: host.c
#include "tap.h"
#include "host.h"
#include "client.h"

// ---- ranks

static pmix_status_t publish(const char *first, const char *second) {
    pmix_info_t infos[3];
    uint8_t range = PMIX_RANGE_SESSION;
    size_t n = second ? 3 : 1;
    PMIX_INFO_LOAD(&infos[0], first, "one", PMIX_STRING);
    if (second) {
        PMIX_INFO_LOAD(&infos[1], second, "two", PMIX_STRING);
        PMIX_INFO_LOAD(&infos[2], PMIX_RANGE, &range, PMIX_DATA_RANGE);
    }
    pmix_status_t rc = PMIx_Publish(infos, n);
    for (size_t i = 0; i < n; i++) PMIX_INFO_DESTRUCT(&infos[i]);
    return rc;
}

static void publisher(void) {
    client_start();
    check_int(publish("pub.a", "pub.b"), PMIX_SUCCESS, "PUB-2 publishes two keys with a range");
    client_say("published");
    client_hear("more");
    check_int(publish("pub.c", NULL), PMIX_SUCCESS, "PUB-2 publishes one key");
    client_say("published");
    client_hear("unpublish");
    char *some[] = {"pub.b", NULL};
    check_int(PMIx_Unpublish(some, NULL, 0), PMIX_SUCCESS, "UNPUB-1 withdraws one key");
    client_say("unpublished");
    client_hear("all");
    check_int(PMIx_Unpublish(NULL, NULL, 0), PMIX_SUCCESS, "UNPUB-1 withdraws everything");
    client_say("unpublished");
    client_hear("leave");
    client_stop();
}

static pmix_status_t look_up(pmix_pdata_t *data, size_t n, const char *const *keys, const pmix_info_t *info) {
    for (size_t i = 0; i < n; i++) {
        PMIX_PDATA_CONSTRUCT(&data[i]);
        strcpy(data[i].key, keys[i]);
    }
    return PMIx_Lookup(data, n, info, info ? 1 : 0);
}

static bool holds(const pmix_pdata_t *data, const char *text) {
    return data->value.type == PMIX_STRING && strcmp(data->value.data.string, text) == 0;
}

static void forget(pmix_pdata_t *data, size_t n) {
    for (size_t i = 0; i < n; i++) PMIX_PDATA_DESTRUCT(&data[i]);
}

static void find_all(void) {
    const char *keys[] = {"pub.b", "pub.a"};
    pmix_pdata_t data[2];
    check_int(look_up(data, 2, keys, NULL), PMIX_SUCCESS, "LOOKUP-1 finds both keys");
    check(holds(&data[0], "two") && holds(&data[1], "one"), "LOOKUP-1 each value stands with its key");
    check(strcmp(data[0].proc.nspace, me.nspace) == 0 && data[0].proc.rank == 0, "LOOKUP-1 the publisher is told");
    forget(data, 2);
}

static void find_some(void) {
    const char *keys[] = {"pub.none", "pub.a"};
    pmix_pdata_t data[2];
    pmix_status_t rc = look_up(data, 2, keys, NULL);
    check(rc == PMIX_SUCCESS || rc == PMIX_ERR_PARTIAL_SUCCESS, "LOOKUP-2 the host may return fewer");
    check(holds(&data[1], "one"), "LOOKUP-2 what was found stands with its key");
    check_int(data[0].value.type, PMIX_UNDEF, "LOOKUP-2 what was not found has no value");
    forget(data, 2);
}

static void find_none(const char *key, pmix_status_t expected, const char *what) {
    const char *keys[] = {key};
    pmix_pdata_t data[1];
    check_int(look_up(data, 1, keys, NULL), expected, "%s", what);
    forget(data, 1);
}

struct answer_nb {
    struct done done;
    size_t n;
    char key[PMIX_MAX_KEYLEN + 1], text[64];
};

static void on_found(pmix_status_t status, pmix_pdata_t data[], size_t n, void *cbdata) {
    struct answer_nb *answer = cbdata;
    answer->n = n;
    if (n > 0) snprintf(answer->key, sizeof answer->key, "%s", data[0].key);
    if (n > 0 && holds(&data[0], "one")) strcpy(answer->text, "one");
    done_op(status, &answer->done);
}

static void find_nb(void) {
    static struct answer_nb answer = {.done = DONE_INIT};
    char *keys[] = {"pub.a", "pub.none", NULL};
    check_int(PMIx_Lookup_nb(keys, NULL, 0, on_found, &answer), PMIX_SUCCESS, "PMIx_Lookup_nb");
    check(done_wait(&answer.done), "its callback comes");
    check_int(answer.n, 1, "LOOKUP-2 with what the host found");
    check(strcmp(answer.key, "pub.a") == 0 && strcmp(answer.text, "one") == 0, "LOOKUP-1 key and value");
}

static void finder(void) {
    bool flag = true;
    pmix_info_t wait;
    const char *keys[] = {"pub.a"};
    pmix_pdata_t data[1];
    client_start();
    find_all();
    find_some();
    find_none("pub.none", PMIX_ERR_NOT_FOUND, "LOOKUP-2 nothing found is NOT_FOUND");
    find_nb();
    PMIX_INFO_LOAD(&wait, PMIX_WAIT, &flag, PMIX_BOOL);
    check_int(look_up(data, 1, keys, &wait), PMIX_SUCCESS, "LOOKUP-3 a directive goes along");
    forget(data, 1);
    client_say("found");
    client_hear("again");
    find_none("pub.b", PMIX_ERR_NOT_FOUND, "UNPUB-1 a withdrawn key is gone");
    find_none("pub.a", PMIX_SUCCESS, "UNPUB-1 the others remain");
    client_say("found");
    client_hear("again");
    find_none("pub.a", PMIX_ERR_NOT_FOUND, "UNPUB-1 keys NULL withdraws all of the caller");
    client_stop();
}

static pmix_status_t publish_one(void *unused) {
    (void) unused;
    return publish("k", NULL);
}

static pmix_status_t publish_nothing(void *unused) {
    (void) unused;
    return PMIx_Publish(NULL, 0);
}

static pmix_status_t find_one(void *unused) {
    (void) unused;
    const char *keys[] = {"k"};
    pmix_pdata_t data[1];
    pmix_status_t rc = look_up(data, 1, keys, NULL);
    forget(data, 1);
    return rc;
}

static pmix_status_t withdraw_all(void *unused) {
    (void) unused;
    return PMIx_Unpublish(NULL, NULL, 0);
}

static void unserved(void) {
    long expected = atol(getenv("TEST_EXPECT"));
    client_start();
    check_int(client_attempt(publish_one, NULL), expected, "PUB-1 publish gets the host's status");
    check_int(client_attempt(find_one, NULL), expected, "PUB-1 lookup gets the host's status");
    check_int(client_attempt(withdraw_all, NULL), expected, "PUB-1 unpublish gets the host's status");
    client_stop();
}

static void done_at_once(void) {
    client_start();
    check_int(client_attempt(publish_nothing, NULL), PMIX_ERR_BAD_PARAM, "the interface refuses to publish nothing");
    check_int(client_attempt(publish_one, NULL), PMIX_SUCCESS, "PUB-1 publish may be done at once");
    check_int(client_attempt(find_one, NULL), PMIX_ERR_NOT_FOUND, "S12 a lookup the host says is done found nothing");
    check_int(client_attempt(withdraw_all, NULL), PMIX_SUCCESS, "UNPUB-1 unpublish may be done at once");
    client_stop();
}

// ---- hosts

static bool start_with(uint32_t local, enum manner manner, pmix_status_t status) {
    struct host_config config = {.local = local};
    struct answer answer = {manner, status};
    config.answer[UP_PUBLISH] = config.answer[UP_LOOKUP] = config.answer[UP_UNPUBLISH] = answer;
    return ok(host_start(&config), "the host starts");
}

static const char *infos_of(enum upcall what, int count) {
    const struct seen *seen = host_await(what, count);
    return seen ? seen->infos : NULL;
}

static const char *text_of(enum upcall what, int count) {
    const struct seen *seen = host_await(what, count);
    return seen ? seen->text : "not seen";
}

static void see_what_the_host_saw(const char *user) {
    char expected[128];
    snprintf(expected, sizeof expected, "pub.a=one pub.b=two pmix.range=4 %s", user);
    is_str(infos_of(UP_PUBLISH, 1), expected, "PUB-2 the host gets the infos in order and the uid last");
    snprintf(expected, sizeof expected, "pub.c=one %s", user);
    is_str(infos_of(UP_PUBLISH, 2), expected, "PUB-2 also without a directive");
    is_str(text_of(UP_LOOKUP, 1), "pub.b pub.a", "LOOKUP-1 the keys reach the host in the caller's order");
    is_str(infos_of(UP_LOOKUP, 1), user, "LOOKUP-3 with the uid");
    snprintf(expected, sizeof expected, "pmix.wait=true %s", user);
    is_str(infos_of(UP_LOOKUP, 5), expected, "LOOKUP-3 the uid comes after the directives");
    is_str(text_of(UP_UNPUBLISH, 1), "pub.b", "UNPUB-1 a key reaches the host");
    is_str(infos_of(UP_UNPUBLISH, 1), user, "UNPUB-1 with the uid");
    is_str(text_of(UP_UNPUBLISH, 2), NULL, "UNPUB-1 no keys are NULL for the host");
}

static void served_with(enum manner manner) {
    char user[64];
    if (!start_with(2, manner, PMIX_SUCCESS)) return;
    snprintf(user, sizeof user, "pmix.euid=%u", (unsigned) geteuid());
    int publisher = host_launch("testns", 0, "publisher");
    ok(host_hear(publisher, "published"), "published");
    host_tell(publisher, "more");
    ok(host_hear(publisher, "published"), "published more");
    int finder = host_launch("testns", 1, "finder");
    ok(host_hear(finder, "found"), "looked up");
    host_tell(publisher, "unpublish");
    ok(host_hear(publisher, "unpublished"), "withdrawn");
    host_tell(finder, "again");
    ok(host_hear(finder, "found"), "looked up again");
    host_tell(publisher, "all");
    ok(host_hear(publisher, "unpublished"), "withdrawn all");
    host_tell(finder, "again"), host_tell(publisher, "leave");
    host_report();
    see_what_the_host_saw(user);
    host_stop();
}

static void later(void) { served_with(LATER); }
static void at_once(void) { served_with(INLINE); }

static void unserved_with(enum manner manner, pmix_status_t status, const char *expected) {
    const char *variables[] = {"TEST_EXPECT", expected, NULL};
    if (!start_with(1, manner, status)) return;
    host_launch_with("testns", 0, "unserved", variables);
    host_report();
    host_stop();
}

static void absent(void) { unserved_with(ABSENT, PMIX_SUCCESS, "-47"); }
static void refused(void) { unserved_with(REFUSED, PMIX_ERR_NO_PERMISSIONS, "-23"); }
static void failed(void) { unserved_with(LATER, PMIX_ERR_NO_PERMISSIONS, "-23"); }

static void done_already(void) {
    if (!start_with(1, DONE, PMIX_SUCCESS)) return;
    host_launch("testns", 0, "done_at_once");
    host_report();
    host_stop();
}

int main(int argc, char **argv) {
    static const struct role roles[] = {{"publisher", publisher}, {"finder", finder}, {"unserved", unserved},
        {"done_at_once", done_at_once}, {NULL, NULL}};
    client_main(argc, argv, roles);
    scenario("the host answers later", later);
    scenario("the host answers at once", at_once);
    scenario("nothing in the module", absent);
    scenario("the host refuses", refused);
    scenario("the host fails", failed);
    scenario("the host is done already", done_already);
    return done_testing();
}
