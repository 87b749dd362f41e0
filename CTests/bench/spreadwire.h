// What the loads for a Spread daemon share: they speak the wire themselves, so that any daemon is measured with the
// same client.
#ifndef SPREADWIRE_H
#define SPREADWIRE_H
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { HEADER = 48, NAME = 32, AGREED = 0x10, JOIN = 0x10000, LEAVE = 0x20000, KILL = 0x40000 };
static const uint32_t mark = 0x80000080;

static void die(const char *what) {
    perror(what);
    exit(1);
}

static void put(int fd, const void *bytes, size_t size) {
    for (const char *next = bytes; size > 0;) {
        ssize_t sent = send(fd, next, size, MSG_NOSIGNAL);
        if (sent <= 0) die("send");
        next += sent;
        size -= (size_t) sent;
    }
}

static void get(int fd, void *bytes, size_t size) {
    if (size > 0 && recv(fd, bytes, size, MSG_WAITALL) != (ssize_t) size) die("recv");
}

static int dial(const char *place) {
    int fd = -1, size = 200 * 1024;
    if (place[0] == '/') {
        struct sockaddr_un address = {.sun_family = AF_UNIX};
        snprintf(address.sun_path, sizeof address.sun_path, "%s", place);
        fd = socket(AF_UNIX, SOCK_STREAM, 0);
        if (connect(fd, (struct sockaddr *) &address, sizeof address) != 0) die(place);
    } else {
        char host[256];
        snprintf(host, sizeof host, "%s", place);
        char *colon = strrchr(host, ':');
        struct addrinfo *found, hints = {.ai_socktype = SOCK_STREAM};
        if (colon == NULL) die(place);
        *colon = 0;
        if (getaddrinfo(host, colon + 1, &hints, &found) != 0) die(place);
        fd = socket(found->ai_family, SOCK_STREAM, 0);
        if (connect(fd, found->ai_addr, found->ai_addrlen) != 0) die(place);
        freeaddrinfo(found);
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
    }
    setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
    return fd;
}

// Connects as a client of 4.4.0 without membership messages; the private group is left in `group`.
static int enter(const char *place, const char *name, char group[NAME]) {
    int fd = dial(place);
    unsigned char head[64] = {4, 4, 0, 0, (unsigned char) strlen(name)}, answer[256];
    memcpy(head + 5, name, strlen(name));
    put(fd, head, 5 + strlen(name));
    get(fd, answer, 1);
    get(fd, answer + 1, answer[0]);
    char methods[90] = "NULL";
    put(fd, methods, sizeof methods);
    get(fd, answer, 5);
    if (answer[0] != 1 || answer[4] >= NAME) die("refused");
    memset(group, 0, NAME);
    get(fd, group, answer[4]);
    return fd;
}

static void make(char *message, uint32_t type, const char *sender, const char *group, uint32_t size) {
    uint32_t words[] = {1, mark, size};
    type |= mark;
    memcpy(message, &type, 4);
    memcpy(message + 4, sender, NAME);
    memcpy(message + 36, words, sizeof words);
    memset(message + HEADER, 0, NAME);
    memcpy(message + HEADER, group, strlen(group));
}

#endif
