// How a function is marked as one of the library's own.
#ifndef PMIX_EXPORT_H
#define PMIX_EXPORT_H

#define PMIX_HAVE_VISIBILITY 1
#define PMIX_EXPORT __attribute__((__visibility__("default")))

#endif
