// The other end of a connection, in a thread and without the library: takes frames apart and answers as it was told.
// A test gives it a function that gets every message; what it got is kept for the test to look at.
#ifndef MUSTER_FLUX_PEER_H
#define MUSTER_FLUX_PEER_H

#include <arpa/inet.h>
#include <errno.h>
#include <flux/core.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { FLAG_TOPIC = 1, FLAG_PAYLOAD = 2, FLAG_NORESPONSE = 4, FLAG_ROUTE = 8, FLAG_UPSTREAM = 16, FLAG_STREAMING = 64 };

struct frame {
    uint8_t type, flags;
    uint32_t userid, rolemask, word1, word2;
    char topic[256];
    // With its NUL, if it has one.
    uint8_t payload[8192];
    size_t payload_size;
};

struct peer {
    int fd;
    int client_fd;
    pthread_t thread;
    void (*serve)(struct peer *peer, const struct frame *frame);
    void *arg;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct frame log[64];
    int count;
};

__attribute__((unused)) static void put_part(uint8_t **at, const void *data, size_t size) {
    if (size < 255) {
        *(*at)++ = (uint8_t) size;
    } else {
        uint32_t word = htonl((uint32_t) size);
        *(*at)++ = 255;
        memcpy(*at, &word, 4);
        *at += 4;
    }
    if (size > 0) memcpy(*at, data, size);
    *at += size;
}

// The bytes of a message without hops; how many.
__attribute__((unused)) static size_t frame_encode(const struct frame *f, uint8_t *bytes) {
    uint8_t *at = bytes + 8;
    if (f->flags & FLAG_ROUTE) *at++ = 0;
    if (f->flags & FLAG_TOPIC) put_part(&at, f->topic, strlen(f->topic));
    if (f->flags & FLAG_PAYLOAD) put_part(&at, f->payload, f->payload_size);
    uint32_t words[4] = {htonl(f->userid), htonl(f->rolemask), htonl(f->word1), htonl(f->word2)};
    *at++ = 20;
    *at++ = 0x8e;
    *at++ = 1;
    *at++ = f->type;
    *at++ = f->flags;
    memcpy(at, words, 16);
    at += 16;
    uint32_t mark = 0xffee0012, length = htonl((uint32_t) (at - bytes - 8));
    memcpy(bytes, &mark, 4);
    memcpy(bytes + 4, &length, 4);
    return (size_t) (at - bytes);
}

__attribute__((unused)) static void peer_write(struct peer *peer, const void *bytes, size_t size) {
    const char *at = bytes;
    while (size > 0) {
        ssize_t count = send(peer->fd, at, size, MSG_NOSIGNAL);
        if (count <= 0) return;
        at += count;
        size -= (size_t) count;
    }
}

__attribute__((unused)) static void peer_send(struct peer *peer, const struct frame *frame) {
    static __thread uint8_t bytes[sizeof(struct frame) + 64];
    peer_write(peer, bytes, frame_encode(frame, bytes));
}

// Answers a request: an error when errnum is not 0; with a text and its NUL unless that is NULL.
__attribute__((unused)) static void peer_answer(
    struct peer *peer, const struct frame *request, int errnum, const char *text) {
    struct frame f = *request;
    f.type = 2;
    f.flags = FLAG_TOPIC | FLAG_ROUTE | (request->flags & FLAG_STREAMING);
    f.userid = 0;
    f.rolemask = 1;
    f.word1 = (uint32_t) errnum;
    f.payload_size = 0;
    if (text) {
        f.flags |= FLAG_PAYLOAD;
        f.payload_size = strlen(text) + 1;
        memcpy(f.payload, text, f.payload_size);
    }
    peer_send(peer, &f);
}

__attribute__((unused)) static bool peer_read_all(int fd, void *room, size_t size) {
    char *at = room;
    while (size > 0) {
        ssize_t count = read(fd, at, size);
        if (count <= 0) return false;
        at += count;
        size -= (size_t) count;
    }
    return true;
}

// One part: its place, moved behind it; NULL at the end.
__attribute__((unused)) static const uint8_t *take_part(const uint8_t **at, const uint8_t *end, size_t *size) {
    if (*at >= end) return NULL;
    *size = *(*at)++;
    if (*size == 255) {
        uint32_t word;
        memcpy(&word, *at, 4);
        *size = ntohl(word);
        *at += 4;
    }
    const uint8_t *part = *at;
    *at += *size;
    return part;
}

__attribute__((unused)) static bool frame_decode(const uint8_t *bytes, size_t length, struct frame *f) {
    const uint8_t *at = bytes, *end = bytes + length, *part;
    size_t size;
    if (length < 21) return false;
    memset(f, 0, sizeof *f);
    const uint8_t *proto = end - 20;
    f->type = proto[2];
    f->flags = proto[3];
    uint32_t words[4];
    memcpy(words, proto + 4, 16);
    f->userid = ntohl(words[0]);
    f->rolemask = ntohl(words[1]);
    f->word1 = ntohl(words[2]);
    f->word2 = ntohl(words[3]);
    if (f->flags & FLAG_ROUTE) {
        while ((part = take_part(&at, end, &size)) && size > 0) continue;
    }
    if (f->flags & FLAG_TOPIC && (part = take_part(&at, end, &size)) && size < sizeof f->topic)
        memcpy(f->topic, part, size);
    if (f->flags & FLAG_PAYLOAD && (part = take_part(&at, end, &size)) && size <= sizeof f->payload) {
        memcpy(f->payload, part, size);
        f->payload_size = size;
    }
    return true;
}

static void *peer_main(void *arg) {
    struct peer *peer = arg;
    static __thread uint8_t bytes[65536];
    uint32_t head[2];
    struct frame frame;
    while (peer_read_all(peer->fd, head, 8)) {
        size_t length = ntohl(head[1]);
        if (head[0] != 0xffee0012 || length > sizeof bytes || !peer_read_all(peer->fd, bytes, length)) break;
        if (!frame_decode(bytes, length, &frame)) break;
        pthread_mutex_lock(&peer->lock);
        peer->log[peer->count % 64] = frame;
        peer->count++;
        pthread_cond_broadcast(&peer->changed);
        pthread_mutex_unlock(&peer->lock);
        peer->serve(peer, &frame);
    }
    return NULL;
}

// The message of this number, counted from 0, once it has come.
__attribute__((unused)) static struct frame peer_got(struct peer *peer, int number) {
    pthread_mutex_lock(&peer->lock);
    while (peer->count <= number) pthread_cond_wait(&peer->changed, &peer->lock);
    struct frame frame = peer->log[number % 64];
    pthread_mutex_unlock(&peer->lock);
    return frame;
}

__attribute__((unused)) static int peer_count(struct peer *peer) {
    pthread_mutex_lock(&peer->lock);
    int count = peer->count;
    pthread_mutex_unlock(&peer->lock);
    return count;
}

// The message that came last.
__attribute__((unused)) static struct frame peer_last(struct peer *peer) {
    return peer_got(peer, peer_count(peer) - 1);
}

// Both ends; the first byte is not written yet.
__attribute__((unused)) static void peer_init(struct peer *peer) {
    int ends[2];
    memset(peer, 0, sizeof *peer);
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0) exit(2);
    peer->fd = ends[0];
    peer->client_fd = ends[1];
    pthread_mutex_init(&peer->lock, NULL);
    pthread_cond_init(&peer->changed, NULL);
}

// A handle on the end that is not the peer's; the other is welcome.
__attribute__((unused)) static flux_t *peer_connect(struct peer *peer, int flags) {
    char uri[32];
    peer_write(peer, "", 1);
    snprintf(uri, sizeof uri, "fd://%d", peer->client_fd);
    return flux_open(uri, flags);
}

__attribute__((unused)) static flux_t *peer_open(
    struct peer *peer, void (*serve)(struct peer *, const struct frame *), void *arg) {
    peer_init(peer);
    peer->serve = serve;
    peer->arg = arg;
    if (pthread_create(&peer->thread, NULL, peer_main, peer) != 0) exit(2);
    return peer_connect(peer, 0);
}

// After the handle was closed.
__attribute__((unused)) static void peer_join(struct peer *peer) {
    pthread_join(peer->thread, NULL);
    close(peer->fd);
}

#endif
