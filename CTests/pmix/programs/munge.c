// For munge.sh, with a munge daemon on its usual socket: credentials that a server makes and checks where its host does
// neither.
#include "tap.h"
#include "host.h"
#include "client.h"

static pmix_byte_object_t made;

// Whether a validation says that the credential is this user's.
static bool is_ours(const pmix_info_t *infos, size_t n) {
    bool user = false, group = false;
    for (size_t i = 0; i < n; i++) {
        if (strcmp(infos[i].key, PMIX_USERID) == 0) user = infos[i].value.data.uint32 == geteuid();
        if (strcmp(infos[i].key, PMIX_GRPID) == 0) group = infos[i].value.data.uint32 == getegid();
    }
    return user && group;
}

static void rank(void) {
    const char *text = getenv("TEST_CREDENTIAL");
    pmix_byte_object_t given = {(char *) text, strlen(text) + 1}, own = {NULL, 0};
    pmix_info_t *infos = NULL;
    size_t n = 0;
    client_start();
    check_int(PMIx_Validate_credential(&given, NULL, 0, &infos, &n), PMIX_SUCCESS,
        "CRED-4 a rank has its server check a credential");
    check(is_ours(infos, n), "CRED-4 and hears whose it is");
    if (infos) PMIX_INFO_FREE(infos, n);
    check_int(PMIx_Get_credential(NULL, 0, &own), PMIX_ERR_NOT_SUPPORTED,
        "CRED-4 but gets none from it, which would be the server's");
    client_stop();
}

static void from_munge(void) {
    struct host_config config = {.local = 1};
    pmix_info_t kind, *infos = NULL;
    size_t n = 0;
    host_module_hook = NULL;
    for (int up = 0; up < UP_COUNT; up++) config.answer[up].manner = ABSENT;
    config.answer[UP_CONNECTED] = config.answer[UP_FINALIZED] = (struct answer){LATER, PMIX_SUCCESS};
    if (!ok(host_start(&config), "the host starts")) return;
    PMIX_INFO_LOAD(&kind, PMIX_CRED_TYPE, "munge", PMIX_STRING);
    is_int(PMIx_Get_credential(&kind, 1, &made), PMIX_SUCCESS, "CRED-4 munge makes a credential");
    if (!ok(made.size > 20 && made.bytes[made.size - 1] == 0 && strncmp(made.bytes, "MUNGE:", 6) == 0,
            "CRED-4 which is one of its own"))
        return;
    is_int(PMIx_Validate_credential(&made, &kind, 1, &infos, &n), PMIX_SUCCESS, "CRED-4 munge checks it");
    ok(is_ours(infos, n), "CRED-4 and says whose it is");
    if (infos) PMIX_INFO_FREE(infos, n);
    is_int(PMIx_Validate_credential(&made, NULL, 0, &infos, &n), PMIX_ERR_INVALID_CRED,
        "CRED-4 a credential that has been used proves nothing");
    free(made.bytes);
    is_int(PMIx_Get_credential(NULL, 0, &made), PMIX_SUCCESS, "CRED-4 it is what there is without a word about kinds");
    const char *variables[] = {"TEST_CREDENTIAL", made.bytes, NULL};
    host_launch_with("testns", 0, "rank", variables);
    host_report();
    made.bytes[10] ^= 1;
    is_int(PMIx_Validate_credential(&made, NULL, 0, &infos, &n), PMIX_ERR_INVALID_CRED, "CRED-4 a forged one is none");
    free(made.bytes);
    host_stop();
    PMIX_INFO_DESTRUCT(&kind);
}

int main(int argc, char **argv) {
    static const struct role roles[] = {{"rank", rank}, {NULL, NULL}};
    client_main(argc, argv, roles);
    scenario("munge", from_munge);
    return done_testing();
}
