"""A server of one rank that answers honestly, or lies as it is told. The rank is programs/joiner.c."""
import os
import socket
import struct
import subprocess
import threading

import wire
from rawtest import PATIENCE


def truth(codec, command, reader):
    """The honest reply to a request."""
    if command == wire.REQ:
        blobs = b''
        for rank in range(2):
            inner = codec.pack(wire.RANK, rank) + codec.pack(wire.KVAL, ('pmix.appnum', wire.UINT32, 0))
            blobs += codec.pack(wire.KVAL, ('pmix.pblob', wire.BYTE_OBJECT, inner))
        return codec.pack(wire.STRING, 'fakens') + codec.pack(wire.KVAL, ('pmix.job.size', wire.UINT32, 2)) + blobs
    if command == wire.GET:
        inner = codec.pack(wire.PROC, ('fakens', 1)) + codec.pack(wire.KVAL, ('theirs', wire.STRING, 'value'))
        return codec.pack(wire.STATUS, 0) + codec.pack(wire.BYTE_OBJECT, inner)
    if command == wire.LOOKUP:
        found = codec.string('fakens') + codec.unsigned(0, 4) + codec.string('published') \
            + codec.typed(wire.STRING, 'x')
        before, after = (codec.tag(9), codec.tag(25)) if codec.described else (b'', b'')
        return codec.pack(wire.STATUS, 0) + codec.pack(wire.SIZE, 1) + before + codec.signed(1) + after + found
    return None if command == 14 else codec.pack(wire.STATUS, 0)


class Fake:
    """Serves one rank. `lie(command, honest)` may change a reply: bytes to send as the body, a list of whole frames,
    or None to close the connection. `greeting` replaces the reply to the handshake, `extra` follows it; without
    it (None) there is not even a greeting."""

    def __init__(self, program, codec=None, variable='PMIX_SERVER_URI41', version='4.2.2', lie=None, greeting=None,
                 extra=b''):
        self.program = program
        self.codec, self.lie, self.greeting, self.extra = codec or wire.Codec(), lie, greeting, extra
        self.listener = socket.create_server(('127.0.0.1', 0))
        self.listener.settimeout(PATIENCE)
        self.commands = []
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith('PMIX_')},
            'PMIX_NAMESPACE': 'fakens', 'PMIX_RANK': '0', 'PMIX_MCA_gds': 'hash', 'PMIX_SECURITY_MODE': 'native',
            'PMIX_GDS_MODULE': 'hash', 'PMIX_VERSION': version,
            'PMIX_BFROP_BUFFER_TYPE': 'PMIX_BFROP_BUFFER_%s' % ('FULLY_DESC' if self.codec.described else 'NON_DESC'),
            variable: 'fake.0;tcp4://127.0.0.1:%d' % self.listener.getsockname()[1]}

    def read(self, count):
        data = b''
        while len(data) < count:
            piece = self.connection.recv(count - len(data))
            if not piece:
                raise wire.Closed()
            data += piece
        return data

    def reply(self, tag, body):
        reader = wire.Reader(body, self.codec)
        command = reader.unpack(wire.COMMAND)
        self.commands.append(command)
        honest = truth(self.codec, command, reader)
        answer = self.lie(command, honest) if self.lie else honest
        if answer is None:
            if command != 14:
                raise wire.Closed()
        elif isinstance(answer, list):
            for one in answer:
                self.connection.sendall(one(tag) if callable(one) else one)
        else:
            self.connection.sendall(wire.frame(tag, answer))

    def serve(self):
        try:
            self.connection = self.listener.accept()[0]
            self.connection.settimeout(PATIENCE)
            self.read(struct.unpack('<iIII', self.read(16))[2])
            if self.extra is None:
                self.read(1)  # never a word; the other side ends it
            self.connection.sendall(struct.pack('>iI', 0, 0) if self.greeting is None else self.greeting)
            if self.greeting is None:
                self.connection.sendall(self.extra)
                while True:
                    _, tag, count, _ = struct.unpack('>iIII', self.read(16))
                    self.reply(tag, self.read(count))
        except (OSError, wire.Closed, wire.Short):
            pass
        finally:
            if hasattr(self, 'connection'):
                self.connection.close()
            self.listener.close()

    def run(self):
        """The statuses the rank printed, with 'how' telling how it ended: its exit status, or 'late'."""
        thread = threading.Thread(target=self.serve, daemon=True)
        thread.start()
        rank = subprocess.Popen([self.program], env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                text=True, errors='replace')
        try:
            (text, self.trace), how = rank.communicate(timeout=PATIENCE), rank.returncode
        except subprocess.TimeoutExpired:
            rank.kill()
            (text, self.trace), how = rank.communicate(), 'late'
        said = dict(line.split() for line in text.splitlines() if len(line.split()) == 2)
        return {'how': how, **{call: int(status) for call, status in said.items()}}
