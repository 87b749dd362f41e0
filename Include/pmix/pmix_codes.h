// The small types and the codes they hold. Widths are ABI: these types sit inside structs and on the wire.
#ifndef PMIX_CODES_H
#define PMIX_CODES_H

#include <stdint.h>

/* Longest namespace and key, without the terminating NUL that their arrays hold as well. */
#define PMIX_MAX_NSLEN 255
#define PMIX_MAX_KEYLEN 511

typedef char pmix_nspace_t[PMIX_MAX_NSLEN + 1];
typedef char pmix_key_t[PMIX_MAX_KEYLEN + 1];

/* Ranks count from 0; the values from PMIX_RANK_VALID up are never ranks, and those below name what they stand for. */
typedef uint32_t pmix_rank_t;
#define PMIX_RANK_UNDEF                         0xffffffffU
#define PMIX_RANK_WILDCARD                      0xfffffffeU
#define PMIX_RANK_LOCAL_NODE                    0xfffffffdU
#define PMIX_RANK_LOCAL_PEERS                   0xfffffffbU
#define PMIX_RANK_INVALID                       0xfffffffcU
#define PMIX_RANK_VALID                         0xffffffcdU
#define PMIX_APP_WILDCARD                       0xffffffffU

/* What a value, or an element of a data array, holds: see the arms of pmix_value_t. */
typedef uint16_t pmix_data_type_t;
#define PMIX_UNDEF                              0
#define PMIX_BOOL                               1
#define PMIX_BYTE                               2
#define PMIX_STRING                             3
#define PMIX_SIZE                               4
#define PMIX_PID                                5
#define PMIX_INT                                6
#define PMIX_INT8                               7
#define PMIX_INT16                              8
#define PMIX_INT32                              9
#define PMIX_INT64                              10
#define PMIX_UINT                               11
#define PMIX_UINT8                              12
#define PMIX_UINT16                             13
#define PMIX_UINT32                             14
#define PMIX_UINT64                             15
#define PMIX_FLOAT                              16
#define PMIX_DOUBLE                             17
#define PMIX_TIMEVAL                            18
#define PMIX_TIME                               19
#define PMIX_STATUS                             20
#define PMIX_VALUE                              21
#define PMIX_PROC                               22
#define PMIX_APP                                23
#define PMIX_INFO                               24
#define PMIX_PDATA                              25
#define PMIX_BYTE_OBJECT                        27
#define PMIX_KVAL                               28
#define PMIX_PERSIST                            30
#define PMIX_POINTER                            31
#define PMIX_SCOPE                              32
#define PMIX_DATA_RANGE                         33
#define PMIX_COMMAND                            34
#define PMIX_INFO_DIRECTIVES                    35
#define PMIX_DATA_TYPE                          36
#define PMIX_PROC_STATE                         37
#define PMIX_PROC_INFO                          38
#define PMIX_DATA_ARRAY                         39
#define PMIX_PROC_RANK                          40
#define PMIX_QUERY                              41
#define PMIX_COMPRESSED_STRING                  42
#define PMIX_ALLOC_DIRECTIVE                    43
#define PMIX_IOF_CHANNEL                        45
#define PMIX_ENVAR                              46
#define PMIX_COORD                              47
#define PMIX_REGATTR                            48
#define PMIX_REGEX                              49
#define PMIX_JOB_STATE                          50
#define PMIX_LINK_STATE                         51
#define PMIX_PROC_CPUSET                        52
#define PMIX_GEOMETRY                           53
#define PMIX_DEVICE_DIST                        54
#define PMIX_ENDPOINT                           55
#define PMIX_TOPO                               56
#define PMIX_DEVTYPE                            57
#define PMIX_LOCTYPE                            58
#define PMIX_COMPRESSED_BYTE_OBJECT             59
#define PMIX_PROC_NSPACE                        60
#define PMIX_PROC_STATS                         61
#define PMIX_DISK_STATS                         62
#define PMIX_NET_STATS                          63
#define PMIX_NODE_STATS                         64
#define PMIX_DATA_BUFFER                        65
#define PMIX_STOR_MEDIUM                        66
#define PMIX_STOR_ACCESS                        67
#define PMIX_STOR_PERSIST                       68
#define PMIX_STOR_ACCESS_TYPE                   69
#define PMIX_DEVICE                             70
#define PMIX_RESBLOCK_DIRECTIVE                 71
#define PMIX_RESOURCE_UNIT                      72
#define PMIX_NODE_PID                           73
#define PMIX_DATA_TYPE_MAX                      500

/* Who may see a value that was put: nobody asks outside the process for PMIX_INTERNAL. */
typedef uint8_t pmix_scope_t;
#define PMIX_SCOPE_UNDEF                        0
#define PMIX_LOCAL                              1
#define PMIX_REMOTE                             2
#define PMIX_GLOBAL                             3
#define PMIX_INTERNAL                           4

/* How far published data and notifications reach. */
typedef uint8_t pmix_data_range_t;
#define PMIX_RANGE_UNDEF                        0
#define PMIX_RANGE_RM                           1
#define PMIX_RANGE_LOCAL                        2
#define PMIX_RANGE_NAMESPACE                    3
#define PMIX_RANGE_SESSION                      4
#define PMIX_RANGE_GLOBAL                       5
#define PMIX_RANGE_CUSTOM                       6
#define PMIX_RANGE_PROC_LOCAL                   7
#define PMIX_RANGE_INVALID                      255

/* How long published data is kept. */
typedef uint8_t pmix_persistence_t;
#define PMIX_PERSIST_INDEF                      0
#define PMIX_PERSIST_FIRST_READ                 1
#define PMIX_PERSIST_PROC                       2
#define PMIX_PERSIST_APP                        3
#define PMIX_PERSIST_SESSION                    4
#define PMIX_PERSIST_INVALID                    255

/* Bits of pmix_info_t.flags; the upper half is for the two ends of one implementation. N.B. ARRAY_END marks the
 * last element of an array made by PMIX_INFO_CREATE, and PERSISTENT a value that PMIX_INFO_DESTRUCT leaves alone. */
typedef uint32_t pmix_info_directives_t;
#define PMIX_INFO_REQD                          0x00000001
#define PMIX_INFO_ARRAY_END                     0x00000002
#define PMIX_INFO_REQD_PROCESSED                0x00000004
#define PMIX_INFO_QUALIFIER                     0x00000008
#define PMIX_INFO_PERSISTENT                    0x00000010
#define PMIX_INFO_DIR_RESERVED                  0xffff0000U

/* What an allocation request asks for; from PMIX_ALLOC_EXTERNAL up the values belong to the host. */
typedef uint8_t pmix_alloc_directive_t;
#define PMIX_ALLOC_NEW                          1
#define PMIX_ALLOC_EXTEND                       2
#define PMIX_ALLOC_RELEASE                      3
#define PMIX_ALLOC_REAQUIRE                     4
#define PMIX_ALLOC_REQ_CANCEL                   5
#define PMIX_ALLOC_EXTERNAL                     128

/* What is to be done with a named block of resources; from PMIX_RESOURCE_BLOCK_EXTERNAL up the host's own. */
typedef uint8_t pmix_resource_block_directive_t;
#define PMIX_RESOURCE_BLOCK_DEFINE              1
#define PMIX_RESOURCE_BLOCK_EXTEND              2
#define PMIX_RESOURCE_BLOCK_REMOVE              3
#define PMIX_RESOURCE_BLOCK_DELETE              4
#define PMIX_RESOURCE_BLOCK_EXTERNAL            128

/* Channels of forwarded I/O, to be ORed. */
typedef uint16_t pmix_iof_channel_t;
#define PMIX_FWD_NO_CHANNELS                    0x0000
#define PMIX_FWD_STDIN_CHANNEL                  0x0001
#define PMIX_FWD_STDOUT_CHANNEL                 0x0002
#define PMIX_FWD_STDERR_CHANNEL                 0x0004
#define PMIX_FWD_STDDIAG_CHANNEL                0x0008
#define PMIX_FWD_ALL_CHANNELS                   0x00ff

typedef uint8_t pmix_proc_state_t;
#define PMIX_PROC_STATE_UNDEF                   0
#define PMIX_PROC_STATE_PREPPED                 1
#define PMIX_PROC_STATE_LAUNCH_UNDERWAY         2
#define PMIX_PROC_STATE_RESTART                 3
#define PMIX_PROC_STATE_TERMINATE               4
#define PMIX_PROC_STATE_RUNNING                 5
#define PMIX_PROC_STATE_CONNECTED               6
#define PMIX_PROC_STATE_UNTERMINATED            15
#define PMIX_PROC_STATE_TERMINATED              20
#define PMIX_PROC_STATE_ERROR                   50
#define PMIX_PROC_STATE_KILLED_BY_CMD           51
#define PMIX_PROC_STATE_ABORTED                 52
#define PMIX_PROC_STATE_FAILED_TO_START         53
#define PMIX_PROC_STATE_ABORTED_BY_SIG          54
#define PMIX_PROC_STATE_TERM_WO_SYNC            55
#define PMIX_PROC_STATE_COMM_FAILED             56
#define PMIX_PROC_STATE_SENSOR_BOUND_EXCEEDED   57
#define PMIX_PROC_STATE_CALLED_ABORT            58
#define PMIX_PROC_STATE_HEARTBEAT_FAILED        59
#define PMIX_PROC_STATE_MIGRATING               60
#define PMIX_PROC_STATE_CANNOT_RESTART          61
#define PMIX_PROC_STATE_TERM_NON_ZERO           62
#define PMIX_PROC_STATE_FAILED_TO_LAUNCH        63

typedef uint8_t pmix_job_state_t;
#define PMIX_JOB_STATE_UNDEF                    0
#define PMIX_JOB_STATE_AWAITING_ALLOC           1
#define PMIX_JOB_STATE_LAUNCH_UNDERWAY          2
#define PMIX_JOB_STATE_RUNNING                  3
#define PMIX_JOB_STATE_SUSPENDED                4
#define PMIX_JOB_STATE_CONNECTED                5
#define PMIX_JOB_STATE_UNTERMINATED             15
#define PMIX_JOB_STATE_TERMINATED               20
#define PMIX_JOB_STATE_TERMINATED_WITH_ERROR    50

typedef uint8_t pmix_link_state_t;
#define PMIX_LINK_STATE_UNKNOWN                 0
#define PMIX_LINK_DOWN                          1
#define PMIX_LINK_UP                            2

typedef uint8_t pmix_coord_view_t;
#define PMIX_COORD_VIEW_UNDEF                   0
#define PMIX_COORD_LOGICAL_VIEW                 1
#define PMIX_COORD_PHYSICAL_VIEW                2

/* Whose binding is asked for: the whole process, or the calling thread. */
typedef uint8_t pmix_bind_envelope_t;
#define PMIX_CPUBIND_PROCESS                    0
#define PMIX_CPUBIND_THREAD                     1

/* What two processes share, to be ORed. */
typedef uint16_t pmix_locality_t;
#define PMIX_LOCALITY_UNKNOWN                   0x0000
#define PMIX_LOCALITY_NONLOCAL                  0x8000
#define PMIX_LOCALITY_SHARE_HWTHREAD            0x0001
#define PMIX_LOCALITY_SHARE_CORE                0x0002
#define PMIX_LOCALITY_SHARE_L1CACHE             0x0004
#define PMIX_LOCALITY_SHARE_L2CACHE             0x0008
#define PMIX_LOCALITY_SHARE_L3CACHE             0x0010
#define PMIX_LOCALITY_SHARE_PACKAGE             0x0020
#define PMIX_LOCALITY_SHARE_NUMA                0x0040
#define PMIX_LOCALITY_SHARE_NODE                0x4000

/* Kinds of devices, to be ORed. */
typedef uint64_t pmix_device_type_t;
#define PMIX_DEVTYPE_UNKNOWN                    0x00
#define PMIX_DEVTYPE_BLOCK                      0x01
#define PMIX_DEVTYPE_GPU                        0x02
#define PMIX_DEVTYPE_NETWORK                    0x04
#define PMIX_DEVTYPE_OPENFABRICS                0x08
#define PMIX_DEVTYPE_DMA                        0x10
#define PMIX_DEVTYPE_COPROC                     0x20
#define PMIX_DEVTYPE_MEMORY                     0x40
#define PMIX_DEVTYPE_CORE                       0x80
#define PMIX_DEVTYPE_HWT                        0x100
#define PMIX_DEVTYPE_CPU                        0x200
#define PMIX_DEVTYPE_NODE                       0x400

/* Storage systems: media, who reaches them, how long they keep, and the ways in; each to be ORed. */
typedef uint64_t pmix_storage_medium_t;
#define PMIX_STORAGE_MEDIUM_UNKNOWN             0x01
#define PMIX_STORAGE_MEDIUM_TAPE                0x02
#define PMIX_STORAGE_MEDIUM_HDD                 0x04
#define PMIX_STORAGE_MEDIUM_SSD                 0x08
#define PMIX_STORAGE_MEDIUM_NVME                0x10
#define PMIX_STORAGE_MEDIUM_PMEM                0x20
#define PMIX_STORAGE_MEDIUM_RAM                 0x40

typedef uint64_t pmix_storage_accessibility_t;
#define PMIX_STORAGE_ACCESSIBILITY_NODE         0x01
#define PMIX_STORAGE_ACCESSIBILITY_SESSION      0x02
#define PMIX_STORAGE_ACCESSIBILITY_JOB          0x04
#define PMIX_STORAGE_ACCESSIBILITY_RACK         0x08
#define PMIX_STORAGE_ACCESSIBILITY_CLUSTER      0x10
#define PMIX_STORAGE_ACCESSIBILITY_REMOTE       0x20

typedef uint64_t pmix_storage_persistence_t;
#define PMIX_STORAGE_PERSISTENCE_TEMPORARY      0x01
#define PMIX_STORAGE_PERSISTENCE_NODE           0x02
#define PMIX_STORAGE_PERSISTENCE_SESSION        0x04
#define PMIX_STORAGE_PERSISTENCE_JOB            0x08
#define PMIX_STORAGE_PERSISTENCE_SCRATCH        0x10
#define PMIX_STORAGE_PERSISTENCE_PROJECT        0x20
#define PMIX_STORAGE_PERSISTENCE_ARCHIVE        0x40

typedef uint16_t pmix_storage_access_type_t;
#define PMIX_STORAGE_ACCESS_RD                  0x01
#define PMIX_STORAGE_ACCESS_WR                  0x02
#define PMIX_STORAGE_ACCESS_RDWR                0x03

/* What comparing two values says. */
typedef enum {
    PMIX_EQUAL = 0,
    PMIX_VALUE1_GREATER = 1,
    PMIX_VALUE2_GREATER = 2,
    PMIX_VALUE_TYPE_DIFFERENT = 3,
    PMIX_VALUE_INCOMPATIBLE_OBJECTS = 4,
    PMIX_VALUE_COMPARISON_NOT_AVAIL = 5
} pmix_value_cmp_t;

/* N.B. true is zero: compare with the names, never use one of these as a C condition. */
typedef enum {
    PMIX_BOOL_TRUE = 0,
    PMIX_BOOL_FALSE = 1,
    PMIX_NON_BOOL = 2
} pmix_boolean_t;

/* The answer to an invitation into a group. */
typedef enum {
    PMIX_GROUP_DECLINE = 0,
    PMIX_GROUP_ACCEPT = 1
} pmix_group_opt_t;

typedef enum {
    PMIX_GROUP_CONSTRUCT = 0,
    PMIX_GROUP_DESTRUCT = 1,
    PMIX_GROUP_NONE = 2
} pmix_group_operation_t;

typedef enum {
    PMIX_FABRIC_REQUEST_INFO = 0,
    PMIX_FABRIC_UPDATE_INFO = 1
} pmix_fabric_operation_t;

#endif
