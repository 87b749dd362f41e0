// Everything that clients, tools and servers share. Programs include pmix.h, pmix_server.h or pmix_tool.h, which
// bring this in; it includes the system headers that programs written for OpenPMIx count on finding here.
#ifndef PMIX_COMMON_H
#define PMIX_COMMON_H

#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

#include "pmix_version.h"
#include "pmix_export.h"
#include "pmix_keys.h"
#include "pmix_keys_host.h"
#include "pmix_keys_later.h"
#include "pmix_types.h"
#include "pmix_deprecated.h"
#include "pmix_objects.h"
#include "pmix_helpers.h"
#include "pmix_argv.h"
#include "pmix_macros.h"
#include "pmix_macros_objects.h"
#include "pmix_macros_arrays.h"

#endif
