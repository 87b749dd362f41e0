// The release whose interface this is. The macros say what a program was compiled with, the functions what it runs on.
#ifndef FLUX_CORE_VERSION_H
#define FLUX_CORE_VERSION_H

#ifdef __cplusplus
extern "C" {
#endif

#define FLUX_CORE_VERSION_STRING "0.88.0"
#define FLUX_CORE_VERSION_MAJOR 0
#define FLUX_CORE_VERSION_MINOR 88
#define FLUX_CORE_VERSION_PATCH 0
// 0xMMmmpp, so that two versions compare as numbers.
#define FLUX_CORE_VERSION_HEX \
    ((FLUX_CORE_VERSION_MAJOR << 16) | (FLUX_CORE_VERSION_MINOR << 8) | (FLUX_CORE_VERSION_PATCH << 0))

// The release as text; static. Any thread.
const char *flux_core_version_string(void);

// The release as FLUX_CORE_VERSION_HEX has it; each of the three is written where it is not NULL. Any thread.
int flux_core_version(int *major, int *minor, int *patch);

#ifdef __cplusplus
}
#endif

#endif
