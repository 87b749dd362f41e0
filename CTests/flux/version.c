// The release that the library says it is.
#include "tap.h"

#include <flux/core.h>
#include <string.h>

int main(void) {
    int major = -1, minor = -1, patch = -1;
    is_str(flux_core_version_string(), FLUX_CORE_VERSION_STRING, "the text is the header's");
    ok(flux_core_version(&major, &minor, &patch) == FLUX_CORE_VERSION_HEX, "the number is the header's");
    ok(major == FLUX_CORE_VERSION_MAJOR && minor == FLUX_CORE_VERSION_MINOR && patch == FLUX_CORE_VERSION_PATCH,
        "so are its parts");
    ok(flux_core_version(NULL, NULL, NULL) == FLUX_CORE_VERSION_HEX, "nobody has to take the parts");
    return done_testing();
}
