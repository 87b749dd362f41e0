"""What a daemon does, in words: run against two daemons it prints the same. usage: probe.py PLACE"""
import struct
import sys
from wire import *

place = sys.argv[1]
first_view = None


def plain(private):
    return private.replace('#' + daemon, '#DAEMON')


def show(who, client):
    global first_view
    m = client.receive()
    line = f'{who} gets 0x{m.kind:x} from {plain(m.name)} to {[plain(g) for g in m.groups]} hint 0x{m.hint:08x}'
    if m.kind & REG_MEMB:
        process, time, index, sets, mine, count = struct.unpack_from('<IIIIII', m.data)
        line += f' size {len(m.data)} index {index} sets {sets} mine {mine} of {count}: {plain(m.changed())}'
    else:
        line += f' body {m.data[:40]!r} ({len(m.data)})'
    print(line)
    return m


def refused(what, *args, **more):
    try:
        c = Client(place, *args, **more)
        print(f'{what}: let in, version of {len(c.version)} numbers, name of {len(c.private.split("#")[1])} characters')
        c.quit()
    except Refused as reason:
        print(f'{what}: {reason}')
    except (EOFError, ConnectionError):
        print(f'{what}: closed')


a = Client(place, 'alice')
daemon = a.private.split('#')[2]
print('offer', a.offer, 'private group', plain(a.private))
refused('the same name', 'alice')
refused('a name with a mark', 'a#b')
refused('a name with a blank', 'a b')
refused('a name of 11', 'elevenchars')
refused('a name of 8 bits', b'caf\xc3\xa9')
refused('a strange good name', 'a~$z')
refused('version 2.9', 'v', version=(2, 9, 0))
refused('version 200', 'v', version=(200, 0, 0))
for version in (3, 1), (3, 14), (3, 15, 0), (3, 17, 3), (4, 9, 9), (5, 0, 1), (9, 1, 1), (127, 0, 0):
    refused(f'version {version}', 'v', version=version)
refused('no method', 'm', methods=())
refused('an unknown method', 'm', methods=('XYZ',))
refused('three times the same', 'm', methods=('NULL', 'NULL', 'NULL'))

a.join('grp')
show('a', a)
b = Client(place, 'bob')
b.join('grp')
show('a', a), show('b', b)
a.send(FIFO, 'grp', b'hello', type16=0x1234)
show('a', a), show('b', b)
a.send(AGREED | SELF_DISCARD, 'grp', b'world', type16=-2)
show('b', b)
a.send(SAFE, ['grp', 'nosuch', b.private], b'abc', type16=7)
show('a', a), show('b', b)
a.send(CAUSAL | DROP_RECV | 0x40000000, b.private, b'pv', type16=9)
show('b', b)
a.send(RELIABLE, 'grp')
show('a', a), show('b', b)
a.send(UNRELIABLE, 'grp', b'u')
show('a', a), show('b', b)
a.send(FIFO, 'grp', b'BIG', type16=0x1234, big=True)
show('a', a), show('b', b)
a.send(FIFO, [], b'nobody')
a.send(FIFO, ['nosuch'], b'nobody')
b.join('grp')
b.leave('other')
b.leave('grp')
show('b', b), show('a', a)
a.send(AGREED, 'grp', b'x' * 100000)
show('a', a)
b.join('grp')
show('a', a), show('b', b)
c = Client(place, 'carl', membership=0)
c.join('grp')
show('a', a), show('b', b)
c.send(AGREED, 'grp', b'from an open member')
show('a', a), show('b', b), show('c', c)
c.leave('grp')
show('a', a), show('b', b)
c.send(AGREED, ['grp', c.private], b'from outside')
show('a', a), show('b', b), show('c', c)
a.send(AGREED, c.private, b'to one without membership')
show('c', c)
for group in 'zz', 'aa':
    a.join(group), show('a', a)
    b.join(group), show('a', a), show('b', b)
a.send(AGREED, ['zz', 'aa', 'grp'], b'once')
show('a', a), show('b', b)
a.socket.close()
got = sorted((m.name, m.kind, m.changed(), tuple(m.groups)) for m in (b.receive() for _ in range(3)))
print('b gets', [(n, hex(k), plain(c), [plain(g) for g in gs]) for n, k, c, gs in got])
c.quit()
b.send(FIFO, b.private, b'still here')
show('b', b)


def cut(what, kind, groups, data=b'', **more):
    d = Client(place, 'dora')
    d.join('grp')
    show('b', b)
    d.receive()
    d.send(kind, groups, data, **more)
    show('b', b)
    print(f'{what}: cut {d.ends()}')


cut('a wrong sender', FIFO, ['grp'], sender='#bob#' + daemon)
cut('two services', FIFO | AGREED, ['grp'])
cut('no service', 0, ['grp'])
cut('101 groups', FIFO, ['grp'] * 101)
cut('-1 groups', FIFO, [], count=-1)
cut('-1 bytes', FIFO, ['grp'], size=-1)
cut('a bad hint', FIFO, ['grp'], hint=MARK | 1)
cut('an unterminated sender', FIFO, ['grp'], sender=b's' * 32)
cut('too much', FIFO, ['grp'], size=143969)
cut('a goodbye', KILL, ['#dora#' + daemon])
