// What the modes of member.c are made of.
#ifndef MUSTER_MEMBER_H
#define MUSTER_MEMBER_H

#include <pmix.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static pmix_proc_t me;
static uint32_t size;

static void want(bool holds, const char *text) {
    if (holds) return;
    fprintf(stderr, "rank %u: not so: %s\n", me.rank, text);
    _exit(9);
}

__attribute__((unused)) static void append(char ***list, const char *word) {
    pmix_status_t status;
    PMIX_ARGV_APPEND(status, *list, word);
    want(status == PMIX_SUCCESS, "append");
}

static pmix_proc_t everyone(void) {
    pmix_proc_t all = me;
    all.rank = PMIX_RANK_WILDCARD;
    return all;
}

// A number of any of the widths in use.
static uint32_t number(const pmix_proc_t *proc, const char *key) {
    pmix_value_t *value = NULL;
    want(PMIx_Get(proc, key, NULL, 0, &value) == PMIX_SUCCESS, key);
    uint32_t result = value->type == PMIX_UINT16 ? value->data.uint16 : value->data.uint32;
    PMIX_VALUE_RELEASE(value);
    return result;
}

// A directory that is there.
__attribute__((unused)) static void want_path(const pmix_proc_t *proc, const char *key) {
    pmix_value_t *value = NULL;
    want(PMIx_Get(proc, key, NULL, 0, &value) == PMIX_SUCCESS && value->type == PMIX_STRING, key);
    want(access(value->data.string, W_OK | X_OK) == 0, key);
    PMIX_VALUE_RELEASE(value);
}

static void fence(void) { want(PMIx_Fence(NULL, 0, NULL, 0) == PMIX_SUCCESS, "fence"); }

// The time is only a guard.
__attribute__((unused)) static bool wait_until(volatile int *counter, int value) {
    for (int tries = 0; tries < 3000 && *counter < value; tries++) usleep(10000);
    return *counter == value;
}

static void begin(void) {
    want(PMIx_Init(&me, NULL, 0) == PMIX_SUCCESS, "PMIx_Init");
    pmix_proc_t all = everyone();
    size = number(&all, PMIX_JOB_SIZE);
}

#endif
