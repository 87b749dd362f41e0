"""A client of the Spread protocol made of nothing but sockets: for probes, for hostile messages, for the harness."""
import os
import socket
import struct

RELIABLE, FIFO, CAUSAL, AGREED, SAFE = 2, 4, 8, 16, 32
UNRELIABLE, SELF_DISCARD, DROP_RECV = 1, 0x40, 0x1000000
JOIN, LEAVE, KILL = 0x10000, 0x20000, 0x40000
REG_MEMB, BY_JOIN, BY_LEAVE, BY_DISCONNECT = 0x1000, 0x100, 0x200, 0x400
MARK = 0x80000080
MASK = 0xffffffff ^ MARK


class Refused(Exception):
    pass


class Message:
    def __init__(self, kind, name, groups, hint, data):
        self.mark, self.kind, self.name = kind & MARK, kind & MASK, name
        self.groups, self.hint, self.data = groups, hint, data

    @property
    def is_membership(self):
        return self.kind & 0x3f == 0

    @property
    def type16(self):
        return struct.unpack('<h', struct.pack('<I', self.hint)[1:3])[0]

    def gid(self):
        return struct.unpack_from('<III', self.data)

    def changed(self):
        return text(self.data[24:56])


def text(field):
    return field.split(b'\0')[0].decode('latin1')


def name32(name):
    return (name if isinstance(name, bytes) else name.encode()).ljust(32, b'\0')


def dial(place):
    """place: HOST:PORT, or the path of a unix socket."""
    if place.startswith('/'):
        made = socket.socket(socket.AF_UNIX)
        made.connect(place)
    else:
        host, port = place.rsplit(':', 1)
        made = socket.create_connection((host.strip('[]'), int(port)))
    made.settimeout(20)
    return made


def greeting(name, version=(4, 4, 0), membership=1, length=None):
    name = name if isinstance(name, bytes) else name.encode()
    return bytes(version) + bytes([membership, len(name) if length is None else length]) + name


def choice(*methods):
    return b''.join(m.encode().ljust(30, b'\0') for m in methods).ljust(90, b'\0')


class Client:
    def __init__(self, place, name, version=(4, 4, 0), membership=1, methods=('NULL',), split=False):
        self.socket = dial(place)
        self.send_parts(greeting(name, version, membership), split)
        number = version[0] * 10000 + version[1] * 100 + (version[2] if len(version) > 2 else 0)
        self.offer = None
        if number >= 31600:
            length = self.exactly(1)[0]
            if length >= 128:
                raise Refused(length - 256)
            self.offer = self.exactly(length)
            self.send_parts(choice(*methods), split)
        answer = self.exactly(1)[0]
        if answer != 1:
            raise Refused(answer - 256)
        self.version = tuple(self.exactly(3 if number >= 31500 else 2))
        self.private = self.exactly(self.exactly(1)[0]).decode()

    def send_parts(self, data, split):
        if not split:
            self.socket.sendall(data)
            return
        import time
        for byte in data:
            self.socket.sendall(bytes([byte]))
            time.sleep(0.001)

    def exactly(self, count):
        parts = []
        while count:
            part = self.socket.recv(count)
            if not part:
                raise EOFError
            parts.append(part)
            count -= len(part)
        return b''.join(parts)

    def raw(self, kind, groups, data=b'', type16=0, sender=None, hint=None, count=None, size=None, big=False):
        order = '>' if big else '<'
        mark = 0 if big else MARK
        if hint is None:
            hint = (type16 & 0xffff) << 8 | mark
        sender = self.private if sender is None else sender
        head = struct.pack(order + 'I', (kind & 0xffffffff) | mark) + name32(sender)
        head += struct.pack(order + 'iIi', len(groups) if count is None else count, hint,
                            len(data) if size is None else size)
        return head + b''.join(name32(g) for g in groups) + data

    def send(self, kind, groups, data=b'', **more):
        if isinstance(groups, (str, bytes)):
            groups = [groups]
        self.socket.sendall(self.raw(kind, groups, data, **more))

    def join(self, group):
        self.send(JOIN, group)

    def leave(self, group):
        self.send(LEAVE, group)

    def receive(self):
        kind, name, count, hint, size = struct.unpack('<I32siIi', self.exactly(48))
        if kind & 0x400000:
            self.exactly(4)
        groups = [text(self.exactly(32)) for _ in range(count)]
        return Message(kind, text(name), groups, hint, self.exactly(size))

    def ends(self):
        """Whether the daemon has cut us: what was on its way is read first."""
        try:
            while self.socket.recv(65536):
                pass
            return True
        except ConnectionError:
            return True
        except socket.timeout:
            return False

    def quit(self):
        try:
            self.send(KILL, self.private)
        except OSError:
            pass
        self.socket.close()


class Tap:
    def __init__(self):
        self.count = self.failed = 0

    def ok(self, passed, what):
        self.count += 1
        self.failed += not passed
        print(('ok' if passed else 'not ok'), self.count, '-', what, flush=True)
        return passed

    def same(self, got, expected, what):
        if not self.ok(got == expected, what):
            print('#       got:', repr(got)[:300])
            print('#  expected:', repr(expected)[:300], flush=True)

    def done(self):
        print(f'1..{self.count}', flush=True)
        os._exit(1 if self.failed else 0)
