// The least that can be at the other end: answers every request at once with what it carried, several in one go when
// several have come, so that what is measured beside it is the client. fluxecho SOCKET; ends with its last client.
#include <arpa/inet.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static uint8_t in[1 << 20], out[1 << 20];
static size_t have;

// A request becomes its response where it stands: type, role and errnum are all that differs.
static size_t turn(uint8_t *bytes, size_t length) {
    uint8_t *proto = bytes + 8 + length - 20;
    uint32_t role = htonl(1);
    proto[2] = 2;
    memcpy(proto + 8, &role, 4);
    memset(proto + 12, 0, 4);
    return 8 + length;
}

static void write_all(int fd, const uint8_t *bytes, size_t size) {
    while (size > 0) {
        ssize_t count = send(fd, bytes, size, MSG_NOSIGNAL);
        if (count <= 0) exit(0);
        bytes += count;
        size -= (size_t) count;
    }
}

static void serve(int fd) {
    ssize_t count;
    write_all(fd, (const uint8_t *) "", 1);
    while ((count = read(fd, in + have, sizeof in - have)) > 0) {
        size_t at = 0, size = 0;
        have += (size_t) count;
        while (have - at >= 8) {
            uint32_t word;
            memcpy(&word, in + at + 4, 4);
            size_t length = ntohl(word);
            if (have - at < 8 + length) break;
            memcpy(out + size, in + at, 8 + length);
            // What expects no response has bit 2 of the flags.
            if (!(out[size + 8 + length - 17] & 4)) size += turn(out + size, length);
            at += 8 + length;
        }
        memmove(in, in + at, have - at);
        have -= at;
        write_all(fd, out, size);
    }
}

int main(int argc, char **argv) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (argc != 2 || strlen(argv[1]) >= sizeof address.sun_path) return 2;
    strcpy(address.sun_path, argv[1]);
    unlink(argv[1]);
    int listener = socket(AF_UNIX, SOCK_STREAM, 0);
    if (bind(listener, (struct sockaddr *) &address, sizeof address) < 0 || listen(listener, 5) < 0) return 2;
    int fd = accept(listener, NULL, NULL);
    unlink(argv[1]);
    if (fd < 0) return 2;
    serve(fd);
    return 0;
}
