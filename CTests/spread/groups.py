"""The smallest daemon that keeps groups: joins, leaves, data and disconnects of one machine, in one order.
   groups.py FILE    listens on a free port of 127.0.0.1 and writes it to FILE."""
import os
import selectors
import socket
import struct
import sys

from daemon import message, take, view

DISCARD, JOIN, LEAVE, KILL = 0x40, 0x10000, 0x20000, 0x40000
selector = selectors.DefaultSelector()
clients, groups, indices = {}, {}, {}


def body(group, who):
    indices[group] = indices.get(group, 0) + 1
    return struct.pack("<iii", 7, 8, indices[group]) + view([who])[12:]


def send(who, data):
    """To one that may be going away: its own end is noticed when it is read from."""
    try:
        clients[who].sendall(data)
    except OSError:
        pass


def change(group, cause, who):
    members = groups.setdefault(group, set())
    if (cause == 0x100) == (who in members):
        return
    if cause == 0x100:
        members.add(who)
    else:
        members.discard(who)
    if cause == 0x200:
        send(who, message(0x200, group))
    told = message(0x1000 | cause, group, sorted(members), body(group, who))
    for member in sorted(members):
        send(member, told)


def gone(who):
    client = clients.pop(who)
    selector.unregister(client)
    client.close()
    for group in sorted(groups):
        change(group, 0x400, who)


def serve(who):
    client = clients[who]
    head = take(client, 48)
    kind, sender, count, hint, size = struct.unpack("<I32siIi", head)
    names = take(client, 32 * count)
    data = take(client, size)
    to = [names[place:place + 32].split(b"\0")[0].decode() for place in range(0, len(names), 32)]
    if kind & KILL:
        return gone(who)
    if kind & (JOIN | LEAVE):
        return change(to[0], 0x100 if kind & JOIN else 0x200, who)
    receivers = {other for group in to for other in groups.get(group, ())} | {other for other in to if other in clients}
    for other in sorted(receivers):
        if other != who or not kind & DISCARD:
            send(other, head + names + data)
    return None


def accept(listener):
    client, _ = listener.accept()
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    who = f"#{take(client, take(client, 5)[4]).decode()}#localhost"
    client.sendall(b"\x05NULL ")
    take(client, 90)
    client.sendall(bytes([1, 4, 4, 0, len(who)]) + who.encode())
    clients[who] = client
    selector.register(client, selectors.EVENT_READ, who)


if __name__ == "__main__":
    server = socket.socket()
    server.bind(("127.0.0.1", 0))
    server.listen(64)
    selector.register(server, selectors.EVENT_READ)
    with open(sys.argv[1] + ".new", "w") as out:
        out.write(str(server.getsockname()[1]))
    os.rename(sys.argv[1] + ".new", sys.argv[1])
    while True:
        for key, _ in selector.select():
            if key.data is None:
                accept(server)
            elif key.data in clients:
                try:
                    serve(key.data)
                except (EOFError, OSError):
                    if key.data in clients:
                        gone(key.data)
