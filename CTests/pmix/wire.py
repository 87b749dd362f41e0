"""The PMIx wire as the raw tests need it: encoding in both integer codecs, a raw client, and as much decoding as
it takes to look at replies. Standard library only."""
import os
import socket
import struct

REQ, ABORT, COMMIT, FENCE, GET, FINALIZE, PUBLISH, LOOKUP, UNPUBLISH, SPAWN, CONNECT, DISCONNECT, NOTIFY, REGEVENTS, \
    DEREGEVENTS, QUERY, LOG, ALLOC, JOB_CONTROL, MONITOR = range(20)
BOOL, STRING, SIZE, INT, UINT32, STATUS, VALUE, PROC, INFO, BUFFER, BYTE_OBJECT, KVAL = \
    1, 3, 4, 6, 14, 20, 21, 22, 24, 26, 27, 28
SCOPE, RANGE, COMMAND, DATA_ARRAY, RANK = 32, 33, 34, 39, 40
WILDCARD = 0xFFFFFFFE


class Codec:
    """Encodes values. `flex` is the variable-length codec of v4 and later, otherwise integers are fixed; a described
    buffer carries type tags."""

    def __init__(self, flex=True, described=False):
        self.flex, self.described = flex, described

    def unsigned(self, value, width):
        if not self.flex:
            return value.to_bytes(width, 'big')
        out = bytearray()
        for _ in range(8):
            if value < 0x80:
                out.append(value)
                return bytes(out)
            out.append(value & 0x7F | 0x80)
            value >>= 7
        out.append(value & 0xFF)
        return bytes(out)

    def signed(self, value, width=4):
        if not self.flex:
            return value.to_bytes(width, 'big', signed=True)
        return self.unsigned(~value << 1 | 1 if value < 0 else value << 1, width)

    def tag(self, kind):
        return self.unsigned(kind, 2)

    def size(self, value):
        return (b'' if self.flex else self.tag(15)) + self.unsigned(value, 8)

    def string(self, text):
        if text is None:
            return self.signed(0)
        data = text.encode() + b'\0'
        return self.signed(len(data)) + data

    def one(self, kind, value):
        if kind == STRING:
            return self.string(value)
        if kind == SIZE:
            return self.size(value)
        if kind in (UINT32, RANK):
            return self.unsigned(value, 4)
        if kind == INT:
            return (b'' if self.flex else self.tag(9)) + self.signed(value)
        if kind == STATUS:
            return self.signed(value)
        if kind == PROC:
            return self.string(value[0]) + self.unsigned(value[1], 4)
        if kind == INFO:
            return self.string(value[0]) + self.unsigned(0, 4) + self.typed(value[1], value[2])
        if kind == KVAL:
            return self.string(value[0]) + self.typed(value[1], value[2])
        if kind == BYTE_OBJECT:
            return self.size(len(value)) + value
        if kind == BUFFER:
            return bytes([2 if self.described else 1]) + self.size(len(value)) + value
        if kind == DATA_ARRAY:
            return self.tag(value[0]) + self.size(len(value[1])) + b''.join(self.one(value[0], v) for v in value[1])
        return bytes([value])

    def typed(self, kind, value):
        return self.tag(kind) + self.one(kind, value)

    def pack(self, kind, *values):
        head = (self.tag(9) if self.described else b'') + self.signed(len(values))
        if self.described:
            head += self.tag(kind)
        return head + b''.join(self.one(kind, v) for v in values)

    def array(self, kind, values):
        return self.pack(SIZE, len(values)) + (self.pack(kind, *values) if values else b'')

    def command(self, number):
        return self.pack(COMMAND, number)

    # ---- whole requests
    def fence(self, procs, infos=()):
        return self.command(FENCE) + self.array(PROC, procs) + self.array(INFO, infos)

    def get(self, nspace, rank, key, infos=()):
        return self.command(GET) + self.pack(STRING, nspace) + self.pack(RANK, rank) + self.array(INFO, infos) \
            + self.pack(STRING, key)

    def commit(self, scopes):
        out = self.command(COMMIT)
        for scope, pairs in scopes:
            inner = b''.join(self.pack(KVAL, pair) for pair in pairs)
            out += self.pack(SCOPE, scope) + self.pack(BUFFER, inner)
        return out

    def publish(self, infos, uid=None):
        return self.command(PUBLISH) + self.pack(UINT32, os.geteuid() if uid is None else uid) + self.array(INFO, infos)

    def keyed(self, command, keys, infos=()):
        out = self.command(command) + self.pack(UINT32, os.geteuid()) + self.pack(SIZE, len(keys))
        return out + b''.join(self.pack(STRING, key) for key in keys) + self.array(INFO, infos)

    def abort(self, status, message, procs=()):
        return self.command(ABORT) + self.pack(STATUS, status) + self.pack(STRING, message) + self.array(PROC, procs)

    def notify(self, code, reach, infos=()):
        return self.command(NOTIFY) + self.pack(STATUS, code) + self.pack(RANGE, reach) + self.array(INFO, infos)

    def register(self, codes, infos=()):
        return self.command(REGEVENTS) + self.array(STATUS, codes) + self.array(INFO, infos)


class Short(Exception):
    """The bytes end before the value does."""


class Reader:
    """Takes values out of a reply."""

    def __init__(self, data, codec):
        self.data, self.at, self.codec = data, 0, codec

    def left(self):
        return len(self.data) - self.at

    def raw(self, count):
        if count < 0 or count > self.left():
            raise Short()
        self.at += count
        return self.data[self.at - count:self.at]

    def unsigned(self, width):
        if not self.codec.flex:
            return int.from_bytes(self.raw(width), 'big')
        value = 0
        for i in range(9):
            byte = self.raw(1)[0]
            value |= (byte if i == 8 else byte & 0x7F) << 7 * i
            if i == 8 or not byte & 0x80:
                return value
        return value

    def signed(self, width=4):
        if not self.codec.flex:
            return int.from_bytes(self.raw(width), 'big', signed=True)
        value = self.unsigned(width)
        return ~(value >> 1) if value & 1 else value >> 1

    def size(self):
        if not self.codec.flex:
            self.unsigned(2)
        return self.unsigned(8)

    def one(self, kind):
        if kind == STRING:
            count = self.signed()
            return self.raw(count)[:-1].decode('latin1') if count else None
        if kind == SIZE:
            return self.size()
        if kind in (UINT32, RANK):
            return self.unsigned(4)
        if kind == 13:
            return self.unsigned(2)
        if kind == STATUS:
            return self.signed()
        if kind == PROC:
            return self.one(STRING), self.unsigned(4)
        if kind == INFO:
            key, _ = self.one(STRING), self.unsigned(4)
            return key, self.typed()
        if kind == KVAL:
            return self.one(STRING), self.typed()
        if kind == BYTE_OBJECT:
            return self.raw(self.size())
        if kind == DATA_ARRAY:
            inner, count = self.unsigned(2), self.size()
            return [self.one(inner) for _ in range(count)]
        if kind in (BOOL, 2, 12, COMMAND, SCOPE, RANGE):
            return self.raw(1)[0]
        raise ValueError('type %d' % kind)

    def typed(self):
        return self.one(self.unsigned(2))

    def unpack(self, kind):
        if self.codec.described:
            self.unsigned(2)
        count = self.signed()
        if self.codec.described:
            self.unsigned(2)
        values = [self.one(kind) for _ in range(count)]
        return values[0] if count == 1 else values

    def status(self):
        return self.unpack(STATUS)


def hello(nspace, rank, uid=None, psec=b'native', credential=None, flag=0, version=b'4.2.2rc2', codec=b'v41',
          buffer_type=1, gds=b'hash', tail=b'\0'):
    uid = os.geteuid() if uid is None else uid
    if credential is None:
        credential = struct.pack('<II', uid, os.getegid()) if psec == b'native' else b''
    body = psec + b'\0' + struct.pack('>I', len(credential)) + credential + bytes([flag])
    if flag >= 1:
        body += struct.pack('>II', uid, os.getegid())
    body += nspace.encode() + b'\0' + struct.pack('>I', rank) + version + b'\0'
    if codec is not None:
        body += codec + b'\0' + bytes([buffer_type])
    if gds is not None:
        body += gds + b'\0'
    return body + tail


def framed_hello(body, count=None):
    return struct.pack('<iIII', -1, 0xFFFFFFFF, len(body) if count is None else count, 0) + body


def frame(tag, body, index=0, count=None):
    return struct.pack('>iIII', index, tag, len(body) if count is None else count, 0) + body


def address(uri):
    host, port = uri.split(';')[1][len('tcp4://'):].rsplit(':', 1)
    return host, int(port)


class Closed(Exception):
    """The server has closed the connection."""


class Client:
    """A raw rank."""

    def __init__(self, uri, codec=None, timeout=10.0):
        self.socket = socket.create_connection(address(uri), timeout=timeout)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.codec = codec or Codec()
        self.tag, self.index, self.late = 100, 0, []

    def close(self):
        self.socket.close()

    def send(self, data):
        try:
            self.socket.sendall(data)
        except OSError as error:
            raise Closed() from error

    def read(self, count):
        out = b''
        while len(out) < count:
            try:
                piece = self.socket.recv(count - len(out))
            except ConnectionError as error:
                raise Closed() from error
            if not piece:
                raise Closed()
            out += piece
        return out

    def shake(self, nspace, rank, **variant):
        """The status of the handshake; Closed if there is none."""
        if 'codec_name' in variant:
            variant['codec'] = variant.pop('codec_name')
        self.send(framed_hello(hello(nspace, rank, **variant)))
        status = struct.unpack('>i', self.read(4))[0]
        if status == 0:
            self.index = struct.unpack('>I', self.read(4))[0]
        return status

    def post(self, body):
        self.tag += 1
        self.send(frame(self.tag, body, self.index))
        return self.tag

    def receive(self):
        """Any frame: its tag and its body."""
        _, tag, count, _ = struct.unpack('>iIII', self.read(16))
        return tag, self.read(count)

    def answer(self, tag):
        """The reply to a tag as a Reader; other frames are kept in `late`."""
        for kept in self.late:
            if kept[0] == tag:
                self.late.remove(kept)
                return Reader(kept[1], self.codec)
        while True:
            got, body = self.receive()
            if got == tag:
                return Reader(body, self.codec)
            self.late.append((got, body))

    def ask(self, body):
        return self.answer(self.post(body))

    def silent(self, seconds=0.3):
        """Whether nothing arrives for a while."""
        if self.late:
            return False
        self.socket.settimeout(seconds)
        try:
            return not self.socket.recv(1, socket.MSG_PEEK)
        except TimeoutError:
            return True
        except ConnectionError:
            return True
        finally:
            self.socket.settimeout(10.0)
