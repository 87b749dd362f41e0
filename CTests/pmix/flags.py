"""Every flag a handshake can have, by hand, against a host that answers in every manner. usage: flags.py OURS [ORIGINAL]
(each a gatekeeper, the second linked with the original)."""
import os
import re
import socket
import struct
import sys

import wire
from rawtest import PATIENCE, Server, Tap

tap = Tap()
ours = sys.argv[1]
original = sys.argv[2] if len(sys.argv) > 2 else None
LIBRARIES = {ours: os.environ['OURS'], original: os.environ.get('ORIGINAL', '')}
NAMES = {0: 'a client', 1: 'a tool of release 2', 2: 'a launcher of release 2', 3: 'a tool without a name',
         4: 'a tool with a name', 5: 'a tool that is a client', 6: 'a launcher without a name',
         7: 'a launcher with a name', 8: 'a launcher that is a client', 9: 'a singleton', 10: 'a scheduler',
         11: 'a flag that is none', 255: 'a flag that is none'}
NAMED, NEEDING = (4, 5, 7, 8, 9, 10), (3, 6)

# The original calls back into what it has freed when a host says no, and lets a process in under an empty name.
CRASHED = 'the original has crashed'
DIFFERENCES = {'error': CRASHED, 'unnamed': 'the name :7 and the server'}


def greeting(flag, nspace='mine', rank=3, version=b'4.2.2', uid=None):
    uid = os.geteuid() if uid is None else uid
    body = b'native\0' + struct.pack('>I', 8) + struct.pack('<II', uid, os.getegid()) + bytes([flag])
    if flag:
        body += struct.pack('>II', uid, os.getegid())
    if flag == 0:
        body += b'testns\0' + struct.pack('>I', 0)
    elif flag in NAMED or flag > 10:
        body += nspace.encode() + b'\0' + struct.pack('>I', rank)
    return wire.framed_hello(body + version + b'\0v41\0\1hash\0')


def read(connection):
    """What comes back: until there is no more for a moment, but the first of it may take its time."""
    got = b''
    try:
        while piece := connection.recv(4096):
            got += piece
            connection.settimeout(0.1)
    except (TimeoutError, ConnectionError) as error:
        return None if isinstance(error, TimeoutError) and not got else got
    return got


def frames(data):
    """Whether these are whole messages: what happened before comes right after the reply."""
    while len(data) >= 16:
        length = 16 + struct.unpack('>I', data[8:12])[0]
        data = data[length:] if len(data) >= length else b'?'
    return not data


def outcome(connection, flag):
    """What comes back, in words."""
    got = read(connection)
    if not got:
        return 'silence' if got is None else 'closed'
    status = struct.unpack('>i', got[:4])[0]
    if len(got) == 4:
        return 'status %d' % status
    if len(got) == 8:
        return 'an index'
    length = 4 + (2 if flag in NEEDING else 1) * 260 + 4
    if status or len(got) < length or got[length - 4:length] != bytes(4) or not frames(got[length:]):
        return '%d bytes' % len(got)
    if flag not in NEEDING:
        return 'the server'
    name, rank = got[4:260].rstrip(b'\0').decode(), struct.unpack('>I', got[260:264])[0]
    return 'the name %s:%d and the server' % (re.sub(r'\d+$', 'N', name), rank)


def knock(server, flag, patience=PATIENCE, **variant):
    with socket.create_connection(wire.address(server.uri), timeout=patience) as connection:
        connection.sendall(greeting(flag, **variant))
        return outcome(connection, flag)


def gate(program, manner):
    return Server(program, manner, environment={'LD_LIBRARY_PATH': LIBRARIES[program], 'PMIX_MCA_psec': 'native'})


def expected(flag, manner):
    if flag > 10:
        return 'status -16'
    if flag == 0:
        return 'an index'
    if manner == 'none':
        return 'the server' if flag in NAMED else 'closed'
    if manner == 'never':
        return 'silence'
    if manner == 'error' or manner == 'unnamed' and flag not in NAMED:
        return 'closed'
    return 'the name assigned.N:7 and the server' if flag in NEEDING else 'the server'


def describe_manner(manner):
    server, other = gate(ours, manner), gate(original, manner) if original else None
    for flag, name in NAMES.items():
        due = expected(flag, manner)
        got = knock(server, flag, 0.3 if due == 'silence' else PATIENCE)
        tap.same(got, due, 'FLAG-%d %s, a host that answers %s' % (min(flag, 11), name, manner))
        if other and flag <= 9 and flag not in (1, 2):
            theirs = knock(other, flag, 0.3 if due == 'silence' else PATIENCE) if other.alive() else CRASHED
            if manner == 'error' and flag == 3:
                other.process.wait(PATIENCE)
            differs = manner == 'error' and flag > 3 or manner == 'unnamed' and flag in NEEDING
            tap.same(theirs, DIFFERENCES[manner] if differs else got, 'FLAG-%d the original does the same, or what is'
                     ' known of it, with %s' % (flag, name))
    tap.ok(server.alive(), 'FLAG-11 the host that answers %s serves on' % manner)
    tap.same(knock(server, 0), 'an index', 'FLAG-0 and lets a client in')
    tap.same(server.stop(), 0, 'the host that answers %s ends well' % manner)
    if other:
        other.stop()


def describe_questions():
    """What the host hears of who knocks."""
    server = gate(ours, 'inline')
    for flag in range(1, 11):
        knock(server, flag)
        line = server.process.stdout.readline().strip()
        who = 'mine:3' if flag in NAMED else 'nobody'
        tap.same(line, 'asked %s 4.2.2 mine' % who, 'FLAG-%d the host hears who %s is' % (flag, NAMES[flag]))
    tap.same(knock(server, 4, nspace='testns', rank=0), 'the server', 'FLAG-4 a tool may be a rank that is known')
    server.process.stdout.readline()
    tap.same(knock(server, 4, nspace='testns', rank=1), 'closed', "FLAG-4 but not a rank of a job that has none such")
    tap.same(knock(server, 5, nspace=''), 'the server', 'FLAG-5 who has no name of its own is named by the host')
    for version in (b'5.0.11', b'6.1.0'):
        tap.same(knock(server, 9, version=version), 'an index', 'FLAG-9 later singletons read an index: ' + version.decode())
    tap.same(server.stop(), 0, 'the host ends well')


def describe_strangers():
    """A tool of another user than its credential's."""
    server = gate(ours, 'inline')
    body = b'native\0' + struct.pack('>I', 8) + struct.pack('<II', os.geteuid() + 1, os.getegid()) + bytes([4])
    body += struct.pack('>II', os.geteuid(), os.getegid()) + b'mine\0' + struct.pack('>I', 3) + b'4.2.2\0v41\0\1hash\0'
    with socket.create_connection(wire.address(server.uri), timeout=PATIENCE) as connection:
        connection.sendall(wire.framed_hello(body))
        tap.same(outcome(connection, 4), 'closed', 'FLAG-4 whose credential is of another user')
    for flag in NAMES:
        for cut in (1, 9, 14, 20, 30):
            whole = greeting(flag)[16:]
            with socket.create_connection(wire.address(server.uri), timeout=PATIENCE) as connection:
                connection.sendall(wire.framed_hello(whole[:cut]))
                got = outcome(connection, flag)
                tap.ok(got == 'closed' or got.startswith('status -'), 'FLAG-%d %d bytes of it' % (min(flag, 11), cut))
    tap.same(knock(server, 0), 'an index', 'FLAG-0 a client is let in after all that')
    tap.same(server.stop(), 0, 'the host ends well')


for each in ('none', 'inline', 'later', 'error', 'unnamed', 'never'):
    tap.section(describe_manner, each)
tap.section(describe_questions)
tap.section(describe_strangers)
tap.done()
