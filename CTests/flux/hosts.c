// compare: reference
// Ranks and hosts, numbers for a collector, and the heartbeat: over a handle that hears itself.
#include "tap.h"

#include <arpa/inet.h>
#include <errno.h>
#include <flux/core.h>
#include <sys/socket.h>
#include <unistd.h>

static flux_t *h;

static void maps(const char *targets, const char *expected) {
    flux_error_t error;
    char *text = flux_hostmap_lookup(h, targets, &error);
    is_str(text, expected, "\"%s\" is mapped", targets);
    free(text);
}

static void hosts(void) {
    flux_error_t error = {0};
    if (flux_attr_set_cacheonly(h, "hostlist", "node[08-11],login,x1y,node08") < 0) bail("no attribute");
    is_str(flux_get_hostbyrank(h, 0), "node08", "a host with a wide number");
    is_str(flux_get_hostbyrank(h, 3), "node11", "the last of a range");
    is_str(flux_get_hostbyrank(h, 4), "login", "a host without a number");
    is_str(flux_get_hostbyrank(h, 7), "(null)", "a rank that is not there");
    is_str(flux_get_hostbyrank(h, FLUX_NODEID_ANY), "any", "any rank");
    is_str(flux_get_hostbyrank(h, FLUX_NODEID_UPSTREAM), "upstream", "the one above");
    is_int(flux_get_rankbyhost(h, "node08"), 0, "the lowest rank of a host");
    is_int(flux_get_rankbyhost(h, "x1y"), 5, "of another");
    is_int(flux_get_rankbyhost(h, "nobody"), -1, "of a host that is not there");
    maps("0-3", "node[08-11]");
    maps("[0,2,4]", "node[08,10],login");
    maps("3", "node11");
    maps("node[09-10],login", "1-2,4");
    maps("login", "4");
    ok(!flux_hostmap_lookup(h, "9", &error) && strstr(error.text, "9"), "a rank that is not there is named");
    ok(!flux_hostmap_lookup(h, "nobody", &error) && strstr(error.text, "nobody"), "so is a host");
    ok(!flux_hostmap_lookup(h, "a[", &error) && !flux_hostmap_lookup(h, "a[2-1]", NULL), "what is neither is refused");
#ifndef MUSTER_ORIGINAL
    is_str(flux_get_hostbyrank(NULL, 0), "(null)", "no handle knows no host");
    ok(flux_get_rankbyhost(NULL, "x") < 0 && errno == EINVAL, "nor a rank");
    ok(flux_get_rankbyhost(h, NULL) < 0 && errno == EINVAL, "nobody is nowhere");
    ok(!flux_hostmap_lookup(h, NULL, NULL) && errno == EINVAL, "nothing is mapped to nothing");
    ok(!flux_hostmap_lookup(h, "a[0-999999999]", NULL), "more hosts than there are");
#endif
}

// What arrives at a collector.
static const char *heard(int fd) {
    static char room[2000];
    ssize_t count = recv(fd, room, sizeof room - 1, 0);
    room[count > 0 ? count : 0] = 0;
    return room;
}

static void stats(void) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    if (bind(fd, (struct sockaddr *) &address, size) < 0) bail("no collector");
    getsockname(fd, (struct sockaddr *) &address, &size);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &(struct timeval){.tv_sec = 20}, sizeof(struct timeval));
    ok(!flux_stats_enabled(h, NULL), "without a collector there are no numbers");
    flux_stats_count(h, "a", 1);
    char text[50];
    snprintf(text, sizeof text, "127.0.0.1:%d", ntohs(address.sin_port));
    setenv("FLUX_FRIPP_STATSD", text, 1);
    flux_t *other = flux_open("loop://", 0);
    flux_attr_set_cacheonly(other, "rank", "3");
    ok(flux_stats_enabled(other, NULL), "with one there are");
    flux_stats_set_period(other, 0);
    flux_stats_count(other, "a", 5);
    is_str(heard(fd), "flux.3.a:5|C", "a count");
    flux_stats_gauge_set(other, "b", 7);
    is_str(heard(fd), "flux.3.b:7|g", "a gauge");
    flux_stats_gauge_inc(other, "b", 2);
    is_str(heard(fd), "flux.3.b:+2|g", "that goes up");
    flux_stats_gauge_inc(other, "b", -2);
    is_str(heard(fd), "flux.3.b:-2|g", "and down");
    flux_stats_timing(other, "c", 1.5);
    is_str(heard(fd), "flux.3.c:1.500000|ms", "a time");
    flux_stats_set_prefix(other, "my.%d", 4);
    flux_stats_count(other, "a", 6);
    is_str(heard(fd), "my.4.a:6|C", "under another name");
    unsetenv("FLUX_FRIPP_STATSD");
    flux_close(other);
    close(fd);
#ifndef MUSTER_ORIGINAL
    flux_stats_count(NULL, "a", 1);
    flux_stats_set_period(NULL, 1);
    flux_stats_set_prefix(NULL, "x");
    ok(!flux_stats_enabled(NULL, NULL), "no handle has no numbers");
#endif
}

static int beats;

static void beat(flux_future_t *f, void *arg) {
    (void) arg;
    beats++;
    flux_future_reset(f);
    if (beats == 2) flux_reactor_stop(flux_get_reactor(h));
}

static void pulse(uint32_t number) {
    flux_msg_t *msg = flux_event_encode("heartbeat.pulse", NULL);
    flux_msg_set_seq(msg, number);
    flux_msg_set_rolemask(msg, FLUX_ROLE_OWNER);
    flux_send(h, msg, 0);
    flux_msg_destroy(msg);
}

static void heartbeat(void) {
    errno = 0;
    ok(!flux_sync_create(NULL, 0) && errno == EINVAL, "nothing has no heart");
    flux_future_t *f = flux_sync_create(h, 0);
    ok(f && flux_future_then(f, -1, beat, NULL) == 0, "a heart");
    pulse(1);
    pulse(1);
    pulse(2);
    ok(flux_reactor_run(flux_get_reactor(h), 0) >= 0, "is heard");
    is_int(beats, 2, "once for each beat");
    flux_future_destroy(f);
}

int main(void) {
    if (!(h = flux_open("loop://", 0))) bail("no handle");
    hosts();
    stats();
    heartbeat();
    flux_close(h);
    return done_testing();
}
