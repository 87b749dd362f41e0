// Forwarded output that no callback takes: on the receiver's own streams, or in files, as the directives say.
// sources: host.c
#include "tap.h"
#include "host.h"
#include "client.h"
#include "forward.h"

// ---- ranks

// A tool that pulls without a callback: the library writes.
static void shown(void) {
    pmix_proc_t all = others(PMIX_RANK_WILDCARD);
    int out = redirect(1, "out"), err = redirect(2, "err");
    pmix_info_t infos[2];
    bool yes = true;
    const char *key = getenv("TEST_KEY");
    PMIX_INFO_LOAD(&infos[0], key, &yes, PMIX_BOOL);
    check_int(PMIx_tool_init(&me, NULL, 0), PMIX_SUCCESS, "PMIx_tool_init");
    check(PMIx_IOF_pull(&all, 1, infos, 1, BOTH, NULL, NULL, NULL) > 0, "a pull without a callback");
    client_say("pulled");
    client_hear("leave");
    check_int(PMIx_tool_finalize(), PMIX_SUCCESS, "PMIx_tool_finalize");
    check(holds(out, getenv("TEST_OUT")), "IOF-6 %s: what it writes on its output", key);
    check(holds(err, getenv("TEST_ERR")), "IOF-6 %s: what it writes as errors", key);
}

// ---- hosts

static void show_with(const char *key, const char *out, const char *err) {
    struct host_config config = {.local = 1, .answer[UP_IOFPULL] = {DONE, 0}};
    const char *variables[] = {STRANGER, "TEST_KEY", key, "TEST_OUT", out, "TEST_ERR", err, NULL};
    if (!start(&config, false)) return;
    int client = host_launch_with("testns", 0, "shown", variables);
    ok(host_hear(client, "pulled"), "a tool has pulled");
    deliver("other", 3, PMIX_FWD_STDOUT_CHANNEL, "one\nbeg");
    deliver("other", 3, PMIX_FWD_STDERR_CHANNEL, "wrong\n");
    deliver("other", 4, PMIX_FWD_STDOUT_CHANNEL, "two\n");
    deliver("other", 3, PMIX_FWD_STDOUT_CHANNEL, "un <&>\nrest");
    host_tell(client, "leave");
    host_report();
    host_stop();
}

static void shown_plain(void) { show_with("no.such.key", "one\ntwo\nbegun <&>\nrest", "wrong\n"); }
static void shown_raw(void) { show_with(PMIX_IOF_OUTPUT_RAW, "one\nbegtwo\nun <&>\nrest", "wrong\n"); }
static void shown_tagged(void) {
    show_with(PMIX_IOF_TAG_OUTPUT,
        "[other,3]<stdout>: one\n[other,4]<stdout>: two\n[other,3]<stdout>: begun <&>\n[other,3]<stdout>: rest\n",
        "[other,3]<stderr>: wrong\n");
}
static void shown_by_rank(void) {
    show_with(PMIX_IOF_RANK_OUTPUT, "[3]<stdout>: one\n[4]<stdout>: two\n[3]<stdout>: begun <&>\n[3]<stdout>: rest\n",
        "[3]<stderr>: wrong\n");
}
static void shown_merged(void) { show_with(PMIX_IOF_MERGE_STDERR_STDOUT, "one\nbegwrong\ntwo\nun <&>\nrest", ""); }

static bool file_holds(const char *name, const char *expected) {
    char path[800], text[4096] = "";
    snprintf(path, sizeof path, "%s/%s", host_directory(), name);
    int file = open(path, O_RDONLY);
    if (file < 0) return false;
    bool same = read(file, text, sizeof text - 1) >= 0 && strcmp(text, expected) == 0;
    close(file);
    if (!same) diag("%s holds \"%s\"", name, text);
    return same;
}

// The files a server writes for a job that was registered so.
static void write_with(const char *where, const char *key, const char *file, const char *expected) {
    struct host_config config = {.local = 1};
    pmix_info_t infos[3];
    bool yes = true;
    char path[600];
    if (!start(&config, true)) return;
    snprintf(path, sizeof path, "%s/written", host_directory());
    PMIX_INFO_LOAD(&infos[0], where, path, PMIX_STRING);
    PMIX_INFO_LOAD(&infos[1], PMIX_IOF_FILE_ONLY, &yes, PMIX_BOOL);
    PMIX_INFO_LOAD(&infos[2], key, &yes, PMIX_BOOL);
    ok(register_writer("writer", infos, 3), "a job is registered with %s and %s", where, key);
    for (int i = 0; i < 3; i++) PMIX_INFO_DESTRUCT(&infos[i]);
    deliver("writer", 7, PMIX_FWD_STDOUT_CHANNEL, "one\ntwo <&>\n");
    deliver("writer", 7, PMIX_FWD_STDERR_CHANNEL, "wrong\n");
    struct op op = {0, 0};
    pmix_nspace_t writer = "writer";
    PMIx_server_deregister_nspace(writer, host_op_done, &op);
    host_op_wait(&op, NULL);
    // The original writes behind the callback's back.
    for (int i = 0; i < 100 && !file_holds(file, expected); i++) usleep(20000);
    ok(file_holds(file, expected), "%s, %s: what %s holds", where, key, file);
    host_stop();
}

static void written_plain(void) {
    write_with(PMIX_IOF_OUTPUT_TO_FILE, "no.such.key", "written.writer.7.out", "one\ntwo <&>\n");
}
static void written_errors(void) {
    write_with(PMIX_IOF_OUTPUT_TO_FILE, "no.such.key", "written.writer.7.err", "wrong\n");
}
static void written_pattern(void) {
    write_with(PMIX_IOF_OUTPUT_TO_FILE, PMIX_IOF_FILE_PATTERN, "written.pattern.out", "one\ntwo <&>\n");
}
static void written_in_directory(void) {
    write_with(PMIX_IOF_OUTPUT_TO_DIRECTORY, "no.such.key", "written/writer/rank.7/stdout", "one\ntwo <&>\n");
}
static void written_tagged(void) {
    write_with(PMIX_IOF_OUTPUT_TO_FILE, PMIX_IOF_TAG_OUTPUT, "written.writer.7.out",
        "[writer,7]<stdout>: one\n[writer,7]<stdout>: two <&>\n");
}
static void written_in_detail(void) {
    write_with(PMIX_IOF_OUTPUT_TO_FILE, PMIX_IOF_TAG_DETAILED_OUTPUT, "written.writer.7.err",
        "[writer,7][unknown:unknown]<stderr>: wrong\n");
}
static void written_by_rank(void) {
    write_with(PMIX_IOF_OUTPUT_TO_FILE, PMIX_IOF_RANK_OUTPUT, "written.writer.7.err", "[7]<stderr>: wrong\n");
}
static void written_merged(void) {
    write_with(PMIX_IOF_OUTPUT_TO_FILE, PMIX_IOF_MERGE_STDERR_STDOUT, "written.writer.7.out", "one\ntwo <&>\nwrong\n");
}
static void written_xml(void) {
    write_with(PMIX_IOF_OUTPUT_TO_FILE, PMIX_IOF_XML_OUTPUT, "written.writer.7.out",
        "<stdout rank=\"7\">one&#010;</stdout>\n<stdout rank=\"7\">two &lt;&amp;&gt;&#010;</stdout>\n");
}

int main(int argc, char **argv) {
    static const struct role roles[] = {{"shown", shown}, {NULL, NULL}};
    client_main(argc, argv, roles);
    scenario("output shown plainly", shown_plain);
    scenario("output shown raw", shown_raw);
    scenario("output shown with tags", shown_tagged);
    scenario("output shown by rank", shown_by_rank);
    scenario("output shown merged", shown_merged);
    scenario("output in a file", written_plain);
    scenario("errors in a file", written_errors);
    scenario("output in a file of a given name", written_pattern);
    scenario("output in a directory", written_in_directory);
    scenario("output in a file with tags", written_tagged);
    scenario("output in a file with detailed tags", written_in_detail);
    scenario("output in a file by rank", written_by_rank);
    scenario("output in a file, merged", written_merged);
    scenario("output in a file as XML", written_xml);
    return done_testing();
}
