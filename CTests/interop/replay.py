"""A peer of release 6.1 from recordings. As a client it sends, byte for byte, what two recorded ranks sent, and looks
at the answers of a server of ours next to those recorded from a server of 6.1; as a server it answers a client of ours
with what a server of 6.1 answered.  usage: replay.py SERVE CLIENT FOLDER"""
import os
import socket
import struct
import subprocess
import sys
import threading

root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(root, 'CTests', 'pmix'))
import wire  # noqa: E402
from rawtest import Server, Tap  # noqa: E402

tap = Tap()
program, client, folder = sys.argv[1:4]
GROUP, GROUP_END = 24, 28
NAMES = {0: 'job data', 2: 'commit', 3: 'fence', 4: 'get', 5: 'finalize', 6: 'publish', 7: 'lookup', 8: 'unpublish',
         10: 'connect', 11: 'disconnect', 12: 'an event', 13: 'an event registration', 22: 'output',
         23: 'input', 24: 'a group', 28: "a group's end", 29: 'no more output'}
# What all take part in, and what needs nobody else; the rest depends on what this host has been told to answer.
TOGETHER, ALONE = (3, 10, 11, 24, 28), (0, 2, 5, 6, 8, 12, 13)


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


def greeting(words):
    """The recorded one with the credential of whoever runs this."""
    body = bytes.fromhex(words[2])
    at = body.index(b'\0') + 1 + 4
    body = body[:at] + struct.pack('<II', os.geteuid(), os.getegid()) + body[at + 8:]
    return wire.framed_hello(body)


class Replayed(wire.Client):
    def shake(self, words):
        self.send(greeting(words))
        status, self.index = struct.unpack('>iI', self.read(8))
        return status


def play(server, words, results):
    """Sends the requests of one session in order, each after the answer to the one before."""
    rank = Replayed(server.uri, wire.Codec(), timeout=10)
    results.append(('greeting', rank.shake(words[0]), 0))
    answers = {w[1]: w[3] for w in words if w[0] == '<'}
    for w in words:
        if w[0] != '>' or not whole(w[3], answers.get(w[1], '-')):
            continue
        kind = command(w[3])
        if kind not in TOGETHER + ALONE or b'other' in bytes.fromhex(w[3]):
            continue
        rank.tag = int(w[1]) - 1
        reply = rank.ask(bytes.fromhex(w[3]))
        recorded = bytes.fromhex(answers[w[1]])
        name = NAMES[kind]
        if kind == 0:
            results.append((name, reply.unpack(wire.STRING), 'testns'))
        elif kind == GROUP:
            # Status and members are the same; a number of the group and what follows depends on the host.
            count = len(bytes.fromhex('02000202040e746573746e7300000e746573746e730001'))
            results.append((name, reply.data[:count].hex(), recorded[:count].hex()))
            reply.at = count
            if reply.unpack(wire.BOOL):
                reply.unpack(wire.SIZE)
            for _ in range(reply.unpack(wire.SIZE)):
                reply.unpack(wire.INFO)
            results.append((name + ', to the last byte', reply.left(), 0))
        else:
            results.append((name, reply.data[:2].hex(), recorded[:2].hex()))
    rank.close()


def as_client(release, form):
    recorded = sessions(release)
    server = Server(program, '2', '0')
    results, threads = ([], []), []
    name = '6.1.0-client-%s-server%s-rank' % (release, form)
    for i in range(2):
        words = recorded[name + str(i)]
        threads.append(threading.Thread(target=guarded, args=(server, words, results[i]), daemon=True))
        threads[-1].start()
    for thread in threads:
        thread.join(60)
    for i in range(2):
        text = 'a client of 6.1 recorded with %s%s, rank %d' % (release, form, i)
        wrong = [one for one in results[i] if one[1] != one[2]]
        tap.ok(len(results[i]) >= 9, '%s: %d answers' % (text, len(results[i])))
        tap.same(wrong, [], '%s: INTEROP-3 they are what it expects' % text)
    tap.ok(server.alive(), 'a client of 6.1 recorded with %s%s: the server goes on' % (release, form))
    server.stop()


def guarded(server, words, results):
    try:
        play(server, words, results)
    except (wire.Closed, wire.Short, OSError, ValueError, TypeError) as error:
        results.append(('the connection', repr(error), 'no error'))


def tool():
    """Its name for the codec is v61, whatever the server."""
    for mode in '012':
        words = sessions('6.1.0')['tool-6.1.0-server-6.1.0-mode' + mode]
        server = Server(program, '2', '0')
        try:
            peer = wire.Client(server.uri, wire.Codec(), timeout=10)
            peer.send(greeting(words[0]))
            status = struct.unpack('>i', peer.read(4))[0]
        except (wire.Closed, OSError) as error:
            status = repr(error)
        tap.same(status, 0, 'a tool of 6.1, mode %s: INTEROP-3 it is let in' % mode)
        tap.ok(server.alive(), 'a tool of 6.1, mode %s: the server goes on' % mode)
        server.stop()


class Fake61:
    """Answers by the kind of the request, with what a server of 6.1 answered one rank."""

    def __init__(self):
        words = sessions('6.1.0')['6.1.0-client-6.1.0-server-hash-rank0']
        answers = {w[1]: w[3] for w in words if w[0] == '<'}
        self.answers = {}
        for w in words:
            if w[0] == '>' and whole(w[3], answers.get(w[1], '-')):
                self.answers.setdefault(command(w[3]), bytes.fromhex(answers[w[1]]))
        self.asked = []
        self.listener = socket.create_server(('127.0.0.1', 0))
        threading.Thread(target=self.serve, daemon=True).start()

    def read(self, peer, count):
        data = b''
        while len(data) < count:
            piece = peer.recv(count - len(data))
            if not piece:
                raise ConnectionError
            data += piece
        return data

    def serve(self):
        try:
            peer, _ = self.listener.accept()
            _, _, count, _ = struct.unpack('<iIII', self.read(peer, 16))
            self.greeting = self.read(peer, count)
            peer.sendall(struct.pack('>iI', 0, 0))
            while True:
                index, tag, count, _ = struct.unpack('>iIII', self.read(peer, 16))
                body = self.read(peer, count)
                if tag == 1 or body[1] == 14:
                    continue
                self.asked.append(body)
                peer.sendall(wire.frame(tag, self.answers.get(body[1], bytes.fromhex('025d'))))
        except (ConnectionError, OSError, IndexError):
            pass

    def environment(self):
        uri = 'testns;tcp4://127.0.0.1:%d' % self.listener.getsockname()[1]
        names = ('URI61', 'URI51', 'URI41', 'URI4', 'URI3', 'URI21', 'URI20', 'URI12')
        return {**{k: v for k, v in os.environ.items() if not k.startswith('PMIX_')},
                **{'PMIX_SERVER_' + name: 'server.1;tcp4://' + uri.split('//')[1] for name in names},
                'PMIX_NAMESPACE': 'testns', 'PMIX_RANK': '0', 'PMIX_SECURITY_MODE': 'native', 'PMIX_VERSION': '6.1.0',
                'PMIX_GDS_MODULE': 'shmem2,hash', 'PMIX_BFROP_BUFFER_TYPE': 'PMIX_BFROP_BUFFER_NON_DESC'}


def as_server():
    for family, wanted in (('group', ['a group of all: SUCCESS', 'a fence of the group: SUCCESS', 'its end: SUCCESS',
                                      'a group with a number: SUCCESS', 'PMIx_Finalize: SUCCESS']),):
        fake = Fake61()
        done = subprocess.run([client, folder, family], env=fake.environment(), timeout=60, capture_output=True)
        with open(os.path.join(folder, family + '.0')) as words:
            got = words.read().split('\n')[:-1]
        tap.same((done.returncode, got), (0, wanted),
                 'a server of 6.1: INTEROP-3 a client of ours goes through %s' % family)
        tap.ok(b'shmem' not in fake.greeting and b'\1hash\0' in fake.greeting,
               'a server of 6.1: INTEROP-4 its shared memory is declined for the plain store')
        fences = [body for body in fake.asked if body[1] == 3]
        tap.ok(fences and all(b'rig.group' not in body for body in fences),
               "a server of 6.1: FENCE-3 a fence of a group names the group's members")
        ends = [body.hex() for body in fake.asked if body[1] == GROUP_END]
        tap.same(ends[:1], ['021c02147269672e67726f7570000202040e746573746e7300000e746573746e7300010200'],
                 "a server of 6.1: a group's end names its members")


for form in ('-hash', '', '-leave'):
    tap.section(as_client, '6.1.0', form)
for form in ('-hash',):
    tap.section(as_client, '5.0.11', form)
tap.section(tool)
tap.section(as_server)
tap.done()
