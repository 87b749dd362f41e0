"""A daemon of Spread that is no daemon: it does to each client what the client's private name asks for.
   daemon.py FILE VECTORS    listens on a free port of 127.0.0.1 and writes it to FILE. A name that is a recording's
   replays it: the client must send the recorded bytes. Sessions that went wrong are told on standard output."""
import os
import socket
import struct
import sys
import threading

MARK = 0x80000080
vectors = sys.argv[2] if len(sys.argv) > 2 else ""


def name(text):
    return text.encode().ljust(32, b"\0")


def message(kind, sender, groups=(), data=b"", hint=0, order="<", counts=None):
    mark = MARK if order == "<" else 0
    group_count, size = counts or (len(groups), len(data))
    return (struct.pack(order + "I", kind | mark) + name(sender)
            + struct.pack(order + "iIi", group_count, hint << 8 | mark, size)
            + b"".join(name(group) for group in groups) + data)


def view(*sets, own=0, order="<", members=None):
    body = b""
    for members in sets:
        body += struct.pack(order + "I", len(members)) + b"".join(name(member) for member in members)
    return struct.pack(order + "iiiII", 7, 8, 1, len(sets), own) + body


def take(client, count):
    data = b""
    while len(data) < count:
        part = client.recv(count - len(data))
        if not part:
            raise EOFError
        data += part
    return data


def greet(client):
    client.sendall(b"\x05NULL ")
    take(client, 90)


def accept(client, group):
    client.sendall(bytes([1, 4, 4, 0, len(group)]) + group.encode())


# What is sent after the handshake, by name; the client's reads must fit.
STREAMS = {
    "short": message(4, "#a#d", ["g", "h"], b"0123456789") + message(4, "#b#d", ["g"], b"next"),
    "big": message(0x10, "#a#d", ["g"], b"BIG", hint=0x1234, order=">")
    + message(0x1800, "g", ["#big#x", "#b#x", "#c#x"],
              view(["#b#x", "#c#x"], ["#big#x"], own=68, order=">"), order=">"),
    "negdata": message(4, "#a#d", [], b"", counts=(0, -1)),
    "neggroup": message(4, "#a#d", [], b"", counts=(-5, 4)),
    "huge": message(0x1100, "g", [], b"", counts=(0x7fffffff, 0x7fffffff)),
    "badview": message(0x1100, "g", ["#a#x"], struct.pack("<iiiIII", 1, 2, 3, 1, 0, 0x7fffffff))
    + message(4, "#b#d", ["g"], b"next"),
    "badoffset": message(0x1100, "g", ["#a#x"], struct.pack("<iiiIII", 1, 2, 3, 1, 0xfffffff0, 0))
    + message(4, "#b#d", ["g"], b"next"),
    "forged": message(0x1204, "#evil#d", ["g"], b"x"),
    "reject": message(0x400040, "#me#x", [], b"")[:36] + struct.pack("<iIiI", 1, MARK | 5 << 8, 3, MARK | 4)
    + name("g") + b"abc",
    "cut": message(4, "#a#d", ["g"], b"0123456789")[:60],
    "none": b"",
    "stray": message(4, "#a#d", ["elsewhere"], b"lost") + message(4, "#b#d", ["#stray#x"], b"me"),
    "names": message(4, "#a#d", [], b"", counts=(1, 0)) + b"x" * 32,
}


def replay(client, first, file):
    steps = [line.split() for line in open(file) if line[0] != "#"]
    expected = bytes.fromhex(steps[0][1])
    if first[3:] != expected[3:]:
        print(f"not the recorded greeting: {first.hex()}", flush=True)
    for direction, text in steps[1:]:
        data = bytes.fromhex(text)
        if direction == "D>C":
            client.sendall(data)
            continue
        got = take(client, len(data))
        # The original leaks its stack after the name of a goodbye's group.
        if data[2] == 4 and len(data) == 80:
            data = data[:48] + data[4:36]
        if got != data:
            print(f"expected {data.hex()}\ngot      {got.hex()}", flush=True)
    print("replayed", flush=True)


def split(client):
    """A member whose network loses and finds its neighbours, and who is told all that it says itself."""
    accept(client, "#nets#x")
    others = ["#n%d#x" % number for number in range(20)]
    take(client, 48 + 32)
    index = 0

    def tell(cause, members, own):
        nonlocal index
        index += 1
        body = struct.pack("<iii", 7, 8, index) + view(own)[12:]
        client.sendall(message(0x1000 | cause, "g", members, body))
        return struct.pack("<iii", 7, 8, index)

    def hear(agreed):
        """What it sends to the group comes back; others agree with it."""
        kind, sender, count, hint, size = struct.unpack("<I32siIi", take(client, 48))
        names, data = take(client, 32 * count), take(client, size)
        client.sendall(struct.pack("<I", kind | MARK) + name("#nets#x") + struct.pack("<iIi", count, hint | MARK, size)
                       + names + data)
        # The type of an agreement, as the upper bits of the hint say it.
        if hint >> 8 & 0xffff == 0x8000:
            for other in agreed:
                client.sendall(message(2 | 0x80, other, ["g"], data[:12], hint=-32768 & 0xffff))
            return True
        return False
    tell(0x100, ["#nets#x"], ["#nets#x"])
    while not hear([]):
        pass
    while True:
        for agreed, members in ((others, ["#nets#x"] + others), ([], ["#nets#x"])):
            tell(0x800, members, ["#nets#x"])
            while not hear(agreed):
                pass


def serve(client):
    try:
        head = take(client, 5)
        who = take(client, head[4]).decode()
        if who == "alice":
            return replay(client, head + who.encode(), vectors + "/sp44-conn1.hex")
        if who == "refused":
            return client.sendall(b"\xfa")
        if who == "silent":
            return take(client, 1)
        if who == "early":
            return None
        greet(client)
        if who in ("len0", "len32", "len200"):
            length = int(who[3:])
            return client.sendall(bytes([1, 4, 4, 0, length]) + b"#" * length)
        if who.startswith("old"):
            minor = int(who[4:] or 0)
            client.sendall(bytes([1, 3, minor, 0, 4]) + b"#o#d")
            return client.recv(65536)
        if who == "nets":
            return split(client)
        if who == "denied":
            return client.sendall(b"\xf7")
        if who == "odd":
            return client.sendall(b"\x05")
        accept(client, f"#{who}#x")
        data = STREAMS.get(who.rstrip("0123456789"), STREAMS.get("short"))
        if who.startswith("short"):
            for byte in data:
                client.sendall(bytes([byte]))
        else:
            client.sendall(data)
        if who != "cut":
            while client.recv(65536):
                pass
    except (EOFError, OSError):
        pass
    finally:
        client.close()


if __name__ == "__main__":
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(64)
    with open(sys.argv[1] + ".new", "w") as out:
        out.write(str(listener.getsockname()[1]))
    os.rename(sys.argv[1] + ".new", sys.argv[1])
    while True:
        connection, _ = listener.accept()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        threading.Thread(target=serve, args=(connection,), daemon=True).start()
