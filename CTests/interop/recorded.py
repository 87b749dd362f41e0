"""Sessions of release 6.1 as they were recorded, and a peer that says again what its ranks said. As a program of its
own it is a rank under whatever host started it: it writes what it found into FOLDER/replay.RANK.
usage: recorded.py FOLDER"""
import os
import socket
import struct
import sys
import zlib

root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(root, 'CTests', 'pmix'))
import wire  # noqa: E402

GET, LOOKUP, QUERY, GROUP, GROUP_END, REFRESH, BLOCK, SESSION, PEERS, NODES = 4, 7, 15, 24, 28, 33, 34, 35, 37, 38
REQ, COMMIT, FENCE, FINALIZE = 0, 2, 3, 5
NAMES = {0: 'job data', 2: 'commit', 3: 'fence', 4: 'get', 5: 'finalize', 6: 'publish', 7: 'lookup', 8: 'unpublish',
         10: 'connect', 11: 'disconnect', 12: 'an event', 13: 'an event registration', 15: 'query', 22: 'output',
         23: 'input', 24: 'a group', 28: "a group's end", 29: 'no more output', 33: 'a cache refreshed',
         34: 'a block of resources', 35: 'a session under control', 37: 'the peers on a node', 38: 'the nodes of a job'}
# What all take part in; what needs nobody else; what the host at the other end has been told to answer as recorded.
TOGETHER, ALONE, TOLD = (3, 10, 11, 24, 28), (0, 2, 4, 5, 6, 7, 8, 12, 13, 33, 37, 38), (15, 34, 35)
JOB, HERE, ELSEWHERE = 'testns', 'vm', 'nodeB'
ERROR, NOT_FOUND, NOT_SUPPORTED = -1, -46, -47


def sessions(release):
    found, name = {}, None
    with open(os.path.join(root, 'Tests', 'Vectors', 'pmix', 'sessions-server-%s.txt' % release)) as lines:
        for line in lines:
            words = line.split()
            if words[:1] == ['session']:
                name = words[1]
                found[name] = []
            elif name and words and words[0] in 'Hh><':
                found[name].append(words)
    return found


def command(text):
    return bytes.fromhex(text)[1]


def whole(*texts):
    """Whether these messages have bytes, all of which were recorded."""
    return all(text != '-' and '+' not in text for text in texts)


class Values(wire.Reader):
    """With the types that were recorded beside those of the raw tests. Long texts are compressed by who shows them;
    ours hands them out as text."""

    def __init__(self, data, ours=False):
        super().__init__(data, wire.Codec())
        self.ours = ours

    def one(self, kind):
        if kind in (6, 9, 11):
            return self.signed()
        if kind in (15, 10):
            return self.unsigned(8)
        if kind == 42:
            return self.raw(self.size())
        if kind == 25:
            return self.one(wire.PROC), self.one(wire.STRING), self.typed()
        return super().one(kind)

    def typed(self):
        kind = self.unsigned(2)
        value = self.one(kind)
        if kind == 42 and self.ours:
            raise ValueError('a text that is compressed')
        return (wire.STRING, zlib.decompress(value[4:]).rstrip(b'\0').decode()) if kind == 42 else (kind, value)

    def many(self, kind):
        count = self.unpack(wire.SIZE)
        if count == 0:
            return []
        values = self.unpack(kind)
        return values if count > 1 else [values]

    def pairs(self):
        found = []
        while self.left():
            found.append(self.unpack(wire.KVAL))
        return found


def fields(kind, data, release='6', ours=False):
    """Everything an answer says, field by field. Short when it ends early; what is left over is a field of its own."""
    reader = Values(data, ours)
    if kind == REQ:
        return [reader.unpack(wire.STRING)]
    said = [reader.status()]
    if said[0] != 0:
        return said + ([data[reader.at:]] if reader.left() else [])
    if kind == GET:
        while reader.left():
            inside = Values(reader.unpack(wire.BYTE_OBJECT), ours)
            said.append((inside.unpack(wire.PROC), inside.pairs()))
    elif kind == LOOKUP:
        said.append(reader.many(25))
    elif kind in (QUERY, SESSION):
        said.append(reader.many(wire.INFO))
    elif kind == REFRESH:
        said.append(reader.pairs())
    elif kind == PEERS:
        said.append(reader.many(wire.PROC))
    elif kind == NODES:
        said.append(reader.unpack(wire.STRING))
    elif kind == GROUP and release < '6':
        said += [reader.many(wire.PROC)]
    elif kind == GROUP:
        said += [reader.many(wire.PROC), reader.unpack(wire.SIZE) if reader.unpack(wire.BOOL) else None]
        said.append([reader.unpack(wire.INFO) for _ in range(reader.unpack(wire.SIZE))])
    return said + ([data[reader.at:]] if reader.left() else [])


def renamed(said, names):
    """The same with other names of job and nodes."""
    if isinstance(said, (list, tuple)):
        return type(said)(renamed(one, names) for one in said)
    if isinstance(said, str):
        return ','.join(names.get(one, one) for one in said.split(','))
    return said


class Rank(wire.Client):
    """One rank of the recording, at a server that may call the job and the nodes otherwise. `release` is that of the
    server in the recording."""

    def __init__(self, uri, words, names, release='6'):
        super().__init__(uri, wire.Codec(), timeout=20)
        self.words, self.names, self.results, self.release = words, names, [], release
        self.answers = {w[1]: w[3] for w in words if w[0] == '<'}

    def own(self, data):
        """Strings have their length before them; nothing recorded counts the bytes of what has names inside."""
        for name, other in self.names.items():
            old, new = wire.Codec().string(name), wire.Codec().string(other)
            data = data.replace(old, new)
        return data

    def greet(self, security='native'):
        body = bytes.fromhex(self.words[0][2])
        psec, rest = body.split(b'\0', 1)
        length = struct.unpack('>I', rest[:4])[0]
        credential = struct.pack('<II', os.geteuid(), os.getegid()) if security == 'native' else b''
        rest = rest[4 + length:]
        job = self.names.get(JOB, JOB).encode()
        if rest[1:].startswith(JOB.encode() + b'\0'):
            rest = rest[:1] + job + rest[1 + len(JOB):]
        self.send(wire.framed_hello(security.encode() + b'\0' + struct.pack('>I', len(credential)) + credential + rest))
        status, self.index = struct.unpack('>iI', self.read(8))
        self.results.append(('greeting', status, 0))

    def play(self, kinds, before=None):
        """Sends the requests in order, each after the answer to the one before."""
        for w in self.words:
            if w[0] != '>' or not whole(w[3], self.answers.get(w[1], '-')) or command(w[3]) not in kinds:
                continue
            request, recorded = bytes.fromhex(w[3]), bytes.fromhex(self.answers[w[1]])
            # Other jobs are there to be asked about only.
            if b'other' in request and command(w[3]) != GET:
                continue
            self.tag = int(w[1]) - 1
            if before:
                before(command(w[3]), fields(command(w[3]), recorded, self.release))
            reply = self.ask(self.own(request))
            self.compare(command(w[3]), reply.data, renamed(fields(command(w[3]), recorded, self.release), self.names))
        self.close()

    def compare(self, kind, data, expected):
        got = fields(kind, data, ours=True)
        if expected == [NOT_SUPPORTED]:
            # More than the recorded one may be supported.
            expected = expected[:1] if got[:1] == expected else got
        elif kind == GROUP and isinstance(expected[-1], bytes):
            # A server of release 5 ends otherwise than one of release 6 does.
            got, expected = got[:2], expected[:2]
        elif kind == GROUP:
            # The number is the host's to choose; who came first is told of first.
            got, expected = [a[:2] + [a[2] is not None] + sorted(a[3], key=repr) if len(a) > 3 else a
                             for a in (got, expected)]
        if kind == GET and expected[1:] and expected[1][0][1] == wire.WILDCARD:
            # Of another job there may be more than was asked for.
            (proc, pairs), found = expected[1], got[1:]
            expected = [0, proc, pairs]
            got = [got[0], proc, [pair for other, some in found if other == proc for pair in some if pair in pairs]]
        self.results.append((NAMES[kind], got, expected))

    def wrong(self, declined=()):
        """What was not as expected. A host may decline what is in `declined`, and then has nothing to end either; Open
        MPI's says of some ranges that they are an error."""
        hosts = {NAMES[kind] for kind in declined}
        return [one for one in self.results if one[1] != one[2]
                and not (one[0] in hosts and one[1] in ([NOT_SUPPORTED], [NOT_FOUND], [ERROR]))]


def here():
    """The rank's own server, and how it is spoken to."""
    for name in ('61', '51', '41'):
        if 'PMIX_SERVER_URI' + name in os.environ:
            return os.environ['PMIX_SERVER_URI' + name]
    raise ValueError('no server of a release that 6.1 could talk to')


def main():
    folder, number = sys.argv[1], int(os.environ['PMIX_RANK'])
    words = sessions('6.1.0')['6.1.0-client-6.1.0-server-hash-rank%d' % number]
    node = os.environ.get('PMIX_HOSTNAME', socket.gethostname())
    rank = Rank(here(), words, {JOB: os.environ['PMIX_NAMESPACE'], HERE: node})
    rank.greet('native' if 'native' in os.environ.get('PMIX_SECURITY_MODE', 'native').split(',') else 'none')
    # Rank 2 and the other job are of the recording alone.
    kept = []
    for w in rank.words:
        asks = w[0] == '>' and whole(w[3]) and command(w[3]) == GET
        if not (asks and (b'other' in bytes.fromhex(w[3]) or b'testns\0\x02\x02' in bytes.fromhex(w[3]))):
            kept.append(w)
    rank.words = kept
    try:
        rank.play([kind for kind in TOGETHER + ALONE if kind != NODES])
    except (wire.Closed, wire.Short, OSError, ValueError, TypeError) as error:
        rank.results.append(('the connection', repr(error), 'no error'))
    with open(os.path.join(folder, 'replay.%d' % number), 'w') as words:
        wrong = rank.wrong(declined=(6, 7, 8, 10, 11, GROUP, GROUP_END, 12, 13))
        words.write('%d answers\n' % len([one for one in rank.results if one not in wrong and one[1] == one[2]]))
        words.writelines('wrong: %r\n' % (one,) for one in wrong)


if __name__ == '__main__':
    main()
