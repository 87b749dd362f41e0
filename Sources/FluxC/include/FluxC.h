// The entry points that Swift cannot have: those with variable arguments. Each forms a text or a json_t here and calls one
// entrance without them; what it needs beside the public interface is declared here and defined in FluxABI.
#ifndef MUSTER_FLUXC_H
#define MUSTER_FLUXC_H

#endif
