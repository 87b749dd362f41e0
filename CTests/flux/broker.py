"""What a broker has to withstand and to remember, over the wire and without any library of anybody's. Speaks TAP.

    broker.py MUSTER [part...]
"""
import json
import os
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from wire import Client, EVENT, MARK, Message, NORESPONSE, RESPONSE, STREAMING, part  # noqa: E402

muster = sys.argv[1]
work = os.environ.get('MUSTER_CASE') or tempfile.mkdtemp()
made = failed = 0


def ok(passes, text):
    global made, failed
    made += 1
    failed += not passes
    print('%s %d - %s' % ('ok' if passes else 'not ok', made, text), flush=True)


def same(got, expected, text):
    ok(got == expected, text)
    if got != expected:
        print('#        got: %r\n#   expected: %r' % (got, expected), flush=True)


def skip(text):
    global made
    made += 1
    print('ok %d # SKIP %s' % (made, text), flush=True)


class Broker:
    def __init__(self, *arguments, **more):
        self.process = subprocess.Popen([muster, 'broker', *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                        text=True, **more)
        self.uri = self.process.stdout.readline().strip()

    def client(self, **more):
        return Client(self.uri, **more)

    def stop(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        self.said = self.process.communicate(timeout=30)[1]
        return self.process.returncode

    @property
    def memory(self):
        with open('/proc/%d/status' % self.process.pid) as status:
            return next(int(line.split()[1]) for line in status if line.startswith('VmRSS'))

    @property
    def descriptors(self):
        return len(os.listdir('/proc/%d/fd' % self.process.pid))


def alive(broker):
    client = broker.client()
    reply = client.rpc('broker.ping', {'seq': 3})
    client.close()
    return reply.json['seq'] == 3


def command():
    """BRK-1: runs a program as an instance would, and ends as it does."""
    run = lambda *words: subprocess.run([muster, 'broker', *words], capture_output=True, text=True, timeout=60)
    ended = run('sh', '-c', 'echo "$FLUX_URI"; exit 7')
    same(ended.returncode, 7, 'BRK-1 its exit status is the program\'s')
    ok(ended.stdout.startswith('local:///'), 'BRK-1 the program has FLUX_URI')
    path = ended.stdout.strip()[len('local://'):]
    ok(not os.path.exists(os.path.dirname(path)), 'BRK-1 the directory of the socket is gone afterwards')
    same(run('sh', '-c', 'kill -9 $$').returncode, 137, 'BRK-1 128 and the signal for one that was killed')
    ended = run('/nonexistent/program')
    ok(ended.returncode != 0 and '/nonexistent/program' in ended.stderr, 'BRK-1 a program that is not there is named')
    ended = run('--size', '2', 'true')
    ok(ended.returncode != 0 and '--size' in ended.stderr, 'BRK-1 a size it does not have is refused')
    ended = run('--socket', work + '/nowhere/socket', 'true')
    ok(ended.returncode != 0 and work + '/nowhere/socket' in ended.stderr, 'BRK-1 a socket that cannot be is named')
    broker = Broker('--socket', work + '/given')
    same(broker.uri, 'local://%s/given' % work, 'BRK-1 the socket is where it was asked for')
    second = run('--socket', work + '/given', 'true')
    ok(second.returncode != 0 and work + '/given' in second.stderr, 'BRK-1 a second broker leaves the first its socket')
    ok(alive(broker), 'BRK-1 which still answers')
    same(broker.stop(), 0, 'BRK-1 SIGTERM ends it')
    ok(not os.path.exists(work + '/given'), 'BRK-1 and takes the socket away')


HOSTILE = [
    ('a wrong mark', b'\x00' * 64),
    ('a mark in network order', b'\xff\xee\x00\x12' + struct.pack('>I', 34) + b'\0' * 34),
    ('a length without an end', MARK + b'\xff\xff\xff\xff' + b'\0' * 100),
    ('no parts', MARK + struct.pack('>I', 0)),
    ('a part beyond the end', MARK + struct.pack('>I', 3) + b'\x50ab'),
    ('a long part beyond the end', MARK + struct.pack('>I', 7) + b'\xff\xff\xff\xff\xff\0\0'),
    ('a fixed part that is too short', MARK + struct.pack('>I', 5) + part(b'abcd')),
    ('a fixed part with a wrong mark', MARK + struct.pack('>I', 21) + part(b'\x8f' + b'\0' * 19)),
    ('a fixed part of another version', MARK + struct.pack('>I', 21) + part(b'\x8e\x02\x01' + b'\0' * 17)),
    ('a type that is none', MARK + struct.pack('>I', 21) + part(b'\x8e\x01\x07' + b'\0' * 17)),
    ('a topic that is missing', MARK + struct.pack('>I', 21) + part(
        struct.pack('>BBBBIIII', 0x8E, 1, 1, 1, 0, 0, 0, 1))),
    ('parts without a fixed one', MARK + struct.pack('>I', 6) + b'\0\0\0\0\0\0'),
]
STRANGE = [
    ('deep JSON', 'attr.get', b'{"name":' * 100000 + b'1' + b'}' * 100000 + b'\0'),
    ('no JSON', 'attr.get', b'\xff\xfe\0'),
    ('JSON without NUL', 'attr.get', b'{"name":"rank"}'),
    ('an array', 'attr.get', b'["name"]\0'),
    ('a number that is too large', 'kvs.getroot', b'{"namespace":"primary","flags":99999999999999999999999}\0'),
    ('a negative sequence', 'kvs.wait-version', b'{"namespace":"primary","rootseq":-9223372036854775808}\0'),
    ('a NUL within', 'attr.get', b'{"name":"ra\\u0000nk"}\0'),
    ('an empty topic', '', b'{}\0'),
    ('a topic of dots', '....', b'{}\0'),
    ('a long topic', 'x' * 100000, b'{}\0'),
    ('a key of a million dots', 'kvs.lookup', json.dumps(
        {'key': '.' * 1000000, 'namespace': 'primary', 'flags': 1}).encode() + b'\0'),
    ('a key of many names', 'kvs.commit', json.dumps({'namespace': 'primary', 'flags': 0, 'ops': [
        {'key': 'a.' * 5000 + 'b', 'flags': 0, 'dirent': {'ver': 1, 'type': 'val', 'data': ''}}]}).encode() + b'\0'),
    ('base64 that is none', 'kvs.commit', json.dumps({'namespace': 'primary', 'flags': 0, 'ops': [
        {'key': 'x', 'flags': 0, 'dirent': {'ver': 1, 'type': 'val', 'data': '!' * 100}}]}).encode() + b'\0'),
    ('a reference to nothing', 'kvs.lookup', json.dumps({'key': 'a', 'flags': 0, 'rootdir': {
        'ver': 1, 'type': 'dirref', 'data': ['sha1-' + '0' * 40]}}).encode() + b'\0'),
    ('a response nobody waits for', None, None),
]


def hostile():
    """BRK-2: no bytes end a broker, and whoever sends such is the only one to go."""
    broker = Broker('--quiet')
    witness = broker.client()
    for text, data in HOSTILE:
        client = broker.client(timeout=5)
        try:
            client.socket.sendall(data)
            cut = client.socket.recv(1) == b''
        except (ConnectionError, BrokenPipeError):
            cut = True
        except socket.timeout:
            cut = text == 'a length without an end'
        client.close()
        ok(cut, 'BRK-2 cut off: ' + text)
        same(witness.rpc('broker.ping', {'seq': 1}).json['seq'], 1, 'BRK-2 the others are served: ' + text)
    for text, topic, payload in STRANGE:
        client = broker.client()
        if topic is None:
            client.send(Message(RESPONSE, 'x', b'{}\0', word2=9, routes=[b'nobody', b'else']))
            client.send(Message(EVENT, None))
            answered = True
        else:
            reply = client.rpc(topic, raw=payload)
            answered = reply.word1 != 0 or topic.startswith('kvs.')
        ok(answered and alive(broker), 'BRK-2 answered: ' + text)
        client.close()
    client = broker.client()

    def put(key):
        return client.rpc('kvs.commit', {'namespace': 'primary', 'flags': 0, 'ops': [
            {'key': key, 'flags': 0, 'dirent': {'ver': 1, 'type': 'val', 'data': ''}}]}).word1
    same([put('.'.join(['a'] * count)) for count in (512, 513, 500000)], [0, 36, 36],
         'BRK-2 a key has at most 512 names, else ENAMETOOLONG')
    same(client.rpc('kvs.lookup', {'key': '.'.join(['a'] * 512), 'namespace': 'primary', 'flags': 0}).word1, 0,
         'BRK-2 and one that long is found')
    client.close()
    # Byte by byte, and several at once.
    client = broker.client()
    message = Message(1, 'broker.ping', b'{"seq":5}\0', word1=0xFFFFFFFF, word2=1).encode()
    for byte in message:
        client.socket.sendall(bytes([byte]))
    same(client.receive().json['seq'], 5, 'BRK-2 a message byte by byte is a message')
    client.socket.sendall(message * 1000)
    same([client.receive().json['seq'] for _ in range(1000)], [5] * 1000, 'BRK-2 a thousand at once are a thousand')
    before = broker.descriptors
    silent = [broker.client() for _ in range(200)]
    silent[0].socket.sendall(message[:20])
    ok(alive(broker), 'BRK-2 silent clients delay nobody')
    for one in silent:
        one.close()
    ok(alive(broker) and alive(broker), 'BRK-2 and may go')
    deadline = time.time() + 10
    while broker.descriptors > before and time.time() < deadline:
        time.sleep(0.05)
    ok(broker.descriptors <= before, 'BRK-2 without leaving descriptors behind')
    same(broker.stop(), 0, 'BRK-2 the broker ends as asked')


def slow():
    """BRK-3: who does not read is held back, then cut; memory stays bounded."""
    broker = Broker()
    lazy = broker.client()
    lazy.request('event.subscribe', {'topic': 'flood'})
    lazy.receive()
    loud = broker.client()
    body = b'x' * 1000000 + b'\0'
    for _ in range(100):
        loud.send(Message(EVENT, 'flood', body))
    ok(alive(broker), 'BRK-3 one that does not read its events delays nobody')
    try:
        while True:
            if not lazy.socket.recv(1 << 20):
                break
        cut = True
    except (socket.timeout, ConnectionError):
        cut = False
    ok(cut, 'BRK-3 and is cut off in the end')
    greedy = broker.client()
    request = Message(1, 'broker.ping', b'{"pad":"%s"}\0' % (b'y' * 100000), word1=0xFFFFFFFF, word2=1).encode()
    greedy.socket.settimeout(2)
    sent = 0
    try:
        for _ in range(2000):
            greedy.socket.sendall(request)
            sent += 1
    except socket.timeout:
        pass
    ok(sent < 2000, 'BRK-3 one that asks and does not read answers is not read from')
    ok(alive(broker), 'BRK-3 while others are')
    ok(broker.memory < 300000, 'BRK-3 within bounds (%d KiB)' % broker.memory)
    greedy.close()
    same(broker.stop(), 0, 'BRK-3 the broker ends as asked')
    ok('does not read' in broker.said, 'BRK-3 and has said why it cut whom')


def vanishing():
    """BRK-4: a service that goes leaves nobody waiting."""
    broker = Broker('--quiet')
    server, client = broker.client(), broker.client()
    server.rpc('service.add', {'service': 'brief'})
    single = client.request('brief.call', {})
    many = client.request('brief.stream', {}, STREAMING)
    server.receive(), server.receive()
    server.close()
    same((client.answer(single).word1, client.answer(many).word1), (104, 104), 'BRK-4 its callers hear ECONNRESET')
    same(client.rpc('brief.call', {}).word1, 38, 'BRK-4 and its name is free')
    again = broker.client()
    same(again.rpc('service.add', {'service': 'brief'}).word1, 0, 'BRK-4 for the next')
    # A caller that goes is nobody to answer to.
    tag = client.request('brief.call', {})
    asked = again.receive()
    client.close()
    gone = again.receive()
    same((gone.topic, bool(gone.flags & NORESPONSE)), ('brief.disconnect', True), 'RPC-19 a service hears who has gone')
    again.send(Message(RESPONSE, asked.topic, b'{}\0', word2=tag, routes=asked.routes))
    ok(alive(broker), 'BRK-4 an answer to one that has gone is dropped')
    # Nobody answers for another.
    thief, caller = broker.client(), broker.client()
    tag = caller.request('brief.call', {})
    asked = again.receive()
    thief.send(Message(RESPONSE, asked.topic, b'{"false":1}\0', word2=tag, routes=asked.routes))
    thief.rpc('broker.ping', {})
    again.send(Message(RESPONSE, asked.topic, b'{"true":1}\0', word2=tag, routes=asked.routes))
    same(caller.answer(tag).json, {'true': 1}, 'BRK-4 only who was asked may answer')
    same(broker.stop(), 0, 'BRK-4 the broker ends as asked')


def state():
    """BRK-5: what a commit was answered for survives kill -9."""
    folder = work + '/state'
    value = {'ver': 1, 'type': 'val', 'data': 'eA=='}
    root = sequence = None
    for life in range(3):
        broker = Broker('--quiet', '--statedir', folder)
        client = broker.client()
        reply = client.rpc('kvs.getroot', {'namespace': 'primary', 'flags': 0}).json
        if life:
            same((reply['rootref'], reply['rootseq']), (root, sequence),
                 'BRK-5 life %d starts where %d ended' % (life, life - 1))
        for number in range(50):
            key = 'life%d.n%d' % (life, number)
            reply = client.rpc('kvs.commit', {'namespace': 'primary', 'flags': 0, 'ops': [
                {'key': key, 'flags': 0, 'dirent': value}, {'key': 'log', 'flags': 32, 'dirent': value}]}).json
        root, sequence = reply['rootref'], reply['rootseq']
        if life == 0:
            client.rpc('kvs.namespace-create', {'namespace': 'other', 'rootref':
                       'sha1-c0a9faf907dda6216fd73bf81d0b3b21a1a8cb91', 'owner': 1234, 'flags': 0})
        same(broker.stop(signal.SIGKILL), -9, 'BRK-5 life %d is killed' % life)
    broker = Broker('--quiet', '--statedir', folder)
    client = broker.client()
    log = client.rpc('kvs.lookup', {'key': 'log', 'namespace': 'primary', 'flags': 0}).json['val']['data']
    same(len(log), 200, 'BRK-5 all that was appended is there')
    names = client.rpc('kvs.lookup', {'key': 'life0', 'namespace': 'primary', 'flags': 1}).json['val']['data']
    same(len(names), 50, 'BRK-5 and all keys')
    owners = {n['namespace']: n['owner'] for n in client.rpc('kvs.namespace-list').json['namespaces']}
    same(owners.get('other'), 1234, 'BRK-5 and namespaces')
    again = [muster, 'broker', '--statedir', folder, 'true']
    second = subprocess.run(again, capture_output=True, text=True, timeout=60)
    ok(second.returncode != 0 and folder in second.stderr, 'BRK-5 a second broker on the same state is refused by name')
    same(oct(os.stat(folder + '/content.sqlite').st_mode & 0o777), '0o600', 'BRK-5 the file is the owner\'s alone')
    broker.stop()
    with open(folder + '/content.sqlite', 'r+b') as file:
        file.write(b'no database at all')
    damaged = subprocess.run(again, capture_output=True, text=True, timeout=60)
    ok(damaged.returncode != 0 and folder in damaged.stderr, 'BRK-5 a damaged file is named')


GUEST = '''
import os, sys
sys.path.insert(0, %r)
from wire import Client, Message, EVENT
os.setgid(65534); os.setuid(65534)
c = Client(sys.argv[1])
print(c.welcome)
if c.welcome: sys.exit()
print(c.rpc('attr.get', {'name': 'rank'}).word1)
r = c.rpc('broker.ping', {}).json
print(r['userid'], r['rolemask'])
print(c.rpc('event.publish', {'topic': 'a', 'flags': 0}).word1)
print(c.rpc('service.add', {'service': '65534-foo'}).word1, c.rpc('service.add', {'service': 'foo'}).word1)
print(c.rpc('kvs.lookup', {'key': 'a', 'namespace': 'primary', 'flags': 0}).word1)
print(c.rpc('attr.set', {'name': 'log-stderr-level', 'value': '7'}).text)
c.send(Message(1, 'broker.ping', b'{}\\0', userid=0, roles=1, word1=0xFFFFFFFF, word2=99))
r = c.answer(99).json
print(r['userid'], r['rolemask'])
'''


def guests():
    """BRK-6: another user is let in when that is wanted, and only as who it is."""
    if os.getuid() != 0:
        return skip('BRK-6 needs two users')
    os.chmod(work, 0o755)
    script = GUEST % os.path.dirname(os.path.abspath(__file__))

    def guest(*arguments):
        place = tempfile.mkdtemp()
        os.chmod(place, 0o755)
        broker = Broker('--quiet', '--socket', place + '/socket', *arguments)
        said = subprocess.run([sys.executable, '-c', script, broker.uri], capture_output=True, text=True, timeout=60)
        broker.stop()
        os.rmdir(place)
        return said.stdout.split('\n')[:-1] or said.stderr
    same(guest(), ['1'], 'BRK-6 a guest is refused with EPERM')
    same(guest('--allow-guest-user'),
         ['0', '0', '65534 6', '0', '0 1', '1', 'Request requires owner credentials', '65534 6'],
         'BRK-6 or let in with the rights of one, whatever it says of itself')


PARTS = dict(command=command, hostile=hostile, slow=slow, vanishing=vanishing, state=state, guests=guests)
for name in sys.argv[2:] or PARTS:
    PARTS[name]()
print('1..%d' % made)
sys.exit(failed > 0)
