// Connection storms: a thousand processes at once, while others have connected and say nothing, or half of what they
// should.
#include "tap.h"
#include "serve.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>

enum { CLIENTS = 1000, SILENT = 150, HALF = 150, COUNT = CLIENTS + SILENT + HALF };

static unsigned char greeting[256];
static size_t greeting_size;

static void add(const void *bytes, size_t count) {
    memcpy(greeting + greeting_size, bytes, count);
    greeting_size += count;
}

static void add_word(uint32_t word) {
    word = htonl(word);
    add(&word, 4);
}

// A tool that brings its own name, as release 4.2.2 greets; `rank` is its.
static void make_greeting(uint32_t rank) {
    uint32_t user[2] = {geteuid(), getegid()}, header[4] = {UINT32_MAX, UINT32_MAX, 0, 0};
    greeting_size = sizeof header;
    add("native", 7);
    add_word(sizeof user);
    add(user, sizeof user);
    add("\4", 1);
    add_word(user[0]);
    add_word(user[1]);
    add("storm", 6);
    add_word(rank);
    add("4.2.2", 6);
    add("v41", 4);
    add("\1", 1);
    add("hash", 5);
    header[2] = (uint32_t) (greeting_size - sizeof header);
    memcpy(greeting, header, sizeof header);
}

static int connect_to(int port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t) port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd >= 0 && connect(fd, (struct sockaddr *) &address, sizeof address) != 0 && errno != EINPROGRESS) {
        close(fd);
        return -1;
    }
    return fd;
}

// What a peer has got of its 268 bytes, and whether its greeting is sent.
static struct pollfd sockets[COUNT];
static int received[COUNT], welcome, over;
static bool sent[COUNT];

static void greet(int i) {
    make_greeting((uint32_t) i);
    size_t size = i < SILENT ? 0 : i < SILENT + HALF ? 20 : greeting_size;
    sent[i] = size == 0 || write(sockets[i].fd, greeting, size) == (ssize_t) size;
    sockets[i].events = POLLIN;
}

static void listen_to(int i) {
    unsigned char bytes[268];
    ssize_t got = read(sockets[i].fd, bytes, sizeof bytes);
    if (got <= 0) {
        over++;
        sockets[i].fd = -1;
        return;
    }
    bool refused = received[i] == 0 && got >= 4 && (bytes[0] | bytes[1] | bytes[2] | bytes[3]) != 0;
    received[i] += (int) got;
    if (received[i] == 268 && !refused) welcome++;
}

static void storm(int port) {
    time_t end = time(NULL) + 60;
    for (int i = 0; i < COUNT; i++) {
        sockets[i].fd = connect_to(port);
        sockets[i].events = POLLOUT;
    }
    while (welcome < CLIENTS && time(NULL) < end) {
        if (poll(sockets, COUNT, 1000) < 0) break;
        for (int i = 0; i < COUNT; i++) {
            if (sockets[i].fd < 0 || sockets[i].revents == 0) continue;
            if (!sent[i] && (sockets[i].revents & POLLOUT)) greet(i);
            else if (sockets[i].revents & (POLLIN | POLLHUP | POLLERR)) listen_to(i);
        }
    }
}

int main(int argc, char **argv) {
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    serve_main(argc, argv);
    if (files.rlim_cur < 2 * COUNT) {
        skip(1, "too few descriptors for a storm here");
        return done_testing();
    }
    signal(SIGPIPE, SIG_IGN);
    struct served served = serve(NULL, NULL);
    const char *colon = strrchr(served.uri, ':');
    if (!ok(colon != NULL, "a server")) return done_testing();
    int port = atoi(colon + 1);
    storm(port);
    is_int(welcome, CLIENTS, "TRANS-30 a thousand who come at once are let in, past those who say nothing or half");
    is_int(over, 0, "TRANS-30 nobody is turned away");
    for (int i = 0; i < COUNT; i++) {
        if (sockets[i].fd >= 0) close(sockets[i].fd);
    }
    memset(sockets, 0, sizeof sockets);
    for (int i = 0; i < COUNT; i++) sockets[i].fd = -1;
    int last = SILENT + HALF;
    sockets[last] = (struct pollfd) {connect_to(port), POLLOUT, 0};
    sent[last] = false;
    received[last] = 0;
    welcome = CLIENTS - 1;
    time_t end = time(NULL) + 30;
    while (welcome < CLIENTS && sockets[last].fd >= 0 && time(NULL) < end && poll(&sockets[last], 1, 1000) >= 0) {
        if (!sent[last]) greet(last);
        else if (sockets[last].revents) listen_to(last);
    }
    is_int(welcome, CLIENTS, "TRANS-30 when all have gone at once the next is let in");
    serve_end(&served);
    is_int(served.finalized, PMIX_SUCCESS, "TRANS-30 the server ends");
    return done_testing();
}
