// The OpenPMIx release whose ABI these headers describe; PMIx_Get_version() tells which library is running.
#ifndef PMIX_VERSION_H
#define PMIX_VERSION_H

#define PMIX_VERSION_MAJOR 4L
#define PMIX_VERSION_MINOR 2L
#define PMIX_VERSION_RELEASE 2L

/* One byte each: major, minor, release. */
#define PMIX_NUMERIC_VERSION 0x00040202

#endif
