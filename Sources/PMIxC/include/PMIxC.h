// What is here has its declarations in Include/pmix; a target must have a header of its own.
#ifndef MUSTER_PMIXC_H
#define MUSTER_PMIXC_H
#endif
