// The macros with which programs make, fill, compare and free the structs of the API, and the inline functions they
// call. All of it is compiled into the consumer. For a type X:
//   X_CONSTRUCT(m)  makes the object m points to empty.      X_DESTRUCT(m)  frees what it holds, not m.
//   X_CREATE(m, n)  assigns m a zeroed array of n from malloc(), or NULL for n == 0 and without memory.
//   X_FREE(m, n)    destructs n elements and frees m.        X_RELEASE(m)   the same for one.
// FREE and RELEASE also assign NULL to m, except where an N.B. says that m may be any expression.
// A trailing underscore marks what only these headers call.
#ifndef PMIX_MACROS_H
#define PMIX_MACROS_H

#include <ctype.h>

#include "pmix_argv.h"
#include "pmix_deprecated.h"
#include "pmix_keys_host.h"
#include "pmix_types.h"

#ifdef __cplusplus
extern "C" {
#endif

#define PMIX_CLEAR_(m, type) memset((m), 0, sizeof(type))
#define PMIX_CREATE_(m, n, type) ((m) = (type *) pmix_zeroed_((n), sizeof(type)))
#define PMIX_FREE_AND_FORGET_(m) \
    do { \
        pmix_free(m); \
        (m) = NULL; \
    } while (0)

static inline void *pmix_zeroed_(size_t count, size_t size) {
    return 0 == count ? NULL : pmix_calloc(count, size);
}

/* Frees a string that a struct holds, and forgets it. */
static inline void pmix_drop_string_(char **string) {
    pmix_free(*string);
    *string = NULL;
}

/* ---- Keys, namespaces, ranks, processes. ---- */

/* dest holds most + 1 characters; all of them are written, because they travel and are compared whole. */
static inline void pmix_load_padded_(void *dest, const char *src, size_t most) {
    memset(dest, 0, most + 1);
    pmix_strncpy((char *) dest, src, most);
}

static inline void pmix_proc_load_(pmix_proc_t *proc, const char *nspace, pmix_rank_t rank) {
    pmix_load_padded_(proc->nspace, nspace, PMIX_MAX_NSLEN);
    proc->rank = rank;
}

/* True where either is empty: an empty namespace stands for any. */
static inline bool pmix_nspace_match_(const char *a, const char *b) {
    return 0 == pmix_nslen(a) || 0 == pmix_nslen(b) || 0 == strncmp(a, b, PMIX_MAX_NSLEN);
}

static inline bool pmix_rank_match_(pmix_rank_t a, pmix_rank_t b) {
    return a == b || PMIX_RANK_WILDCARD == a || PMIX_RANK_WILDCARD == b;
}

#define PMIX_LOAD_KEY(a, b) pmix_load_padded_((a), (const char *) (b), PMIX_MAX_KEYLEN)
#define PMIX_LOAD_NSPACE(a, b) pmix_load_padded_((a), (b), PMIX_MAX_NSLEN)
#define PMIX_LOAD_PROCID(a, b, c) pmix_proc_load_((a), (b), (c))
#define PMIX_XFER_PROCID(a, b) memcpy((a), (b), sizeof(pmix_proc_t))
#define PMIX_PROCID_XFER(a, b) PMIX_XFER_PROCID(a, b)

/* Whether the info or pdata a has the key b; whether the string a is a key of the PMIx library itself. */
#define PMIX_CHECK_KEY(a, b) (0 == strncmp((a)->key, (b), PMIX_MAX_KEYLEN))
#define PMIX_CHECK_RESERVED_KEY(a) (0 == strncmp((a), "pmix", 4))
/* N.B. these match as wildcards do: an empty namespace matches every namespace, PMIX_RANK_WILDCARD every rank. */
#define PMIX_CHECK_NSPACE(a, b) pmix_nspace_match_((a), (b))
#define PMIX_CHECK_RANK(a, b) pmix_rank_match_((a), (b))
#define PMIX_CHECK_PROCID(a, b) (PMIX_CHECK_NSPACE((a)->nspace, (b)->nspace) && PMIX_CHECK_RANK((a)->rank, (b)->rank))

#define PMIX_NSPACE_INVALID(a) (0 == pmix_nslen(a))
#define PMIX_PROCID_INVALID(a) (PMIX_NSPACE_INVALID((a)->nspace) || PMIX_RANK_INVALID == (a)->rank)
#define PMIX_RANK_IS_VALID(r) ((r) < PMIX_RANK_VALID)
#define PMIX_SYSTEM_EVENT(a) (PMIX_EVENT_SYS_OTHER <= (a) && (a) <= PMIX_EVENT_SYS_BASE)

#define PMIX_PROC_CONSTRUCT(m) PMIX_CLEAR_(m, pmix_proc_t)
#define PMIX_PROC_DESTRUCT(m) \
    do { \
    } while (0)
#define PMIX_PROC_CREATE(m, n) PMIX_CREATE_(m, n, pmix_proc_t)
#define PMIX_PROC_LOAD(m, n, r) pmix_proc_load_((m), (n), (r))
#define PMIX_PROC_RELEASE(m) PMIX_FREE_AND_FORGET_(m)
#define PMIX_PROC_FREE(m, n) PMIX_FREE_AND_FORGET_(m)

/* A namespace that spans clusters reads "cluster:nspace"; it stays empty where the two do not fit. All three arrays
 * hold PMIX_MAX_NSLEN + 1. */
static inline void pmix_multicluster_construct_(char *target, const char *cluster, const char *nspace) {
    size_t cluster_length = pmix_nslen(cluster), nspace_length = pmix_nslen(nspace);
    memset(target, 0, PMIX_MAX_NSLEN + 1);
    if (cluster_length + nspace_length < PMIX_MAX_NSLEN) {
        memcpy(target, cluster, cluster_length);
        target[cluster_length] = ':';
        memcpy(target + cluster_length + 1, nspace, nspace_length);
    }
}

static inline void pmix_multicluster_parse_(const char *target, char *cluster, char *nspace) {
    size_t length = pmix_nslen(target), split = 0;
    while (split < length && ':' != target[split]) {
        split++;
    }
    pmix_strncpy(cluster, target, split);
    pmix_strncpy(nspace, split < length ? target + split + 1 : "", PMIX_MAX_NSLEN);
}

#define PMIX_MULTICLUSTER_NSPACE_CONSTRUCT(t, c, n) pmix_multicluster_construct_((t), (c), (n))
#define PMIX_MULTICLUSTER_NSPACE_PARSE(t, c, n) pmix_multicluster_parse_((t), (c), (n))

/* ---- Byte objects, buffers, environment variables. ---- */

#define PMIX_BYTE_OBJECT_CONSTRUCT(m) PMIX_CLEAR_(m, pmix_byte_object_t)
#define PMIX_BYTE_OBJECT_DESTRUCT(m) pmix_byte_objects_clear_((m), 1)
#define PMIX_BYTE_OBJECT_CREATE(m, n) PMIX_CREATE_(m, n, pmix_byte_object_t)
#define PMIX_BYTE_OBJECT_FREE(m, n) \
    do { \
        pmix_byte_objects_clear_((m), (n)); \
        PMIX_FREE_AND_FORGET_(m); \
    } while (0)
/* Moves the block d of s bytes into b: d becomes NULL and s 0. */
#define PMIX_BYTE_OBJECT_LOAD(b, d, s) \
    do { \
        (b)->bytes = (char *) (d); \
        (b)->size = (s); \
        (d) = NULL; \
        (s) = 0; \
    } while (0)

static inline void pmix_byte_objects_clear_(pmix_byte_object_t *objects, size_t count) {
    size_t i;
    for (i = 0; NULL != objects && i < count; i++) {
        pmix_free(objects[i].bytes);
        PMIX_CLEAR_(&objects[i], pmix_byte_object_t);
    }
}

#define PMIX_DATA_BUFFER_CONSTRUCT(m) PMIX_CLEAR_(m, pmix_data_buffer_t)
#define PMIX_DATA_BUFFER_DESTRUCT(m) pmix_data_buffer_clear_(m)
#define PMIX_DATA_BUFFER_CREATE(m) PMIX_CREATE_(m, 1, pmix_data_buffer_t)
#define PMIX_DATA_BUFFER_RELEASE(m) \
    do { \
        pmix_data_buffer_clear_(m); \
        PMIX_FREE_AND_FORGET_(m); \
    } while (0)
/* Hands the block d of s bytes over to the buffer b; the other way takes the unread bytes out of it. */
#define PMIX_DATA_BUFFER_LOAD(b, d, s) \
    do { \
        pmix_byte_object_t pmix_loaded_; \
        pmix_loaded_.bytes = (char *) (d); \
        pmix_loaded_.size = (s); \
        (void) PMIx_Data_load((b), &pmix_loaded_); \
    } while (0)
#define PMIX_DATA_BUFFER_UNLOAD(b, d, s) \
    do { \
        pmix_byte_object_t pmix_unloaded_ = PMIX_BYTE_OBJECT_STATIC_INIT; \
        if (PMIX_SUCCESS != PMIx_Data_unload((b), &pmix_unloaded_)) { \
            PMIX_BYTE_OBJECT_CONSTRUCT(&pmix_unloaded_); \
        } \
        (d) = pmix_unloaded_.bytes; \
        (s) = pmix_unloaded_.size; \
    } while (0)

static inline void pmix_data_buffer_clear_(pmix_data_buffer_t *buffer) {
    if (NULL != buffer) {
        pmix_free(buffer->base_ptr);
        PMIX_CLEAR_(buffer, pmix_data_buffer_t);
    }
}

#define PMIX_ENVAR_CONSTRUCT(m) PMIX_CLEAR_(m, pmix_envar_t)
#define PMIX_ENVAR_DESTRUCT(m) pmix_envars_clear_((m), 1)
#define PMIX_ENVAR_CREATE(m, n) PMIX_CREATE_(m, n, pmix_envar_t)
/* N.B. m may be any expression here and keeps its value. */
#define PMIX_ENVAR_FREE(m, n) pmix_envars_free_((m), (n))
/* Copies the strings; a NULL one leaves the member as it was. */
#define PMIX_ENVAR_LOAD(m, e, v, s) pmix_envar_load_((m), (e), (v), (s))

static inline void pmix_envars_clear_(pmix_envar_t *envars, size_t count) {
    size_t i;
    for (i = 0; NULL != envars && i < count; i++) {
        pmix_drop_string_(&envars[i].envar);
        pmix_drop_string_(&envars[i].value);
    }
}

static inline void pmix_envars_free_(pmix_envar_t *envars, size_t count) {
    pmix_envars_clear_(envars, count);
    pmix_free(envars);
}

static inline void pmix_envar_load_(pmix_envar_t *envar, const char *name, const char *value, char separator) {
    if (NULL != name) {
        envar->envar = pmix_copy_string_(name);
    }
    if (NULL != value) {
        envar->value = pmix_copy_string_(value);
    }
    envar->separator = separator;
}

/* ---- Values, infos, published data: what they hold is freed by the library. ---- */

#define PMIX_VALUE_CONSTRUCT(m) PMIX_CLEAR_(m, pmix_value_t)
#define PMIX_VALUE_DESTRUCT(m) PMIx_Value_destruct(m)
#define PMIX_VALUE_CREATE(m, n) PMIX_CREATE_(m, n, pmix_value_t)
#define PMIX_VALUE_RELEASE(m) \
    do { \
        PMIx_Value_destruct(m); \
        PMIX_FREE_AND_FORGET_(m); \
    } while (0)
#define PMIX_VALUE_FREE(m, n) \
    do { \
        pmix_values_clear_((m), (n)); \
        PMIX_FREE_AND_FORGET_(m); \
    } while (0)
#define PMIX_VALUE_LOAD(v, d, t) PMIx_Value_load((v), (d), (t))
#define PMIX_VALUE_UNLOAD(r, k, d, s) ((r) = PMIx_Value_unload((k), (d), (s)))
#define PMIX_VALUE_XFER_DIRECT(r, v, s) ((r) = PMIx_Value_xfer((v), (s)))
/* As the line above, but makes v first where it is NULL. */
#define PMIX_VALUE_XFER(r, v, s) \
    do { \
        if (NULL == (v)) { \
            PMIX_VALUE_CREATE(v, 1); \
        } \
        (r) = NULL == (v) ? PMIX_ERR_NOMEM : PMIx_Value_xfer((v), (s)); \
    } while (0)
/* Assigns n the number that the value m holds, cast to the type t; s is PMIX_ERR_BAD_PARAM where it holds none. */
#define PMIX_VALUE_GET_NUMBER(s, m, n, t) \
    do { \
        (s) = PMIX_SUCCESS; \
        switch ((m)->type) { \
        PMIX_NUMBER_CASE_(PMIX_SIZE, m, size, n, t) \
        PMIX_NUMBER_CASE_(PMIX_INT, m, integer, n, t) \
        PMIX_NUMBER_CASE_(PMIX_INT8, m, int8, n, t) \
        PMIX_NUMBER_CASE_(PMIX_INT16, m, int16, n, t) \
        PMIX_NUMBER_CASE_(PMIX_INT32, m, int32, n, t) \
        PMIX_NUMBER_CASE_(PMIX_INT64, m, int64, n, t) \
        PMIX_NUMBER_CASE_(PMIX_UINT, m, uint, n, t) \
        PMIX_NUMBER_CASE_(PMIX_UINT8, m, uint8, n, t) \
        PMIX_NUMBER_CASE_(PMIX_UINT16, m, uint16, n, t) \
        PMIX_NUMBER_CASE_(PMIX_UINT32, m, uint32, n, t) \
        PMIX_NUMBER_CASE_(PMIX_UINT64, m, uint64, n, t) \
        PMIX_NUMBER_CASE_(PMIX_FLOAT, m, fval, n, t) \
        PMIX_NUMBER_CASE_(PMIX_DOUBLE, m, dval, n, t) \
        PMIX_NUMBER_CASE_(PMIX_PID, m, pid, n, t) \
        PMIX_NUMBER_CASE_(PMIX_PROC_RANK, m, rank, n, t) \
        default: \
            (s) = PMIX_ERR_BAD_PARAM; \
        } \
    } while (0)
#define PMIX_NUMBER_CASE_(code, m, arm, n, t) \
    case code: \
        (n) = (t) (m)->data.arm; \
        break;

static inline void pmix_values_clear_(pmix_value_t *values, size_t count) {
    size_t i;
    for (i = 0; NULL != values && i < count; i++) {
        PMIx_Value_destruct(&values[i]);
    }
}

static inline bool pmix_begins_(const char *text, const char *word) {
    while ('\0' != *word && tolower((unsigned char) *text) == *word) {
        text++;
        word++;
    }
    return '\0' == *word;
}

/* Reads a boolean or a string as yes or no. N.B. what is merely named is true: no type, no string, an empty string. */
static inline pmix_boolean_t pmix_check_true(const pmix_value_t *value) {
    const char *text = "";
    if (PMIX_BOOL == value->type) {
        return value->data.flag ? PMIX_BOOL_TRUE : PMIX_BOOL_FALSE;
    }
    if (PMIX_STRING == value->type && NULL != value->data.string) {
        text = value->data.string;
    } else if (PMIX_STRING != value->type && PMIX_UNDEF != value->type) {
        return PMIX_NON_BOOL;
    }
    while (isspace((unsigned char) *text)) {
        text++;
    }
    if (isdigit((unsigned char) *text)) {
        return 0 == atoi(text) ? PMIX_BOOL_FALSE : PMIX_BOOL_TRUE;
    }
    if ('\0' == *text || pmix_begins_(text, "yes") || pmix_begins_(text, "true")) {
        return PMIX_BOOL_TRUE;
    }
    return pmix_begins_(text, "no") || pmix_begins_(text, "false") ? PMIX_BOOL_FALSE : PMIX_NON_BOOL;
}

/* Whether the value a can be read as a boolean at all; whether it reads as true. */
#define PMIX_CHECK_BOOL(a) (PMIX_NON_BOOL != pmix_check_true(a))
#define PMIX_CHECK_TRUE(a) (PMIX_BOOL_TRUE == pmix_check_true(a))

#define PMIX_INFO_CONSTRUCT(m) PMIX_CLEAR_(m, pmix_info_t)
#define PMIX_INFO_DESTRUCT(m) pmix_infos_clear_((m), 1)
/* N.B. the last element is marked PMIX_INFO_ARRAY_END. */
#define PMIX_INFO_CREATE(m, n) ((m) = pmix_infos_create_(n))
#define PMIX_INFO_FREE(m, n) \
    do { \
        pmix_infos_clear_((m), (n)); \
        PMIX_FREE_AND_FORGET_(m); \
    } while (0)
#define PMIX_INFO_LOAD(i, k, d, t) (void) PMIx_Info_load((i), (k), (d), (t))
#define PMIX_INFO_XFER(d, s) (void) PMIx_Info_xfer((d), (s))
#define PMIX_INFO_TRUE(m) PMIX_CHECK_TRUE(&(m)->value)

#define PMIX_INFO_REQUIRED(m) ((m)->flags |= PMIX_INFO_REQD)
#define PMIX_INFO_OPTIONAL(m) ((m)->flags &= ~(pmix_info_directives_t) PMIX_INFO_REQD)
#define PMIX_INFO_PROCESSED(m) ((m)->flags |= PMIX_INFO_REQD_PROCESSED)
#define PMIX_INFO_SET_END(m) ((m)->flags |= PMIX_INFO_ARRAY_END)
#define PMIX_INFO_SET_PERSISTENT(ii) ((ii)->flags |= PMIX_INFO_PERSISTENT)
#define PMIX_INFO_SET_QUALIFIER(i) ((i)->flags |= PMIX_INFO_QUALIFIER)
#define PMIX_INFO_IS_REQUIRED(m) ((m)->flags & PMIX_INFO_REQD)
#define PMIX_INFO_IS_OPTIONAL(m) (!((m)->flags & PMIX_INFO_REQD))
#define PMIX_INFO_WAS_PROCESSED(m) ((m)->flags & PMIX_INFO_REQD_PROCESSED)
#define PMIX_INFO_IS_END(m) ((m)->flags & PMIX_INFO_ARRAY_END)
#define PMIX_INFO_IS_PERSISTENT(ii) ((ii)->flags & PMIX_INFO_PERSISTENT)
#define PMIX_INFO_IS_QUALIFIER(i) ((i)->flags & PMIX_INFO_QUALIFIER)

static inline pmix_info_t *pmix_infos_create_(size_t count) {
    pmix_info_t *infos = (pmix_info_t *) pmix_zeroed_(count, sizeof(pmix_info_t));
    if (NULL != infos) {
        infos[count - 1].flags = PMIX_INFO_ARRAY_END;
    }
    return infos;
}

static inline void pmix_infos_clear_(pmix_info_t *infos, size_t count) {
    size_t i;
    for (i = 0; NULL != infos && i < count; i++) {
        if (!PMIX_INFO_IS_PERSISTENT(&infos[i])) {
            PMIx_Value_destruct(&infos[i].value);
        }
    }
}

#define PMIX_INFO_LIST_START(p) ((p) = PMIx_Info_list_start())
#define PMIX_INFO_LIST_ADD(r, p, a, v, t) ((r) = PMIx_Info_list_add((p), (a), (v), (t)))
#define PMIX_INFO_LIST_XFER(r, p, a) ((r) = PMIx_Info_list_xfer((p), (a)))
#define PMIX_INFO_LIST_INSERT(r, p, i) ((r) = PMIx_Info_list_insert((p), (i)))
#define PMIX_INFO_LIST_CONVERT(r, p, m) ((r) = PMIx_Info_list_convert((p), (m)))
#define PMIX_INFO_LIST_RELEASE(p) PMIx_Info_list_release(p)

#define PMIX_PDATA_CONSTRUCT(m) PMIX_CLEAR_(m, pmix_pdata_t)
#define PMIX_PDATA_DESTRUCT(m) PMIx_Value_destruct(&(m)->value)
#define PMIX_PDATA_CREATE(m, n) PMIX_CREATE_(m, n, pmix_pdata_t)
#define PMIX_PDATA_RELEASE(m) PMIX_PDATA_FREE(m, 1)
#define PMIX_PDATA_FREE(m, n) \
    do { \
        pmix_pdata_free((m), (n)); \
        PMIX_FREE_AND_FORGET_(m); \
    } while (0)
/* Both overwrite the pdata unseen and copy the value; a NULL pdata is left alone. */
#define PMIX_PDATA_LOAD(m, p, k, v, t) \
    do { \
        if (pmix_pdata_begin_((m), (p), (k))) { \
            (void) PMIx_Value_load(&(m)->value, (v), (t)); \
        } \
    } while (0)
#define PMIX_PDATA_XFER(d, s) \
    do { \
        if (pmix_pdata_begin_((d), &(s)->proc, (s)->key)) { \
            (void) PMIx_Value_xfer(&(d)->value, &(s)->value); \
        } \
    } while (0)

static inline bool pmix_pdata_begin_(pmix_pdata_t *pdata, const pmix_proc_t *proc, const char *key) {
    if (NULL == pdata) {
        return false;
    }
    PMIX_PDATA_CONSTRUCT(pdata);
    PMIX_LOAD_PROCID(&pdata->proc, proc->nspace, proc->rank);
    PMIX_LOAD_KEY(pdata->key, key);
    return true;
}

/* Destructs n elements, keeps the array. */
static inline void pmix_pdata_free(pmix_pdata_t *pd, size_t n) {
    size_t i;
    for (i = 0; NULL != pd && i < n; i++) {
        PMIX_PDATA_DESTRUCT(&pd[i]);
    }
}

#ifdef __cplusplus
}
#endif

#endif
