// compare: reference
// Descriptions of jobs: made of a command, of a text, changed and checked.
#include "tap.h"

#include <errno.h>
#include <flux/core.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#define REFUSED(what, code, text) errno = 0, ok((what) && errno == (code), text)

static char *argv[] = {"echo", "hello", NULL};

static void test_null(void) {
    flux_jobspec1_error_t error = {""};
    int n;
    flux_jobspec1_destroy(NULL);
    REFUSED(flux_jobspec1_attr_del(NULL, "x") == -1, EINVAL, "attr_del");
    REFUSED(flux_jobspec1_attr_pack(NULL, "x", "i", 1) == -1, EINVAL, "attr_pack");
    REFUSED(flux_jobspec1_attr_unpack(NULL, "x", "i", &n) == -1, EINVAL, "attr_unpack");
    REFUSED(flux_jobspec1_attr_check(NULL, &error) == -1, EINVAL, "attr_check");
    ok(strlen(error.text) > 0, "with a text");
    REFUSED(flux_jobspec1_check(NULL, &error) == -1, EINVAL, "check");
    REFUSED(flux_jobspec1_check(NULL, NULL) == -1, EINVAL, "check without a place for the text");
    REFUSED(flux_jobspec1_unsetenv(NULL, "x") == -1, EINVAL, "unsetenv");
    REFUSED(flux_jobspec1_setenv(NULL, "x", "y", 1) == -1, EINVAL, "setenv");
    REFUSED(flux_jobspec1_set_stdin(NULL, "x") == -1, EINVAL, "set_stdin");
    REFUSED(flux_jobspec1_set_stdout(NULL, "x") == -1, EINVAL, "set_stdout");
    REFUSED(flux_jobspec1_set_stderr(NULL, "x") == -1, EINVAL, "set_stderr");
    REFUSED(flux_jobspec1_set_cwd(NULL, "x") == -1, EINVAL, "set_cwd");
    REFUSED(!flux_jobspec1_encode(NULL, 0), EINVAL, "encode");
    REFUSED(!flux_jobspec1_decode(NULL, &error), EINVAL, "decode");
    REFUSED(!flux_jobspec1_decode("nonsense", &error), EINVAL, "decode nonsense");
    ok(strlen(error.text) > 0, "with a text");
    REFUSED(!flux_jobspec1_from_command(-1, argv, NULL, 1, 1, 0, 0, 0), EINVAL, "no count");
    REFUSED(!flux_jobspec1_from_command(1, NULL, NULL, 1, 1, 0, 0, 0), EINVAL, "no command");
    REFUSED(!flux_jobspec1_from_command(1, argv, NULL, 1, 1, 0, 2, 0), EINVAL, "more nodes than tasks");
    REFUSED(!flux_jobspec1_from_command(1, argv, NULL, 1, 1, 0, 0, -1), EINVAL, "a time before now");
    char *env[] = {"nonsense", NULL};
    REFUSED(!flux_jobspec1_from_command(1, argv, env, 1, 1, 0, 0, 0), EINVAL, "no variable");
}

static void is_json(flux_jobspec1_t *jobspec, const char *expected, const char *text) {
    char *got = flux_jobspec1_encode(jobspec, JSON_COMPACT | JSON_SORT_KEYS);
    is_str(got, expected, "%s", text);
    free(got);
}

static void test_command(void) {
    char *env[] = {"A=1", "B=x=y", NULL};
    flux_jobspec1_t *jobspec = flux_jobspec1_from_command(2, argv, env, 2, 3, 1, 2, 1.5);
    is_json(jobspec,
        "{\"attributes\":{\"system\":{\"duration\":1.5,\"environment\":{\"A\":\"1\",\"B\":\"x=y\"}}},"
        "\"resources\":[{\"count\":2,\"type\":\"node\",\"with\":[{\"count\":2,\"label\":\"task\",\"type\":\"slot\","
        "\"with\":[{\"count\":3,\"type\":\"core\"},{\"count\":1,\"type\":\"gpu\"}]}]}],"
        "\"tasks\":[{\"command\":[\"echo\",\"hello\"],\"count\":{\"per_slot\":1},\"slot\":\"task\"}],\"version\":1}",
        "on nodes, with processors (JOB-3)");
    ok(flux_jobspec1_check(jobspec, NULL) == 0 && flux_jobspec1_attr_check(jobspec, NULL) == 0, "is one");
    flux_jobspec1_destroy(jobspec);
    jobspec = flux_jobspec1_from_command(1, argv, NULL, -1, -1, -1, -1, 0);
    is_json(jobspec,
        "{\"attributes\":{\"system\":{\"duration\":0.0,\"environment\":{}}},"
        "\"resources\":[{\"count\":1,\"label\":\"task\",\"type\":\"slot\",\"with\":[{\"count\":1,\"type\":\"core\"}]}],"
        "\"tasks\":[{\"command\":[\"echo\"],\"count\":{\"per_slot\":1},\"slot\":\"task\"}],\"version\":1}",
        "the least");
    flux_jobspec1_destroy(jobspec);
}

static void test_attributes(void) {
    flux_jobspec1_t *jobspec = flux_jobspec1_from_command(2, argv, NULL, 1, 1, 0, 0, 0);
    const char *s = NULL;
    int n = 0;
    ok(flux_jobspec1_attr_pack(jobspec, "user.a.b", "{s:i}", "c", 3) == 0, "set");
    ok(flux_jobspec1_attr_unpack(jobspec, "user.a.b.c", "i", &n) == 0 && n == 3, "read");
    REFUSED(flux_jobspec1_attr_unpack(jobspec, "user.x", "i", &n) == -1, ENOENT, "not there");
    REFUSED(flux_jobspec1_attr_unpack(jobspec, "user..x", "i", &n) == -1, EINVAL, "no path");
    ok(flux_jobspec1_attr_unpack(jobspec, "user.a", "i", &n) == -1, "not of this type");
    REFUSED(flux_jobspec1_attr_unpack(jobspec, "user.a", NULL) == -1, EINVAL, "no format");
    REFUSED(flux_jobspec1_attr_pack(jobspec, "user.a", NULL) == -1, EINVAL, "no format to pack");
    REFUSED(flux_jobspec1_attr_pack(jobspec, NULL, "i", 1) == -1, EINVAL, "no path to pack");
    REFUSED(flux_jobspec1_attr_pack(jobspec, "user.", "i", 1) == -1, EINVAL, "half a path to pack");
    ok(flux_jobspec1_attr_del(jobspec, "user.a") == 0 && flux_jobspec1_attr_del(jobspec, "user.a") == 0,
        "taken away twice");
    REFUSED(flux_jobspec1_attr_del(jobspec, "") == -1, EINVAL, "no path to take away");
    REFUSED(flux_jobspec1_attr_del(jobspec, NULL) == -1, EINVAL, "none at all");
    ok(flux_jobspec1_setenv(jobspec, "A", "1", 0) == 0 && flux_jobspec1_setenv(jobspec, "A", "2", 0) == 0, "setenv");
    ok(flux_jobspec1_attr_unpack(jobspec, "system.environment.A", "s", &s) == 0, "the variable");
    is_str(s, "1", "is not overwritten");
    flux_jobspec1_setenv(jobspec, "A", "3", 1);
    flux_jobspec1_attr_unpack(jobspec, "system.environment.A", "s", &s);
    is_str(s, "3", "is overwritten");
    ok(flux_jobspec1_unsetenv(jobspec, "A") == 0, "unset");
    ok(flux_jobspec1_attr_unpack(jobspec, "system.environment.A", "s", &s) == -1, "it is");
    ok(flux_jobspec1_set_stdin(jobspec, "/in") == 0 && flux_jobspec1_set_stdout(jobspec, "/out") == 0
           && flux_jobspec1_set_stderr(jobspec, "/err") == 0 && flux_jobspec1_set_cwd(jobspec, "/tmp") == 0,
        "files and a folder");
    const char *in, *out, *err, *cwd;
    ok(flux_jobspec1_attr_unpack(jobspec, "system", "{s:s s:{s:{s:{s:{s:s}} s:{s:{s:s} s:{s:s}}}}}", "cwd", &cwd,
        "shell",
           "options", "input", "stdin", "path", &in, "output", "stdout", "path", &out, "stderr", "path", &err) == 0,
        "are there");
    ok(!strcmp(in, "/in") && !strcmp(out, "/out") && !strcmp(err, "/err") && !strcmp(cwd, "/tmp"),
        "as they were said");
    REFUSED(flux_jobspec1_check(jobspec, NULL) == -1, EINVAL, "with an empty section it is none");
    ok(flux_jobspec1_attr_del(jobspec, "user") == 0 && flux_jobspec1_check(jobspec, NULL) == 0,
        "without it is still one");
    flux_jobspec1_destroy(jobspec);
}

// Decodes, and checks: what is wrong is told.
static void check(const char *text, bool expected) {
    flux_jobspec1_error_t error = {""};
    flux_jobspec1_t *jobspec = flux_jobspec1_decode(text, &error);
    if (!jobspec) bail("%s: %s", text, error.text);
    errno = 0;
    int result = flux_jobspec1_check(jobspec, &error);
    ok(expected ? result == 0 : result == -1 && errno == EINVAL && error.text[0], "%s: %.60s",
        expected ? "right" : "wrong", text);
    flux_jobspec1_destroy(jobspec);
}

#define SLOT "{\"type\":\"slot\",\"count\":1,\"with\":[{\"type\":\"core\",\"count\":1}],\"label\":\"task\"}"
#define TASK "{\"command\":[\"x\"],\"slot\":\"task\",\"count\":{\"total\":1}}"
#define SYSTEM "{\"system\":{\"duration\":1}}"
#define SPEC(res, task, attr, version) \
    "{\"resources\":" res ",\"tasks\":" task ",\"attributes\":" attr ",\"version\":" version "}"

static void test_checks(void) {
    check(SPEC("[" SLOT "]", "[" TASK "]", SYSTEM, "1"), true);
    check("{\"x\":1}", false);
    check("[]", false);
    check(SPEC("[" SLOT "]", "[" TASK "]", SYSTEM, "2"), false);
    check(SPEC("{}", "[" TASK "]", SYSTEM, "1"), false);
    check(SPEC("[{\"type\":\"rack\"}]", "[" TASK "]", SYSTEM, "1"), false);
    check(SPEC("[{\"type\":\"node\",\"count\":1,\"with\":[" SLOT "]}]", "[" TASK "]", SYSTEM, "1"), true);
    check(SPEC("[{\"type\":\"node\",\"count\":0,\"with\":[" SLOT "]}]", "[" TASK "]", SYSTEM, "1"), false);
    check(SPEC("[{\"type\":\"node\",\"count\":1,\"with\":[],\"unit\":\"x\"}]", "[" TASK "]", SYSTEM, "1"), false);
    check(SPEC("[{\"type\":\"node\",\"count\":1,\"with\":[" SLOT "],\"a\":1}]", "[" TASK "]", SYSTEM, "1"), false);
    check(SPEC("[{\"type\":\"slot\",\"count\":1,\"with\":[{\"type\":\"disk\",\"count\":1}],\"label\":\"a\"}]",
              "[" TASK "]", SYSTEM, "1"), false);
    check(SPEC("[" SLOT "]", "[]", SYSTEM, "1"), false);
    check(SPEC("[" SLOT "]", "[{\"command\":[],\"slot\":\"task\",\"count\":{\"total\":1}}]", SYSTEM, "1"), false);
    check(SPEC("[" SLOT "]", "[{\"command\":[1],\"slot\":\"task\",\"count\":{\"total\":1}}]", SYSTEM, "1"), false);
    check(SPEC("[" SLOT "]", "[{\"command\":[\"x\"],\"slot\":\"task\",\"count\":{\"total\":0}}]", SYSTEM, "1"),
        false);
    check(SPEC("[" SLOT "]", "[{\"command\":[\"x\"],\"slot\":\"task\",\"count\":{}}]", SYSTEM, "1"), false);
    check(SPEC("[" SLOT "]", "[" TASK "]", "{}", "1"), false);
    check(SPEC("[" SLOT "]", "[" TASK "]", "[]", "1"), false);
    check(SPEC("[" SLOT "]", "[" TASK "]", "{\"system\":{}}", "1"), false);
    check(SPEC("[" SLOT "]", "[" TASK "]", "{\"system\":{\"duration\":\"x\"}}", "1"), false);
    check(SPEC("[" SLOT "]", "[" TASK "]", "{\"user\":{},\"system\":{\"duration\":1}}", "1"), false);
    check(SPEC("[" SLOT "]", "[" TASK "]", "{\"other\":{},\"system\":{\"duration\":1}}", "1"), false);
    check(SPEC("[" SLOT "]", "[" TASK "]", "{\"system\":{\"duration\":1,\"environment\":1}}", "1"), false);
    check(SPEC("[" SLOT "]", "[" TASK "]", "{\"system\":{\"duration\":1,\"constraints\":1}}", "1"), false);
    check(SPEC("[" SLOT "]", "[" TASK "]", "{\"system\":{\"duration\":1,\"dependencies\":{}}}", "1"), false);
    check(SPEC("[" SLOT "]", "[" TASK "]", "{\"system\":{\"duration\":1,\"dependencies\":[{}]}}", "1"), false);
    check(SPEC("[" SLOT "]", "[" TASK "]", "{\"system\":{\"duration\":1,\"shell\":{\"options\":1}}}", "1"), false);
}

int main(void) {
    test_null();
    test_command();
    test_attributes();
    test_checks();
    return done_testing();
}
