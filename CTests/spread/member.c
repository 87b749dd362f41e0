// A member that flushes when asked, sends in every view, and leaves after a while: prints what it saw of each view.
//   member PORT@HOST NAME MILLISECONDS leave|disconnect|die
#include <fl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static char groups[50][MAX_GROUP_NAME], body[2000], sender[MAX_GROUP_NAME];

static long now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

int main(int argc, char **argv) {
    mailbox mbox;
    char mine[MAX_GROUP_NAME], text[64];
    int sum = 0, messages = 0, index = 0;
    if (argc < 5 || FL_connect(argv[1], argv[2], 0, &mbox, mine) != 1) return 1;
    FL_join(mbox, "mix");
    for (long end = now() + atoi(argv[3]); now() < end;) {
        int kind = DONT_BLOCK, count, mismatch, more;
        int16 type;
        int code = FL_receive(mbox, &kind, sender, 50, &count, groups, &type, &mismatch, sizeof body, body, &more);
        if (code == WOULD_BLOCK) {
            struct pollfd entry = {mbox, POLLIN, 0};
            poll(&entry, 1, 10);
        } else if (code < 0) {
            return 2;
        } else if (Is_flush_req_mess(kind)) {
            snprintf(text, sizeof text, "%s before flush %d", mine, index);
            if (FL_multicast(mbox, FIFO_MESS, "mix", 3, (int) strlen(text), text) < 0) return 3;
            if (FL_flush(mbox, "mix") != 0) return 4;
        } else if (Is_reg_memb_mess(kind)) {
            if (index > 0) printf("closed %d with %d messages, sum %d\n", index, messages, sum);
            memcpy(&index, body + 8, sizeof index);
            printf("view %d of %d", index, count);
            for (int i = 0; i < count; i++) printf(" %s", groups[i]);
            printf("\n");
            messages = sum = 0;
            snprintf(text, sizeof text, "%s in %d", mine, index);
            if (FL_multicast(mbox, FIFO_MESS, "mix", 1, (int) strlen(text), text) < 0) return 5;
            if (FL_multicast(mbox, AGREED_MESS, "mix", 2, (int) strlen(text), text) < 0) return 6;
        } else if (Is_regular_mess(kind)) {
            messages++;
            for (int i = 0; i < code; i++) sum += (unsigned char) body[i] * (type + 1);
        }
        fflush(stdout);
    }
    if (!strcmp(argv[4], "die")) _exit(0);
    if (!strcmp(argv[4], "leave")) FL_leave(mbox, "mix");
    FL_disconnect(mbox);
    return 0;
}
