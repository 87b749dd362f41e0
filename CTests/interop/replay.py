"""A peer of release 6.1 from recordings, with a host of our own making. As a client it sends, byte for byte, what two
recorded ranks sent, and compares field by field what a server of ours answers with what was recorded; as a server it
answers a client of ours with what a server of 6.1 answered.  usage: replay.py HOST61 CLIENT FOLDER"""
import os
import socket
import struct
import subprocess
import sys
import threading

from recorded import ALONE, ELSEWHERE, GROUP_END, HERE, QUERY, SESSION, TOGETHER, TOLD, Rank, command, sessions, whole
import wire
from rawtest import Server, Tap

tap = Tap()
program, client, folder = sys.argv[1:4]


def host(server):
    """Tells the host what the recorded one answered: a rank elsewhere, and infos."""
    server.ask('register otherns 1')
    server.ask('dmodex 02126b2e646d6f64657800030c646d76616c00')

    def before(kind, said):
        if kind in (QUERY, SESSION) and len(said) > 1:
            for key, (_, text) in said[1]:
                server.ask('infos %s %s' % (key, text))
        else:
            server.ask('infos')
    return before


def guarded(rank, before):
    try:
        rank.greet()
        rank.play(TOGETHER + ALONE + TOLD, before)
    except (wire.Closed, wire.Short, OSError, ValueError, TypeError) as error:
        rank.results.append(('the connection', repr(error), 'no error'))


def as_client(release, form):
    recorded = sessions(release)
    server = Server(program)
    before = host(server)
    names = {HERE: server.env.get('PMIX_HOSTNAME', socket.gethostname()), ELSEWHERE: 'elsewhere'}
    name = '6.1.0-client-%s-server%s-rank' % (release, form)
    ranks = [Rank(server.uri, recorded[name + str(i)], names, release) for i in range(2)]
    threads = [threading.Thread(target=guarded, args=(rank, before if i == 0 else None), daemon=True)
               for i, rank in enumerate(ranks)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    for i, rank in enumerate(ranks):
        text = 'a client of 6.1 recorded with %s%s, rank %d' % (release, form, i)
        kinds = {one[0] for one in rank.results}
        tap.ok(len(rank.results) >= 12 - 3 * i, '%s: %d answers' % (text, len(rank.results)))
        if i == 0:
            wanted = {'get', 'lookup', 'query', 'a cache refreshed', 'the peers on a node', 'the nodes of a job'}
            tap.same(wanted - kinds, set(), '%s: INTEROP-5 every kind is among them' % text)
        tap.same(rank.wrong(), [], '%s: INTEROP-5 they say what was recorded, field by field' % text)
    tap.ok(server.alive(), 'a client of 6.1 recorded with %s%s: the server goes on' % (release, form))
    server.stop()


def tool():
    """Its name for the codec is v61, whatever the server."""
    for mode in '012':
        words = sessions('6.1.0')['tool-6.1.0-server-6.1.0-mode' + mode]
        server = Server(program)
        try:
            peer = Rank(server.uri, words, {})
            peer.greet()
            status = peer.results[0][1]
        except (wire.Closed, OSError) as error:
            status = repr(error)
        tap.same(status, 0, 'a tool of 6.1, mode %s: INTEROP-3 it is let in' % mode)
        tap.ok(server.alive(), 'a tool of 6.1, mode %s: the server goes on' % mode)
        server.stop()


def stores():
    """Whoever names a store in shared memory is served the plain way all the same."""
    server = Server(program)
    tap.same(server.env.get('PMIX_GDS_MODULE'), 'hash', 'a server of ours: INTEROP-4 it offers the plain store alone')
    for name, version in (('ds12', b'3.2.5a1'), ('ds21', b'4.2.2rc2'), ('shmem2', b'5.0.11rc1'), ('shmem2', b'6.1.0')):
        peer = wire.Client(server.uri, wire.Codec(), timeout=10)
        peer.shake('testns', 0, gds=name.encode(), version=version)
        data = peer.ask(wire.Codec().command(wire.REQ)).data
        tap.ok(b'pmix.job.size' in data and b'SHMEM' not in data and b'DSTORE' not in data,
               'a client of %s that names %s: INTEROP-4 it gets the plain data' % (version.decode(), name))
        peer.close()
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
        uri = 'server.1;tcp4://127.0.0.1:%d' % self.listener.getsockname()[1]
        names = ('URI61', 'URI51', 'URI41', 'URI4', 'URI3', 'URI21', 'URI20', 'URI12')
        return {**{k: v for k, v in os.environ.items() if not k.startswith('PMIX_')},
                **{'PMIX_SERVER_' + name: uri for name in names},
                'PMIX_NAMESPACE': 'testns', 'PMIX_RANK': '0', 'PMIX_SECURITY_MODE': 'native', 'PMIX_VERSION': '6.1.0',
                'PMIX_GDS_MODULE': 'shmem2,hash', 'PMIX_BFROP_BUFFER_TYPE': 'PMIX_BFROP_BUFFER_NON_DESC'}


def as_server():
    for family, wanted in (('group', ['a group of all: SUCCESS', 'a fence of the group: SUCCESS', 'its end: SUCCESS',
                                      'a group with a number: SUCCESS', 'PMIx_Finalize: SUCCESS']),
                           ('asking', ['a neighbour\'s text = hello-global', 'a long text: 8999 of A',
                                       'what was published = pub-value', 'what was published: from rank 0',
                                       'an answer = answer', 'a peer: 0', 'a peer: 1', 'the nodes: vm,nodeB',
                                       'PMIx_Finalize: SUCCESS'])):
        fake = Fake61()
        done = subprocess.run([client, folder, family], env=fake.environment(), timeout=60, capture_output=True)
        with open(os.path.join(folder, family + '.0')) as words:
            got = words.read().split('\n')[:-1]
        tap.same((done.returncode, got), (0, wanted),
                 'a server of 6.1: INTEROP-3 a client of ours goes through %s' % family)
        tap.ok(b'shmem' not in fake.greeting and b'\1hash\0' in fake.greeting,
               'a server of 6.1: INTEROP-4 its shared memory is declined for the plain store')
        if family != 'group':
            continue
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
tap.section(stores)
tap.section(as_server)
tap.done()
