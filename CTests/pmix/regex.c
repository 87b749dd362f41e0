// PMIx_generate_regex and PMIx_generate_ppn. As a test: the forms that are known; with --dump: many, for compare.sh.
#include "tap.h"

#include <pmix_server.h>

static const char *const lists[] = {"vm", "node1,node2,node3", "n001,n002,n003,n010,x5", "a,b,c", "node1",
    "node01,node02",
    "node9,node10,node11", "node09,node10,node11", "n1,n3,n5", "n1,n2,n4,n5,n7", "n5,n4,n3", "node1,other1,node2",
    "rack1-node1,rack1-node2,rack2-node1", "a1b,a2b,a3b", "a1b1,a1b2,a2b1", "host.domain.org,host2.domain.org",
    "node1.cluster,node2.cluster,node3.cluster", "10.0.0.1,10.0.0.2", "192.168.1.10,192.168.1.11", "nid00001,nid00002",
    "x1000c0s0b0n0,x1000c0s0b0n1", "1,2,3", "01,02,03", "node1,node1", "node-1,node-2", "node_1,node_2", "n", "n1,m",
    "m,n1", "n1,n02,n003", "n0,n1", "n00,n01", "n0000000001,n0000000002", "node1,,node2", "node1,", ",node1", "node 1",
    "n1 ,n2", "[n1]", "n[1-3]", "n1,n2,n3,m1,m2,m3,n4,n5", "a10,a11,a9", "a1,a10,a2", "node4294967295,node4294967296",
    "n99999999999999999999", "A1,a1,A2,a2",
    "n1,n2,n3,n4,n6,n7,n8,n10,n12,n13"};

static const char *const maps[] = {"0,1;2,3", "0-3;4-7;8", "0", "0;1;2", "0,1,2,3", "0-3", ";0", "0;", "0,2;1,3",
    "3,2,1",
    "0-1,4-5;2-3,6-7", "0,1;;2", "a,b;c", " 0, 1", "0..3"};

static char *make(pmix_status_t (*generate)(const char *, char **), const char *input, pmix_status_t *rc) {
    char *output = NULL;
    *rc = generate(input, &output);
    return output;
}

static void dump_one(const char *name, pmix_status_t (*generate)(const char *, char **), const char *input) {
    pmix_status_t rc;
    char *output = make(generate, input, &rc);
    printf("%s(%.60s) = %d %s\n", name, input, rc, output ? output : "NULL");
    free(output);
}

// "node0000,node0007,..." with the given width and step.
static char *long_list(int count, int width, int step) {
    char *list = malloc((size_t) count * 24 + 1), *at = list;
    *at = 0;
    for (int i = 0; i < count; i++) at += sprintf(at, "%snode%0*d", i ? "," : "", width, i * step);
    return list;
}

static void dump(void) {
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) dump_one("regex", PMIx_generate_regex, lists[i]);
    for (size_t i = 0; i < sizeof maps / sizeof maps[0]; i++) dump_one("ppn", PMIx_generate_ppn, maps[i]);
    for (int width = 1; width <= 5; width++)
        for (int step = 1; step <= 8; step += 3) {
            char *list = long_list(130, width, step);
            dump_one("regex", PMIx_generate_regex, list);
            free(list);
        }
    char *list = long_list(512, 4, 7);
    dump_one("regex", PMIx_generate_regex, list);
    free(list);
}

static void expect(pmix_status_t (*generate)(const char *, char **), const char *input, const char *expected) {
    pmix_status_t rc;
    char *output = make(generate, input, &rc);
    is_int(rc, PMIX_SUCCESS, "\"%s\" is taken", input);
    is_str(output, expected, "\"%s\" becomes %s", input, expected);
    free(output);
}

int main(int argc, char **argv) {
    pmix_status_t rc = PMIx_server_init(NULL, NULL, 0);
    if (argc > 1 && strcmp(argv[1], "--dump") == 0) {
        dump();
    } else {
        is_int(rc, PMIX_SUCCESS, "a server without module and directives starts");
        expect(PMIx_generate_regex, "vm", "pmix[vm]");
        expect(PMIx_generate_regex, "node1,node2,node3", "pmix[node[1:1-3]]");
        expect(PMIx_generate_regex, "n001,n002,n003,n010,x5", "pmix[n[3:1-3,10],x[1:5]]");
        expect(PMIx_generate_regex, "vm,nodeB", "pmix[vm,nodeB]");
        expect(PMIx_generate_ppn, "0,1;2,3", "raw:0,1;2,3");
        expect(PMIx_generate_ppn, "0-3;4-7;8", "raw:0-3;4-7;8");
        char *list = long_list(512, 4, 7), *output = make(PMIx_generate_regex, list, &rc);
        is_int(strlen(list), 4607, "a list of 512 hosts");
        ok(output && strlen(output) == 2413 && strncmp(output, "pmix[node[4:0,7,14,", 19) == 0,
            "512 hosts become one expression of 2413 bytes");
        free(list);
        free(output);
    }
    PMIx_server_finalize();
    return argc > 1 ? 0 : done_testing();
}
