// libflux-core.so.2: messages, remote procedure calls, futures and the reactor of Flux. What a function does, who owns its
// result, its errors and its thread stand beside its declaration in the header of its noun. Two rules hold everywhere: a
// function that fails returns -1, NULL or false and says why in errno; and a handle, with all that was made from it,
// belongs to one thread at a time.
#ifndef FLUX_CORE_H
#define FLUX_CORE_H

#include "core/attr.h"
#include "core/command.h"
#include "core/conf.h"
#include "core/conf_builtin.h"
#include "core/connector.h"
#include "core/control.h"
#include "core/disconnect.h"
#include "core/event.h"
#include "core/flog.h"
#include "core/future.h"
#include "core/handle.h"
#include "core/hosts.h"
#include "core/job.h"
#include "core/jobspec1.h"
#include "core/kvs.h"
#include "core/message.h"
#include "core/method.h"
#include "core/module.h"
#include "core/msg_handler.h"
#include "core/msglist.h"
#include "core/plugin.h"
#include "core/reactor.h"
#include "core/request.h"
#include "core/response.h"
#include "core/rpc.h"
#include "core/service.h"
#include "core/stats.h"
#include "core/subprocess.h"
#include "core/sync.h"
#include "core/types.h"
#include "core/version.h"
#include "core/watcher.h"

#endif
