"""Every input that hurts the original, sent to our daemon: only its sender is cut, all others are served.
usage: hostile.py PLACE LOG MESSAGE-LIMIT PID"""
import os
import sys
import time
from wire import *

place, log, limit, pid = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
tap = Tap()
good = Client(place, 'good')
good.join('G')
good.receive()
counter = 0


def served(what):
    """The well-behaved are served as before: a message to the group and back."""
    global counter
    counter += 1
    body = b'round %d' % counter
    good.send(AGREED, 'G', body)
    while True:
        m = good.receive()
        if m.data == body:
            break
    tap.ok(True, what + ': others are served')


def resident():
    with open(f'/proc/{pid}/statm') as file:
        return int(file.read().split()[1]) * 4096


def bad(what, data, cut=True, logged=None):
    c = Client(place, 'bad')
    c.join('G')
    c.receive()
    c.socket.sendall(data(c) if callable(data) else data)
    if cut:
        tap.ok(c.ends(), what + ': the sender is cut')
        if logged:
            for _ in range(200):
                if logged in open(log).read():
                    break
                time.sleep(0.01)
            tap.ok(logged in open(log).read(), what + ': the log says why')
    served(what)
    c.quit()


def forged(what, kind, **more):
    c = Client(place, 'forge')
    c.join('G')
    c.receive()
    c.send(kind, ['G'], b'x', **more)
    m = c.receive()
    tap.same((m.kind, m.name, m.groups, m.data), (FIFO, c.private, ['G'], b'x'), what + ': only the service is left')
    served(what)
    c.quit()


forged('E.1 a message of the groups layer', FIFO | 0x80000)
forged('E.8 forged membership bits', FIFO | REG_MEMB | BY_LEAVE)
forged('E.9 a reject', FIFO | 0x400000)
forged('E.1 bits of the daemons', FIFO | 0x4000 | 0x8000 | 0x100000 | 0x200000)

for size in 143119, 143120, 143121, 143919, 143920, 143921, 143952, 143968:
    c = Client(place, 'large')
    body = bytes(i * 7 & 255 for i in range(256)) * 600
    c.send(AGREED, [c.private], body[:size])
    m = c.receive()
    tap.ok(m.data == body[:size], f'E.2 ORD-11 {size} bytes to one group arrive whole')
    c.quit()
c = Client(place, 'wide')
names = [f'group{i}' for i in range(99)] + [c.private]
c.send(AGREED, names, b'y' * (144000 - 3200))
m = c.receive()
tap.ok(m.groups == names and len(m.data) == 140800, 'E.5 ORD-10 100 groups and 144000 bytes arrive, once')
c.send(AGREED, c.private, b'next')
tap.same(c.receive().data, b'next', 'E.5 there was one copy')
c.quit()
served('E.2')
bad('E.2 more than 144000', lambda c: c.raw(FIFO, ['G'], size=143969), logged='more than 144000 bytes')
bad('E.2 2 GiB', lambda c: c.raw(FIFO, ['G'], size=0x7fffffff))
bad('E.3 an unterminated group and data', lambda c: c.raw(JOIN, [b'J' * 32], b'd' * 1000), cut=False)
bad('E.4 an unterminated group', lambda c: c.raw(JOIN, [b'J' * 32]), cut=False)
for name in b'', b'#foo', b'a b', b'a\x01', b'caf\xe9':
    bad(f'E.6 join of {name!r}', lambda c: c.raw(JOIN, [name]), logged='a group name that is none')
for kind in JOIN, LEAVE:
    bad(f'E.7 {kind:#x} with no group', lambda c: c.raw(kind, []), cut=False)
c = Client(place, 'stale')
c.join('S')
c.receive()
c.send(LEAVE, [])
c.send(AGREED, 'S', b'still in')
tap.same(c.receive().data, b'still in', 'E.7 a leave without a group leaves nothing')
c.quit()
bad('E.10 another sender', lambda c: c.raw(FIFO, ['G'], sender='#good#' + c.private.split('#')[2]),
    logged="in another's name")
bad('E.10 two services', lambda c: c.raw(FIFO | SAFE, ['G']), logged='exactly one service')
bad('E.10 no service', lambda c: c.raw(0, ['G']))
bad('E.10 a join that is data too', lambda c: c.raw(JOIN | FIFO, ['G']))
bad('E.10 a bad hint', lambda c: c.raw(FIFO, ['G'], hint=MARK | 1))
bad('E.10 half an endian mark', lambda c: struct.pack('<I', FIFO | 0x80) + c.raw(FIFO, ['G'])[4:],
    logged='no byte order')
bad('E.10 101 groups', lambda c: c.raw(FIFO, ['G'] * 101), logged='more than 100 groups')
bad('E.10 -1 groups', lambda c: c.raw(FIFO, [], count=-1))
bad('E.10 -1 bytes', lambda c: c.raw(FIFO, ['G'], size=-1))
bad('E.10 noise', b'\xff' * 4096)
bad('half a message, then nothing', lambda c: c.raw(FIFO, ['G'], size=1000), cut=False)

# E.11, E.13: handshakes
idle = [dial(place) for _ in range(50)]
half = dial(place)
half.sendall(greeting('half')[:3])
slow = dial(place)
slow.sendall(greeting('slow'))
start = time.monotonic()
c = Client(place, 'quick')
tap.ok(True, f'E.11 52 unfinished handshakes keep nobody waiting ({time.monotonic() - start:.3f} s)')
c.quit()
c = Client(place, 'pieces', split=True)
c.send(AGREED, c.private, b'here')
tap.same(c.receive().data, b'here', 'E.13 a handshake may come byte by byte')
for byte in c.raw(AGREED, [c.private], b'bytewise'):
    c.socket.sendall(bytes([byte]))
tap.same(c.receive().data, b'bytewise', 'E.13 a message may come byte by byte')
c.quit()
half.settimeout(30)
tap.same(half.recv(1), b'', 'E.11 who does not say who it is is cut in time')
slow.settimeout(30)
tap.same(slow.recv(100), b'\x05NULL ', 'E.11 who stops in the middle was answered')
tap.same(slow.recv(100), b'', 'E.11 and is cut in time')
tap.ok(all(s.recv(1) == b'' for s in idle), 'E.11 the idle are cut too')
for what, data in (('a long name', b'\x04\x04\x00\x01\xff' + b'n' * 255),
                   ('more than the name', greeting('abcde', length=3))):
    s = dial(place)
    s.sendall(data)
    tap.same(s.recv(10), b'\xfb', f'E.13 {what} is an illegal name')
served('E.13')

# E.12, LIV-2, B.8: a client that does not read
deaf = Client(place, 'deaf')
deaf.join('G')
while good.receive().groups.count(deaf.private) == 0:
    pass
before = resident()
body = b'z' * 1000
start = time.monotonic()
sent = 0
cut = False
while not cut and sent < 20 * limit:
    good.send(AGREED, 'G', body)
    sent += 1
    while True:
        m = good.receive()
        if m.is_membership:
            cut = cut or m.kind == REG_MEMB | BY_DISCONNECT and m.changed() == deaf.private
        else:
            break
tap.ok(cut, f'E.12 MEM-5 who does not read is cut, as a DISCONNECT ({sent} messages sent)')
tap.ok(sent > limit, 'E.12 not before the limit')
got = 0
try:
    while True:
        got += not deaf.receive().is_membership
except (EOFError, ConnectionError):
    pass
tap.ok(0 < got < sent, f'E.12 what the system had taken can still be read ({got} messages)')
tap.ok('#deaf#' in open(log).read() and 'does not read' in open(log).read(), 'E.12 the log says why')
tap.ok(resident() - before < 64 << 20, 'E.12 LIV-2 the memory of it is bounded')
served('LIV-2')

# E.17: nothing of the daemon's or a client's memory goes out in paddings
c = Client(place, 'pad')
c.socket.sendall(struct.pack('<I', AGREED | MARK) + (c.private.encode() + b'\0').ljust(32, b'\xaa') +
                 struct.pack('<iIi', 1, MARK, 1) + (c.private.encode() + b'\0').ljust(32, b'\xbb') + b'p')
whole = c.exactly(81)
tap.ok(b'\xaa' not in whole and b'\xbb' not in whole, 'E.17 paddings are clean')
c.quit()

# gids of a group that comes back
seen = set()
for _ in range(20):
    c = Client(place, 'again')
    c.join('again')
    seen.add(c.receive().gid())
    c.quit()
    s = Client(place, 'barrier')
    s.send(AGREED, s.private, b'')
    s.receive()
    s.quit()
tap.same(len(seen), 20, 'B.7 a group that comes back has an id it never had')


# Nothing of all this stays in the daemon's memory.
def abuse(round):
    c = Client(place, f'w{round}')
    names = [f'pack{i}' for i in range(20)]
    for name in names:
        c.join(name)
    c.send(AGREED, names, b'x' * 5000)
    c.socket.sendall(c.raw(FIFO | SAFE, names))
    c.ends()
    deaf = Client(place, f'd{round}')
    deaf.join('cliff')
    good.send(AGREED, ['cliff', good.private], b'y' * 100000)
    while good.receive().is_membership:
        pass
    deaf.socket.close()
    c = Client(place, f'p{round}')
    c.socket.sendall(c.raw(FIFO, ['G'], b'z' * 50000, size=100000))
    c.socket.close()
    for bytes_ in greeting('half')[:4], b'\xff' * 300, greeting('x') + choice('NULL', 'IP', 'XYZ'), b'':
        s = dial(place)
        s.sendall(bytes_)
        s.close()


for round in range(100):
    abuse(round)
served('before')
before = resident()
for round in range(100, 500):
    abuse(round)
served('after')
# An allocator that checks everything keeps more.
room = 16 << 20 if os.environ.get('MUSTER_SANITIZE') else 512 << 10
tap.ok(resident() - before < room, f'no memory is lost to 2800 hostile connections ({(resident() - before) >> 10} KiB)')
tap.done()
