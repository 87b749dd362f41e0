// The data that the library exports. Swift cannot lay out C data, so it stands here.
#include "pmix_objects.h"

const char *const pmix_framework_names[] = {
    "bfrops", "gds",  "pcompress", "pdl",  "pif",     "pinstalldirs", "plog", "pmdl",
    "pnet",   "preg", "psec",      "psensor", "psquash", "pstat",     "ptl",  "mca", NULL,
};
