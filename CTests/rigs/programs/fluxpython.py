# What programs do with flux-python: each line is one thing, as the rig expects it.
import errno
import os
import sys

import flux
import flux.constants as constants
import flux.kvs

handle = flux.Flux()
print("rpc", handle.rpc("attr.get", {"name": "rank"}).get()["value"])
print("attribute", handle.attr_get("size"))


def continued(future):
    print("then", future.get()["value"])
    handle.reactor_stop()


handle.rpc("attr.get", {"name": "size"}).then(continued)
handle.reactor_run()
try:
    handle.rpc("nosuch.method").get()
except OSError as error:
    print("error", errno.errorcode[error.errno])

flux.kvs.put(handle, "py.a", {"x": [1, 2]})
flux.kvs.commit(handle)
print("kvs", flux.kvs.get(handle, "py.a"))


def told(handle, watcher, message, argument):
    print("event", message.topic, message.payload)
    handle.reactor_stop()


handle.event_subscribe("py.")
watcher = handle.msg_watcher_create(told, constants.FLUX_MSGTYPE_EVENT, "py.*")
watcher.start()
handle.event_send("py.test", {"n": 7})
handle.reactor_run()
