// Lets a rig look at a running job: with a folder as the program's argument, every rank leaves a file ready.RANK there and
// goes on when the rig has made the file `go`. Without an argument nothing happens.
#ifndef MUSTER_HOLD_H
#define MUSTER_HOLD_H

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void hold(const char *folder, int rank) {
    char path[4096];
    if (folder == NULL) return;
    snprintf(path, sizeof path, "%s/ready.%d", folder, rank);
    int fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    if (fd < 0) {
        perror(path);
        exit(1);
    }
    close(fd);
    snprintf(path, sizeof path, "%s/go", folder);
    // Two minutes at most, so that a rig that dies leaves nothing running.
    for (int i = 0; i < 12000 && access(path, F_OK) != 0; i++) usleep(10000);
}

#endif
