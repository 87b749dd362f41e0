// One filled object of every type that values and arrays hold, and how to tell two of them apart.
#ifndef MUSTER_CONVERT_SAMPLES_H
#define MUSTER_CONVERT_SAMPLES_H

#include <pmix.h>

#include <stdbool.h>
#include <stddef.h>

enum place {
    INLINE,     // the value's union holds the object
    BOXED,      // the value's union holds its address
    ARRAY_ONLY, // the union has no arm
};

struct sample {
    const char *name;
    pmix_data_type_t type;
    enum place place;
    // Of one element of an array.
    size_t size;
    // Fills a zeroed object with malloc'd content that depends on seed; NULL for plain bytes.
    void (*fill)(void *object, int seed);
    // NULL for plain bytes.
    bool (*equal)(const void *a, const void *b);
};

extern const struct sample samples[];
extern const size_t sample_count;

// The sample of this type; NULL when there is none.
const struct sample *sample_of(pmix_data_type_t type);

// An array of count filled objects, which PMIx_Data_array_destruct() frees.
pmix_data_array_t sample_array(const struct sample *sample, size_t count);

bool sample_equal(const struct sample *sample, const void *a, const void *b);
bool arrays_equal(const pmix_data_array_t *a, const pmix_data_array_t *b);
bool values_equal(const pmix_value_t *a, const pmix_value_t *b);

#endif
