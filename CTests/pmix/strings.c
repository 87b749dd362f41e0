// The functions that name things. As a test: every code of every family has a text, and a few have the field's.
// With --dump: all the texts, for compare.sh; attribute names and strings are then read from standard input.
#include "tap.h"

#include <pmix.h>
#include <pmix_server.h>

typedef const char *(*namer)(long);

static const char *of_status(long n) { return PMIx_Error_string((pmix_status_t) n); }
static const char *of_type(long n) { return PMIx_Data_type_string((pmix_data_type_t) n); }
static const char *of_scope(long n) { return PMIx_Scope_string((pmix_scope_t) n); }
static const char *of_persistence(long n) { return PMIx_Persistence_string((pmix_persistence_t) n); }
static const char *of_range(long n) { return PMIx_Data_range_string((pmix_data_range_t) n); }
static const char *of_proc_state(long n) { return PMIx_Proc_state_string((pmix_proc_state_t) n); }
static const char *of_job_state(long n) { return PMIx_Job_state_string((pmix_job_state_t) n); }
static const char *of_directive(long n) { return PMIx_Alloc_directive_string((pmix_alloc_directive_t) n); }
static const char *of_channel(long n) { return PMIx_IOF_channel_string((pmix_iof_channel_t) n); }
static const char *of_link(long n) { return PMIx_Link_state_string((pmix_link_state_t) n); }
static const char *of_device(long n) { return PMIx_Device_type_string((pmix_device_type_t) n); }

static const struct family {
    const char *name;
    namer text;
    long first, last;
} families[] = {
    {"Error_string", of_status, -4100, 1100},
    {"Data_type_string", of_type, 0, 1100},
    {"Scope_string", of_scope, 0, 255},
    {"Persistence_string", of_persistence, 0, 255},
    {"Data_range_string", of_range, 0, 255},
    {"Proc_state_string", of_proc_state, 0, 255},
    {"Job_state_string", of_job_state, 0, 255},
    {"Alloc_directive_string", of_directive, 0, 255},
    {"IOF_channel_string", of_channel, 0, 600},
    {"Link_state_string", of_link, 0, 255},
    {"Device_type_string", of_device, 0, 70},
};

#define FAMILIES (sizeof families / sizeof families[0])

static void dump_attributes(void) {
    char line[256];
    while (fgets(line, sizeof line, stdin)) {
        line[strcspn(line, "\n")] = 0;
        const char *string = PMIx_Get_attribute_string(line), *name = PMIx_Get_attribute_name(line);
        printf("attribute %s: string %s, name %s\n", line, string ? string : "NULL", name ? name : "NULL");
    }
}

static void dump(void) {
    for (size_t f = 0; f < FAMILIES; f++)
        for (long n = families[f].first; n <= families[f].last; n++) {
            const char *text = families[f].text(n);
            printf("%s(%ld) = %s\n", families[f].name, n, text ? text : "NULL");
        }
    for (long bit = 0; bit < 64; bit++)
        printf("Device_type_string(bit %ld) = %s\n", bit, PMIx_Device_type_string((pmix_device_type_t) 1 << bit));
    for (unsigned n = 0; n < 64; n++) {
        char *text = PMIx_Info_directives_string(n);
        printf("Info_directives_string(%u) = %s\n", n, text ? text : "NULL");
        free(text);
    }
    dump_attributes();
}

static void check_family(const struct family *family) {
    long missing = 0, moved = 0;
    for (long n = family->first; n <= family->last; n++) {
        const char *text = family->text(n);
        missing += text == NULL;
        moved += text != family->text(n);
    }
    is_int(missing, 0, "PMIx_%s has a text for every code", family->name);
    if (family->text != of_channel && family->text != of_device)
        is_int(moved, 0, "PMIx_%s gives static text", family->name);
}

int main(int argc, char **argv) {
    if (argc > 1 && strcmp(argv[1], "--dump") == 0) {
        PMIx_server_init(NULL, NULL, 0);  // the original names some types only then
        dump();
        PMIx_server_finalize();
        return 0;
    }
    for (size_t f = 0; f < FAMILIES; f++) check_family(&families[f]);
    is_str(PMIx_Error_string(PMIX_SUCCESS), "SUCCESS", "PMIX_SUCCESS");
    is_str(PMIx_Data_type_string(PMIX_UINT32), "PMIX_UINT32", "a type is called as in the header");
    is_str(PMIx_Get_attribute_string("PMIX_JOB_SIZE"), PMIX_JOB_SIZE, "an attribute's string from its name");
    is_str(PMIx_Get_attribute_name(PMIX_JOB_SIZE), "PMIX_JOB_SIZE", "an attribute's name from its string");
    is_str(PMIx_Get_attribute_string("PMIX_SESSION_PAUSE"), "pmix.ssn.pause", "an attribute of release 5 by its name");
    is_str(PMIx_Get_attribute_name("pmix.proc.rss"), "PMIX_PROC_RSS", "an attribute of release 6 by its string");
    is_str(PMIx_Data_type_string(73), "PMIX_NODE_PID", "a data type of release 6");
    is_str(PMIx_Get_attribute_string("PMIX_NO_SUCH"), "PMIX_NO_SUCH", "an unknown name comes back");
    is_str(PMIx_Get_attribute_name("no.such"), "no.such", "an unknown string comes back");
    char *directives = PMIx_Info_directives_string(PMIX_INFO_REQD);
    ok(directives && strstr(directives, "REQUIRED"), "the directives of a required info say so");
    free(directives);
    ok(PMIx_Get_version() && strstr(PMIx_Get_version(), "4.2.2"), "PMIx_Get_version names the release it stands for");
    return done_testing();
}
