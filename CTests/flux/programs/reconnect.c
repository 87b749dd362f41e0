// Waits for what does not come until its broker goes, connects to the next one, and asks that.
#include <errno.h>
#include <flux/core.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static int lost(flux_t *h, void *arg) {
    (void) arg;
    printf("lost\n");
    for (int i = 0; i < 400; i++) {
        if (flux_reconnect(h) == 0) {
            printf("connected again\n");
            return 0;
        }
        usleep(50000);
    }
    return -1;
}

static void ended(flux_future_t *f, void *arg) {
    flux_t *h = arg;
    const char *value;
    if (flux_rpc_get(f, NULL) < 0) {
        const char *code = errno == ECONNRESET ? "ECONNRESET" : "another error";
        printf("the call ended: %s, %s\n", code, flux_future_error_string(f));
    }
    flux_future_destroy(f);
    f = flux_rpc_pack(h, "attr.get", FLUX_NODEID_ANY, 0, "{s:s}", "name", "rank");
    if (f && flux_rpc_get_unpack(f, "{s:s}", "value", &value) == 0) printf("rank is %s\n", value);
    flux_future_destroy(f);
    flux_reactor_stop(flux_get_reactor(h));
}

int main(void) {
    setvbuf(stdout, NULL, _IOLBF, 0);
    flux_t *h = flux_open(NULL, FLUX_O_RPCTRACK);
    if (!h) return 1;
    flux_comms_error_set(h, lost, NULL);
    flux_future_t *f = flux_rpc_pack(
        h, "kvs.wait-version", FLUX_NODEID_ANY, 0, "{s:i s:s}", "rootseq", 1000, "namespace", "primary");
    if (!f || flux_future_then(f, -1., ended, h) < 0) return 1;
    printf("waiting\n");
    if (flux_reactor_run(flux_get_reactor(h), 0) < 0) return 1;
    flux_close(h);
    return 0;
}
