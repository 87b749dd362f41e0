// libevent as its public headers declare it. The libraries are named in Package.swift on the target Reactor: link lines
// of a module map are ignored in the embedded link.
#include <event2/event.h>
#include <event2/thread.h>
#include <event2/util.h>
