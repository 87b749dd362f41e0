// Modex blobs made by hand (flex integers, non-described): what a server on another node would have sent.
#ifndef MUSTER_TEST_BLOB_H
#define MUSTER_TEST_BLOB_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct blob {
    unsigned char *bytes;
    size_t size;
};

__attribute__((unused)) static void blob_raw(struct blob *blob, const void *bytes, size_t n) {
    blob->bytes = realloc(blob->bytes, blob->size + n + 1);
    if (blob->bytes == NULL) abort();
    if (n > 0) memcpy(blob->bytes + blob->size, bytes, n);
    blob->size += n;
}

__attribute__((unused)) static void blob_byte(struct blob *blob, unsigned char byte) { blob_raw(blob, &byte, 1); }

__attribute__((unused)) static void blob_flex(struct blob *blob, uint64_t value) {
    for (int i = 0; i < 8; i++) {
        if (value < 0x80) {
            blob_byte(blob, (unsigned char) value);
            return;
        }
        blob_byte(blob, (unsigned char) (value & 0x7f) | 0x80);
        value >>= 7;
    }
    blob_byte(blob, (unsigned char) value);
}

__attribute__((unused)) static void blob_signed(struct blob *blob, int64_t value) {
    blob_flex(blob, value < 0 ? (uint64_t) ~value << 1 | 1 : (uint64_t) value << 1);
}

__attribute__((unused)) static void blob_string(struct blob *blob, const char *text) {
    blob_signed(blob, (int64_t) strlen(text) + 1);
    blob_raw(blob, text, strlen(text) + 1);
}

// One KVAL with a string, as a top-level item of a buffer.
__attribute__((unused)) static void blob_kval(struct blob *blob, const char *key, const char *value) {
    blob_signed(blob, 1);
    blob_string(blob, key);
    blob_flex(blob, 3);  // the type STRING
    blob_string(blob, value);
}

// The whole of `inner` as one top-level BYTE_OBJECT; `inner` is used up.
__attribute__((unused)) static void blob_object(struct blob *blob, struct blob *inner) {
    blob_signed(blob, 1);
    blob_flex(blob, inner->size);
    blob_raw(blob, inner->bytes, inner->size);
    free(inner->bytes);
    *inner = (struct blob){NULL, 0};
}

// What a server contributes to a collecting fence for one rank with one key, in either of the two shapes.
__attribute__((unused)) static void blob_fence(
    struct blob *blob, int keymap, uint32_t rank, const char *key, const char *value) {
    struct blob outer = {NULL, 0}, one = {NULL, 0};
    blob_signed(&outer, 1), blob_byte(&outer, keymap ? 3 : 1);
    if (keymap) {
        blob_signed(&outer, 1), blob_flex(&outer, 1);
        blob_signed(&outer, 1), blob_string(&outer, key);
    }
    blob_signed(&one, 1), blob_flex(&one, rank);
    if (keymap) {
        blob_signed(&one, 1), blob_flex(&one, 0);
        blob_signed(&one, 1), blob_flex(&one, 3), blob_string(&one, value);
    } else {
        blob_kval(&one, key, value);
    }
    blob_object(&outer, &one);
    blob_object(blob, &outer);
}

__attribute__((unused)) static void blob_free(struct blob *blob) {
    free(blob->bytes);
    *blob = (struct blob){NULL, 0};
}

#endif
