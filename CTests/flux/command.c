// compare: reference
// Commands: arguments, environment and what else a process is to get.
#include "tap.h"

#include <errno.h>
#include <flux/core.h>
#include <stdlib.h>
#include <string.h>


#define REFUSED(what, code, text) errno = 0, ok((what) && errno == (code), text)

static void test_null(void) {
    flux_cmd_destroy(NULL);
    flux_cmd_unsetenv(NULL, "x");
    ok(!flux_cmd_get_label(NULL), "nothing has no label");
    REFUSED(flux_cmd_add_message_channel(NULL, "a", "b") == -1, EINVAL, "add_message_channel");
    REFUSED(flux_cmd_set_label(NULL, "x") == -1, EINVAL, "set_label");
#ifndef MUSTER_ORIGINAL // it does not look
    REFUSED(!flux_cmd_copy(NULL), EINVAL, "copy");
    REFUSED(flux_cmd_argc(NULL) == -1, EINVAL, "argc");
    REFUSED(!flux_cmd_arg(NULL, 0), EINVAL, "arg");
    REFUSED(flux_cmd_argv_append(NULL, "x") == -1, EINVAL, "append");
    REFUSED(flux_cmd_argv_appendf(NULL, "x") == -1, EINVAL, "appendf");
    REFUSED(flux_cmd_argv_insert(NULL, 0, "x") == -1, EINVAL, "insert");
    REFUSED(flux_cmd_argv_delete(NULL, 0) == -1, EINVAL, "delete");
    REFUSED(!flux_cmd_stringify(NULL), EINVAL, "stringify");
    REFUSED(flux_cmd_setenvf(NULL, 1, "x", "y") == -1, EINVAL, "setenvf");
    REFUSED(!flux_cmd_getenv(NULL, "x"), EINVAL, "getenv");
    REFUSED(flux_cmd_env_replace(NULL, NULL) == -1, EINVAL, "env_replace");
    REFUSED(flux_cmd_setcwd(NULL, "/") == -1, EINVAL, "setcwd");
    REFUSED(!flux_cmd_getcwd(NULL), EINVAL, "getcwd");
    REFUSED(flux_cmd_add_channel(NULL, "x") == -1, EINVAL, "add_channel");
    REFUSED(flux_cmd_setopt(NULL, "x", "y") == -1, EINVAL, "setopt");
    REFUSED(!flux_cmd_getopt(NULL, "x"), EINVAL, "getopt");
#endif
}

static void test_arguments(void) {
    char *argv[] = {"one", "two", "three", NULL};
    REFUSED(!flux_cmd_create(2, argv, NULL), EINVAL, "more arguments than were said");
    flux_cmd_t *cmd = flux_cmd_create(3, argv, NULL);
    ok(cmd && flux_cmd_argc(cmd) == 3, "three arguments");
    is_str(flux_cmd_arg(cmd, 1), "two", "the second");
    REFUSED(!flux_cmd_arg(cmd, 3), EINVAL, "no fourth");
    ok(flux_cmd_argv_append(cmd, "four") == 0 && flux_cmd_argv_appendf(cmd, "%d-%s", 5, "five") == 0, "two more");
    REFUSED(flux_cmd_argv_append(cmd, NULL) == -1, EINVAL, "but not none");
    ok(flux_cmd_argv_insert(cmd, 0, "zero") == 0 && flux_cmd_argv_insert(cmd, 2, "middle") == 0, "two between");
    REFUSED(flux_cmd_argv_insert(cmd, 99, "x") == -1, EINVAL, "nor where nothing is");
    ok(flux_cmd_argv_delete(cmd, 1) == 0, "one less");
    REFUSED(flux_cmd_argv_delete(cmd, 99) == -1, EINVAL, "nor one that is not");
    char *line = flux_cmd_stringify(cmd);
    is_str(line, "zero middle two three four 5-five", "all of them (CMD-1)");
    free(line);
    flux_cmd_t *copy = flux_cmd_copy(cmd);
    flux_cmd_destroy(cmd);
    line = flux_cmd_stringify(copy);
    is_str(line, "zero middle two three four 5-five", "a copy");
    free(line);
    flux_cmd_destroy(copy);
    cmd = flux_cmd_create(0, NULL, NULL);
    line = flux_cmd_stringify(cmd);
    is_str(line, "", "none");
    free(line);
    ok(flux_cmd_argv_insert(cmd, 0, "first") == 0 && flux_cmd_argc(cmd) == 1, "the first, inserted");
    flux_cmd_destroy(cmd);
}

static void test_environment(void) {
    char *env[] = {"PATH=/bin", "EMPTY=", "MPI_A=1", "MPI_B=2", "FOO=x=y", NULL};
    char *other[] = {"ONLY=this", NULL};
    flux_cmd_t *cmd = flux_cmd_create(0, NULL, env);
    is_str(flux_cmd_getenv(cmd, "PATH"), "/bin", "a variable");
    is_str(flux_cmd_getenv(cmd, "EMPTY"), "", "an empty one");
    is_str(flux_cmd_getenv(cmd, "FOO"), "x=y", "one with a sign in it");
    ok(!flux_cmd_getenv(cmd, "NONE"), "none");
    ok(flux_cmd_setenvf(cmd, 0, "PATH", "/%s", "x") == 0, "not overwritten");
    is_str(flux_cmd_getenv(cmd, "PATH"), "/bin", "it stays");
    ok(flux_cmd_setenvf(cmd, 1, "PATH", "/%s", "x") == 0, "overwritten");
    is_str(flux_cmd_getenv(cmd, "PATH"), "/x", "it is new");
    flux_cmd_unsetenv(cmd, "MPI_*");
    ok(!flux_cmd_getenv(cmd, "MPI_A") && !flux_cmd_getenv(cmd, "MPI_B") && flux_cmd_getenv(cmd, "PATH"), "a pattern");
    flux_cmd_unsetenv(cmd, "PATH");
    ok(!flux_cmd_getenv(cmd, "PATH") && flux_cmd_getenv(cmd, "FOO"), "one");
    flux_cmd_t *copy = flux_cmd_copy(cmd);
    is_str(flux_cmd_getenv(copy, "FOO"), "x=y", "copied");
    flux_cmd_destroy(copy);
    ok(flux_cmd_env_replace(cmd, other) == 0, "another environment");
    ok(!flux_cmd_getenv(cmd, "FOO"), "the old one has gone");
    is_str(flux_cmd_getenv(cmd, "ONLY"), "this", "the new one is there");
    flux_cmd_destroy(cmd);
}

static void test_rest(void) {
    flux_cmd_t *cmd = flux_cmd_create(0, NULL, NULL);
    ok(!flux_cmd_getcwd(cmd) && !flux_cmd_get_label(cmd) && !flux_cmd_getopt(cmd, "x"), "nothing at first");
    ok(flux_cmd_setcwd(cmd, "/tmp") == 0, "a folder");
    is_str(flux_cmd_getcwd(cmd), "/tmp", "which it knows");
    ok(flux_cmd_set_label(cmd, "name") == 0, "a label");
    is_str(flux_cmd_get_label(cmd), "name", "which it knows");
    REFUSED(flux_cmd_set_label(cmd, "") == -1, EINVAL, "not an empty one");
    ok(flux_cmd_set_label(cmd, NULL) == 0 && !flux_cmd_get_label(cmd), "none again");
    ok(flux_cmd_add_channel(cmd, "CH") == 0, "a channel");
    REFUSED(flux_cmd_add_channel(cmd, "CH") == -1, EEXIST, "not twice");
    ok(flux_cmd_add_channel(cmd, NULL) == -1, "nor without a name");
    ok(flux_cmd_add_message_channel(cmd, "M", "interthread://x") == 0, "a channel of messages");
    REFUSED(flux_cmd_add_message_channel(cmd, "M", "interthread://y") == -1, EEXIST, "not twice");
    REFUSED(flux_cmd_add_message_channel(cmd, NULL, "interthread://y") == -1, EINVAL, "nor without a name");
    REFUSED(flux_cmd_add_message_channel(cmd, "N", NULL) == -1, EINVAL, "nor without an address");
    ok(flux_cmd_setopt(cmd, "stdin_BUFSIZE", "1k") == 0 && flux_cmd_setopt(cmd, "stdin_BUFSIZE", "2k") == 0,
        "options");
    REFUSED(flux_cmd_setopt(cmd, NULL, "x") == -1, EINVAL, "not without a name");
    REFUSED(flux_cmd_setopt(cmd, "x", NULL) == -1, EINVAL, "nor without a value");
    flux_cmd_t *copy = flux_cmd_copy(cmd);
    is_str(flux_cmd_getopt(copy, "stdin_BUFSIZE"), "2k", "the last one counts, in a copy too");
    REFUSED(flux_cmd_add_channel(copy, "CH") == -1, EEXIST, "the copy has its channels");
    errno = EPERM;
    flux_cmd_destroy(copy);
    ok(errno == EPERM, "errno is kept");
    flux_cmd_destroy(cmd);
}

int main(void) {
    test_null();
    test_arguments();
    test_environment();
    test_rest();
    return done_testing();
}
