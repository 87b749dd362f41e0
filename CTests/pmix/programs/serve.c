// serve LOCAL REMOTE [empty]: a host for the raw tests. It prints the environment of rank 0 and "ready", then answers
// one line per line read; with "empty" its module has no functions.
#include "tap.h"
#include "host.h"
#include "client.h"

#include <dirent.h>

static const char *const names[UP_COUNT] = {"connected", "connected2", "finalized", "abort", "fence", "dmodex",
    "publish", "lookup", "unpublish", "spawn", "connect", "disconnect", "regevents", "deregevents", "notify", "query",
    "tool", "log", "alloc", "jobcontrol", "monitor", "getcredential", "validate", "iofpull", "pushstdin", "group", "fabric",
    "event"};
static const char *const manners[] = {"later", "nested", "inline", "done", "held", "refused", "absent"};

static int index_of(const char *word, const char *const *list, int count) {
    for (int i = 0; i < count; i++)
        if (strcmp(word, list[i]) == 0) return i;
    return 0;
}

static void rank(void) {  // a real rank, as opposed to the raw ones
    client_start();
    pmix_value_t value, *got = NULL;
    PMIX_VALUE_LOAD(&value, "x", PMIX_STRING);
    check_int(PMIx_Put(PMIX_GLOBAL, "real", &value), PMIX_SUCCESS, "puts");
    PMIX_VALUE_DESTRUCT(&value);
    check_int(PMIx_Commit(), PMIX_SUCCESS, "commits");
    check_int(PMIx_Fence(&me, 1, NULL, 0), PMIX_SUCCESS, "a fence with itself");
    check_int(PMIx_Get(&me, PMIX_LOCAL_RANK, NULL, 0, &got), PMIX_SUCCESS, "gets");
    if (got) PMIX_VALUE_RELEASE(got);
    client_stop();
}

static const char *run_rank(int number) {
    bool passed, all = true;
    const char *text;
    // The rank may be of another library than the host.
    const char *library = getenv("TEST_RANK_LIBRARY");
    const char *variables[] = {library ? "LD_LIBRARY_PATH" : NULL, library, NULL};
    int client = host_launch_with("testns", (uint32_t) number, "rank", variables);
    all = client >= 0 && host_wait(client);
    while (host_next_result(&passed, &text)) {
        if (!passed) fprintf(stderr, "# %s\n", text);
        all = all && passed;
    }
    return all ? "good" : "bad";
}

static int open_files(void) {
    int count = 0;
    DIR *open = opendir("/proc/self/fd");
    while (open && readdir(open)) count++;
    if (open) closedir(open);
    return count;
}

static long resident(void) {
    char line[256];
    long kilobytes = -1;
    FILE *status = fopen("/proc/self/status", "r");
    while (status && fgets(line, sizeof line, status))
        if (sscanf(line, "VmRSS: %ld", &kilobytes) == 1) break;
    if (status) fclose(status);
    return kilobytes;
}

static int notify(int code, int range) {
    pmix_proc_t source;
    struct op op = {0, 0};
    PMIX_LOAD_PROCID(&source, "hostns", 0);
    pmix_status_t rc = PMIx_Notify_event(code, &source, (pmix_data_range_t) range, NULL, 0, host_op_done, &op);
    if (rc == PMIX_SUCCESS) host_op_wait(&op, &rc);
    return rc;
}

static void answer(char *line) {
    char word[64] = "", name[64] = "", manner[64] = "";
    int first = 0, second = 0;
    sscanf(line, "%63s %63s %63s", word, name, manner);
    enum upcall what = (enum upcall) index_of(name, names, UP_COUNT);
    if (strcmp(word, "saw") == 0) {
        printf("%d\n", host_saw(what));
    } else if (strcmp(word, "await") == 0 && sscanf(line, "%*s %*s %d", &first) == 1) {
        const struct seen *seen = host_await(what, first);
        printf("%s | %s | %s\n", seen ? "seen" : "late", seen && seen->infos ? seen->infos : "",
            seen && seen->procs ? seen->procs : "");
    } else if (strcmp(word, "answer") == 0 && sscanf(line, "%*s %*s %*s %d", &first) == 1) {
        host_set_answer(what, (enum manner) index_of(manner, manners, 6), first);
        printf("set\n");
    } else if (strcmp(word, "release") == 0) {
        printf("%d\n", host_release(what));
    } else if (strcmp(word, "notify") == 0 && sscanf(line, "%*s %d %d", &first, &second) == 2) {
        printf("%d\n", notify(first, second));
    } else if (strcmp(word, "register") == 0 && sscanf(line, "%*s %*s %d", &first) == 1) {
        host_register_clients(name, (uint32_t) first, 0);
        printf("%d\n", host_register_job(name, (uint32_t) first, 0));
    } else if (strcmp(word, "rank") == 0 && sscanf(line, "%*s %d", &first) == 1) {
        printf("%s\n", run_rank(first));
    } else if (strcmp(word, "files") == 0) {
        printf("%d\n", open_files());
    } else if (strcmp(word, "resident") == 0) {
        printf("%ld\n", resident());
    } else {
        printf("what?\n");
    }
}

int main(int argc, char **argv) {
    static const struct role roles[] = {{"rank", rank}, {NULL, NULL}};
    char line[512];
    client_main(argc, argv, roles);
    if (argc < 3) return 2;
    struct host_config config = {.local = (uint32_t) atoi(argv[1]), .remote = (uint32_t) atoi(argv[2])};
    config.empty_module = argc > 3 && strcmp(argv[3], "empty") == 0;
    setvbuf(stdout, NULL, _IOLBF, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    alarm(170);
    if (!host_start(&config)) return 1;
    char **env = host_environment("testns", 0);
    for (size_t i = 0; env[i]; i++)
        if (strncmp(env[i], "PMIX_", 5) == 0) printf("env %s\n", env[i]);
    host_free_environment(env);
    printf("ready\n");
    while (fgets(line, sizeof line, stdin) && strncmp(line, "quit", 4) != 0) answer(line);
    host_stop();
    return host_leftovers() == 0 ? 0 : 3;
}
