// Small functions for what the API's structs hold: argv arrays, names of keys and processes, values, infos and their
// lists. Later releases export them; the macros and inline functions of 4.2 that do the same stay (pmix_argv.h,
// pmix_macros.h) and do not need these.
//
// All of them touch nothing but their arguments and may be called any time, from any thread. A NULL where nothing
// useful can be done does nothing, or is an error or an answer as written below.
#ifndef PMIX_HELPERS_H
#define PMIX_HELPERS_H

#include <stdbool.h>
#include <stddef.h>

#include "pmix_export.h"
#include "pmix_types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Argv arrays: malloc'd arrays of malloc'd strings, closed by NULL. A NULL argv is an empty one. ---- */

PMIX_EXPORT int PMIx_Argv_count(char **argv);

/* These three copy arg; *argv may be NULL and may move. PMIX_ERR_OUT_OF_RESOURCE leaves *argv as it was; a NULL
 * argument is PMIX_ERR_BAD_PARAM. The last adds nothing where an equal string is there. */
PMIX_EXPORT pmix_status_t PMIx_Argv_append_nosize(char ***argv, const char *arg);
PMIX_EXPORT pmix_status_t PMIx_Argv_prepend_nosize(char ***argv, const char *arg);
PMIX_EXPORT pmix_status_t PMIx_Argv_append_unique_nosize(char ***argv, const char *arg);

/* Frees the strings and the array. */
PMIX_EXPORT void PMIx_Argv_free(char **argv);

/* The pieces of src_string between delimiters, to be freed with PMIx_Argv_free(); NULL where there are none, and
 * without memory. Whether empty pieces count: the caller says, no, yes. One at the end never does. */
PMIX_EXPORT char **PMIx_Argv_split_inter(const char *src_string, int delimiter, bool include_empty);
PMIX_EXPORT char **PMIx_Argv_split(const char *src_string, int delimiter);
PMIX_EXPORT char **PMIx_Argv_split_with_empty(const char *src_string, int delimiter);

/* One malloc'd string with the delimiter between the elements; "" for no elements, NULL without memory. */
PMIX_EXPORT char *PMIx_Argv_join(char **argv, int delimiter);

/* A deep copy: NULL of NULL and without memory, an empty array of an empty one. */
PMIX_EXPORT char **PMIx_Argv_copy(char **argv);

/* Sets name in the environment *env, an argv of "name=value". A NULL value stores "name=". PMIX_ERR_EXISTS where the
 * name is there and overwrite is false, PMIX_ERR_BAD_PARAM for a NULL name or env. N.B. when *env is the process's own
 * environ, setenv() and unsetenv() do the work: a NULL value then removes the name, an existing name is no error, and
 * no other thread may look at the environment meanwhile. Unlike pmix_setenv() it takes values of any length. */
PMIX_EXPORT pmix_status_t PMIx_Setenv(const char *name, const char *value, bool overwrite, char ***env);

/* ---- Keys, namespaces, processes. ---- */

/* These copy as much of the text as fits, and fill the rest of the field with NULs; NULL is an empty text. */
PMIX_EXPORT void PMIx_Load_key(pmix_key_t key, const char *src);
PMIX_EXPORT void PMIx_Load_nspace(pmix_nspace_t nspace, const char *str);
PMIX_EXPORT void PMIx_Load_procid(pmix_proc_t *p, const char *ns, pmix_rank_t rk);
PMIX_EXPORT void PMIx_Xfer_procid(pmix_proc_t *dst, const pmix_proc_t *src);

/* Whether the two are the same key; whether the key is the PMIx library's own ("pmix..."). */
PMIX_EXPORT bool PMIx_Check_key(const char *key, const char *str);
PMIX_EXPORT bool PMIx_Check_reserved_key(const char *key);

/* Whether two names match. N.B. an empty or NULL namespace matches every namespace, PMIX_RANK_WILDCARD every rank. */
PMIX_EXPORT bool PMIx_Check_nspace(const char *nspace1, const char *nspace2);
PMIX_EXPORT bool PMIx_Check_rank(pmix_rank_t a, pmix_rank_t b);
PMIX_EXPORT bool PMIx_Check_procid(const pmix_proc_t *a, const pmix_proc_t *b);

/* Whether there is no name; the process also where its rank is PMIX_RANK_INVALID. */
PMIX_EXPORT bool PMIx_Nspace_invalid(const char *nspace);
PMIX_EXPORT bool PMIx_Procid_invalid(const pmix_proc_t *p);

/* Whether the number is the rank of one process, and not one of the reserved ones. */
PMIX_EXPORT bool PMIx_Rank_valid(pmix_rank_t a);

/* A namespace that spans clusters reads "cluster:nspace"; it stays empty where the two do not fit. */
PMIX_EXPORT void PMIx_Multicluster_nspace_construct(pmix_nspace_t target, pmix_nspace_t cluster, pmix_nspace_t nspace);
PMIX_EXPORT void PMIx_Multicluster_nspace_parse(pmix_nspace_t target, pmix_nspace_t cluster, pmix_nspace_t nspace);

/* ---- The directives of an info. Of NULL nothing is true. ---- */

PMIX_EXPORT void PMIx_Info_required(pmix_info_t *p);
PMIX_EXPORT void PMIx_Info_optional(pmix_info_t *p);
PMIX_EXPORT bool PMIx_Info_is_required(const pmix_info_t *p);
PMIX_EXPORT bool PMIx_Info_is_optional(const pmix_info_t *p);

/* Marks what has been handled, so that a required info is not taken for an unknown one. */
PMIX_EXPORT void PMIx_Info_processed(pmix_info_t *p);
PMIX_EXPORT bool PMIx_Info_was_processed(const pmix_info_t *p);

/* Marks the last element of an array. */
PMIX_EXPORT void PMIx_Info_set_end(pmix_info_t *p);
PMIX_EXPORT bool PMIx_Info_is_end(const pmix_info_t *p);

/* Marks what only qualifies the other infos of its array. */
PMIX_EXPORT void PMIx_Info_qualifier(pmix_info_t *p);
PMIX_EXPORT bool PMIx_Info_is_qualifier(const pmix_info_t *p);

/* Says that the value is lent: destructing the info leaves it alone. */
PMIX_EXPORT void PMIx_Info_persistent(pmix_info_t *p);
PMIX_EXPORT bool PMIx_Info_is_persistent(const pmix_info_t *p);

/* ---- Values and infos. ---- */

/* How two values relate. Numbers compare as numbers, strings and bytes as strings and bytes do, arrays and structs by
 * their elements, one after the other. */
PMIX_EXPORT pmix_value_cmp_t PMIx_Value_compare(pmix_value_t *v1, pmix_value_t *v2);

/* Whether the value says yes or no: a boolean, or a string that begins with a number or with one of the usual words.
 * What is merely named is true: PMIX_UNDEF, no string, an empty string. PMIX_NON_BOOL for everything else, and for
 * NULL. */
PMIX_EXPORT pmix_boolean_t PMIx_Value_true(const pmix_value_t *value);
PMIX_EXPORT pmix_boolean_t PMIx_Info_true(const pmix_info_t *p);

/* Writes the number in value to dest, as an object of the numeric type `type`. PMIX_ERR_CHANGE_SIGN where it is
 * negative and the type is not, PMIX_ERR_LOST_PRECISION where it is too large for the type, PMIX_ERR_BAD_PARAM for what
 * is no number; then dest stays as it is. What a real number has behind its point is dropped. */
PMIX_EXPORT pmix_status_t PMIx_Value_get_number(const pmix_value_t *value, void *dest, pmix_data_type_t type);

/* About how many bytes the object takes with all that it points to. PMIX_ERR_UNKNOWN_DATA_TYPE for PMIX_UNDEF. */
PMIX_EXPORT pmix_status_t PMIx_Value_get_size(const pmix_value_t *v, size_t *sz);
PMIX_EXPORT pmix_status_t PMIx_Info_get_size(const pmix_info_t *val, size_t *size);

/* ---- More for the lists of PMIx_Info_list_start(). A list belongs to one thread at a time. ---- */

/* Inserts an info made as PMIx_Info_load() makes it before all others. */
PMIX_EXPORT pmix_status_t PMIx_Info_list_prepend(void *ptr, const char *key, const void *value, pmix_data_type_t type);

/* Appends an info of the key and a copy of the value. */
PMIX_EXPORT pmix_status_t PMIx_Info_list_add_value(void *ptr, const char *key, const pmix_value_t *value);

/* As the functions without `unique`, unless the list has the key: then its value is replaced where overwrite is true,
 * and nothing is done where it is not. */
PMIX_EXPORT pmix_status_t PMIx_Info_list_add_unique(void *ptr, const char *key, const void *value,
                                                    pmix_data_type_t type, bool overwrite);
PMIX_EXPORT pmix_status_t PMIx_Info_list_add_value_unique(void *ptr, const char *key, const pmix_value_t *value,
                                                          bool overwrite);
PMIX_EXPORT pmix_status_t PMIx_Info_list_xfer_unique(void *ptr, const pmix_info_t *info, bool overwrite);

/* One info after the other, lent until the list changes: first with prev == NULL, then with what *next became; a NULL
 * *next says that this one is the last. NULL of an empty list. */
PMIX_EXPORT pmix_info_t *PMIx_Info_list_get_info(void *ptr, void *prev, void **next);

PMIX_EXPORT size_t PMIx_Info_list_get_size(void *ptr);

#ifdef __cplusplus
}
#endif

#endif
