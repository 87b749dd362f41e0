"""Flux's wire in Python, written from the layout alone: no library of anybody's. For tests that must not trust ours."""
import json
import os
import socket
import struct

REQUEST, RESPONSE, EVENT, CONTROL = 1, 2, 4, 8
TOPIC, PAYLOAD, NORESPONSE, ROUTE, UPSTREAM, PRIVATE, STREAMING = 1, 2, 4, 8, 16, 32, 64
ANY, NOBODY = 0xFFFFFFFF, 0xFFFFFFFF
MARK = struct.pack('=I', 0xFFEE0012)


def part(data):
    return (bytes([len(data)]) if len(data) < 255 else b'\xff' + struct.pack('>I', len(data))) + data


class Message:
    def __init__(self, kind, topic=None, payload=None, flags=0, userid=NOBODY, roles=0, word1=0, word2=0, routes=()):
        self.kind, self.topic, self.payload, self.routes = kind, topic, payload, list(routes)
        self.flags = flags | ROUTE | (TOPIC if topic is not None else 0) | (PAYLOAD if payload else 0)
        self.userid, self.roles, self.word1, self.word2 = userid, roles, word1, word2

    def encode(self):
        body = b''
        if self.flags & ROUTE:
            body += b''.join(part(route) for route in self.routes) + part(b'')
        if self.flags & TOPIC:
            body += part(self.topic.encode())
        if self.flags & PAYLOAD:
            body += part(self.payload)
        body += part(struct.pack('>BBBBIIII', 0x8E, 1, self.kind, self.flags, self.userid, self.roles,
                                 self.word1 & 0xFFFFFFFF, self.word2))
        return MARK + struct.pack('>I', len(body)) + body

    @classmethod
    def decode(cls, body):
        parts, at = [], 0
        while at < len(body):
            size, at = body[at], at + 1
            if size == 255:
                (size,), at = struct.unpack_from('>I', body, at), at + 4
            parts.append(body[at:at + size])
            at += size
        magic, version, kind, flags, userid, roles, word1, word2 = struct.unpack('>BBBBIIII', parts.pop())
        assert (magic, version) == (0x8E, 1)
        routes = []
        if flags & ROUTE:
            while parts[0]:
                routes.append(parts.pop(0))
            parts.pop(0)
        topic = parts.pop(0).decode() if flags & TOPIC else None
        payload = parts.pop(0) if flags & PAYLOAD else None
        message = cls(kind, topic, payload, 0, userid, roles, word1, word2, routes)
        message.flags = flags
        return message

    @property
    def text(self):
        return None if self.payload is None else self.payload.rstrip(b'\0').decode()

    @property
    def json(self):
        return None if self.payload is None else json.loads(self.text)


class Client:
    def __init__(self, uri=None, timeout=20):
        path = (uri or os.environ['FLUX_URI'])[len('local://'):]
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(timeout)
        self.socket.connect(path)
        self.kept, self.aside = b'', []
        self.welcome = self.take(1)[0]
        self.tag = 0

    def take(self, count):
        while len(self.kept) < count:
            more = self.socket.recv(65536)
            if not more:
                raise EOFError
            self.kept += more
        taken, self.kept = self.kept[:count], self.kept[count:]
        return taken

    def receive(self):
        head = self.take(8)
        assert head[:4] == MARK
        return Message.decode(self.take(struct.unpack('>I', head[4:])[0]))

    def send(self, message):
        self.socket.sendall(message.encode())

    def request(self, topic, body=None, flags=0, nodeid=ANY, raw=None):
        self.tag += 1
        payload = raw if raw is not None else None if body is None else json.dumps(body).encode() + b'\0'
        tag = 0 if flags & NORESPONSE else self.tag
        self.send(Message(REQUEST, topic, payload, flags, word1=nodeid, word2=tag))
        return tag

    def answer(self, tag):
        """The next answer to one request; those to others wait their turn."""
        for message in self.aside:
            if message.word2 == tag:
                self.aside.remove(message)
                return message
        while True:
            message = self.receive()
            if message.kind == RESPONSE:
                if message.word2 == tag:
                    return message
                self.aside.append(message)

    def rpc(self, topic, body=None, flags=0, nodeid=ANY, raw=None):
        return self.answer(self.request(topic, body, flags, nodeid, raw))

    def close(self):
        self.socket.close()
