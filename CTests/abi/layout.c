// What the compiler makes of the public headers, printed in the form of the tables in this folder: every constant,
// every size and offset. locks.sh compiles it with our headers and with the original's, and compares. Types and
// signatures are compared here, by the compiler: where they differ this does not compile. The lists of what later
// releases add are empty where the original's headers are compiled.
#include <pmix.h>
#include <pmix_server.h>
#include <pmix_tool.h>

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "lists.h"

#define ASSERT_TYPE(text, left, ...) \
    _Static_assert(__builtin_types_compatible_p(__typeof__(left), __VA_ARGS__), text)

#define STRING(name, header)
#define NUMBER(name, header)
#define MEMBER_OF(name, kind, header)
#define SIZE(type, text)
#define UNION(type, member)
#define FIELD(type, member, ctype) ASSERT_TYPE(#type "." #member, ((type *) 0)->member, ctype);
#define SAME(type, ctype) ASSERT_TYPE(#type, type, ctype);
#define CALLBACK(type, ...) ASSERT_TYPE(#type, type, __VA_ARGS__);
#define FUNCTION(name, ...) ASSERT_TYPE(#name, &name, __VA_ARGS__);
#define DATA(name, ...) ASSERT_TYPE(#name, name, __VA_ARGS__);
STRUCTS
LATER_STRUCTS
SIGNATURES
#undef STRING
#undef NUMBER
#undef MEMBER_OF
#undef SIZE
#undef UNION
#undef FIELD
#undef SAME

#define STRING(name, header) printf("%s\t%s\tstring\t%s\n", #name, name, header);
#define NUMBER(name, header) printf("%s\t%lld\tint\t%s\n", #name, (long long) (name), header);
#define MEMBER_OF(name, kind, header) printf("%s\t%d\t%s\t%s\n", #name, (int) (name), kind, header);

static void print_constants(void) {
    CONSTANTS
    LATER_CONSTANTS
}

#undef STRING
#undef NUMBER
#undef MEMBER_OF

// The type of a number decides how it promotes; the tables do not have it, so this is compared between headers only.
#define STRING(name, header) printf("%s\tstring of %zu\n", #name, sizeof(name));
#define NUMBER(name, header) \
    printf("%s\t%s\n", #name, _Generic((name), int: "int", unsigned: "unsigned", long: "long", default: "other"));
#define MEMBER_OF(name, kind, header) NUMBER(name, header)

static void print_types(void) {
    CONSTANTS
}

#define SIZE(type, text) printf("%s\t(sizeof)\t%zu\talign=%zu\t%s\n", #type, sizeof(type), _Alignof(type), text);
#define UNION(type, member) FIELD(type, member, union)
#define FIELD(type, member, ctype) \
    printf("%s\t%s\t%zu\t%zu\t%s\n", #type, #member, offsetof(type, member), sizeof(((type *) 0)->member), #ctype);
#define SAME(type, ctype)

static void print_structs(void) {
    STRUCTS
    LATER_STRUCTS
}

int main(int argc, char **argv) {
    const char *what = 2 == argc ? argv[1] : "";
    if (0 == strcmp(what, "constants")) {
        print_constants();
    } else if (0 == strcmp(what, "types")) {
        print_types();
    } else if (0 == strcmp(what, "structs")) {
        print_structs();
    } else {
        fprintf(stderr, "usage: layout constants|types|structs\n");
        return 2;
    }
    return 0;
}
