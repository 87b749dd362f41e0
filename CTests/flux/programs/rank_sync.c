// The first program of flux_rpc(3), with a log helper of its own: asks the broker for its rank and waits for the answer.
#include <flux/core.h>
#include <stdio.h>
#include <stdlib.h>

static void log_err_exit(const char *what) {
    perror(what);
    exit(1);
}

int main(void) {
    flux_t *h;
    flux_future_t *f;
    const char *rankstr;

    if (!(h = flux_open(NULL, 0))) log_err_exit("flux_open");
    if (!(f = flux_rpc_pack(h, "attr.get", FLUX_NODEID_ANY, 0, "{s:s}", "name", "rank")))
        log_err_exit("flux_rpc_pack");
    if (flux_rpc_get_unpack(f, "{s:s}", "value", &rankstr) < 0) log_err_exit("flux_rpc_get_unpack");
    printf("rank is %s\n", rankstr);
    flux_future_destroy(f);
    flux_close(h);
    return 0;
}
