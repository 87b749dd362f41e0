"""Two that cannot talk: a client of ours with a server that speaks otherwise than it says, a server of ours with such
a client. Each call ends with a status, and one line (MUSTER_TRACE) says how both speak.
usage: misfits.py JOINER SERVE"""
import re
import struct
import sys
import tempfile

import wire
from fake import Fake
from rawtest import Server, Tap

tap = Tap()
joiner, program = sys.argv[1:3]
UNREACH, TIMEOUT, NOT_SUPPORTED, UNKNOWN_TYPE = -25, -24, -47, -16
HERE = 'here: release 4.2.2, codecs v41 v4 v3 v21 v20 v12 v51 v61, plain or described buffers'


def lines(trace):
    return [line for line in trace.splitlines() if 'release' in line]


def client(text, status, said, environment=None, **fake):
    """What PMIx_Init of a real rank returns, and the one line it says."""
    server = Fake(joiner, **fake)
    server.environment.update(MUSTER_TRACE='reasons', **(environment or {}))
    result = server.run()
    tap.ok(result['how'] == 0 and 'end' in result, '%s: MISFIT-1 the rank comes back' % text)
    got = result.get('init', 0)
    tap.ok(status(got), '%s: MISFIT-1 PMIx_Init fails with a status of its own (%d)' % (text, got))
    found = lines(server.trace)[:1]
    wanted = r'muster\[\d+\]: %s; %s' % (said, re.escape(HERE))
    if not tap.ok(found and re.fullmatch(wanted, found[0]), '%s: MISFIT-2 one line says how both speak' % text):
        print('#        got %r\n#   expected %r' % (server.trace, wanted))
    if got in (UNREACH, TIMEOUT):
        tap.same(len(lines(server.trace)), 1, '%s: MISFIT-2 and it is one line' % text)


def unreachable(status):
    return status == UNREACH


def unreadable(status):
    return status < 0 and status not in (UNREACH, TIMEOUT)


def in_codec(codec, target):
    """An answer in another codec than the one that was announced."""
    def lie(command, honest):
        if command != target:
            return honest
        return codec.pack(wire.STRING, 'fakens') + codec.pack(wire.KVAL, ('pmix.job.size', wire.UINT32, 2))
    return lie


def clients():
    uri = r'server fake\.0;tcp4://127\.0\.0\.1:\d+'
    client('a server of release 9 that refuses', unreachable,
           'cannot be reached, refused with status -47: %s, release 9.1.0, codec v61, plain buffers' % uri,
           variable='PMIX_SERVER_URI61', version='9.1.0rc1', greeting=struct.pack('>i', NOT_SUPPORTED))
    client('a server of release 3 that closes the connection', unreachable,
           'cannot be reached, .+: %s, release 3.2.5, codec v3, described buffers' % uri,
           codec=wire.Codec(False, True), variable='PMIX_SERVER_URI3', version='3.2.5a1', greeting=b'')
    client('a server that is silent', unreachable,
           'cannot be reached, .+: %s, release 4.2.2, codec v41, plain buffers' % uri,
           environment={'PMIX_MCA_ptl_tcp_handshake_wait_time': '1'}, extra=None)
    client('a server that says v41 and writes fixed integers', unreadable,
           'an answer cannot be read: %s, release 5.0.11, codec v41, plain buffers' % uri,
           version='5.0.11', lie=in_codec(wire.Codec(flex=False), wire.REQ))
    client('a server that says plain and writes described buffers', unreadable,
           'an answer cannot be read: %s, release 6.1.0, codec v41, plain buffers' % uri,
           version='6.1.0', lie=in_codec(wire.Codec(described=True), wire.REQ))
    client('a server that says described and writes plain buffers', unreadable,
           'an answer cannot be read: %s, release 4.2.2, codec v41, described buffers' % uri,
           codec=wire.Codec(described=True), lie=in_codec(wire.Codec(), wire.REQ))
    client('a server whose address is in a variable of a codec to come', unreachable,
           r'no address that is known here: server PMIX_SERVER_URI71=fake\.0;tcp4://127\.0\.0\.1:\d+, release 7.1.0, '
           'codec unknown, plain buffers', variable='PMIX_SERVER_URI71', version='7.1.0')


def later_call():
    server = Fake(joiner, version='5.0.11', lie=lambda command, honest: b'\x02\x00\x02\x01' if command == wire.GET
                  else honest)
    server.environment.update(MUSTER_TRACE='reasons')
    result = server.run()
    tap.ok(result.get('init') == 0 and result.get('get', 0) < 0,
           'an answer to a get that ends early: its status says so')
    tap.ok(any('an answer cannot be read' in line and line.endswith(HERE) for line in lines(server.trace)),
           'an answer to a get that ends early: MISFIT-2 one line says how both speak')


def server(text, said, refusal=None, **variant):
    with tempfile.TemporaryFile('w+') as trace:
        host = Server(program, '2', '0', environment={'MUSTER_TRACE': 'reasons'}, stderr=trace)
        try:
            peer = wire.Client(host.uri, timeout=10)
            status = peer.shake('testns', 0, **variant)
        except wire.Closed:
            status = None
        tap.same(status, refusal, '%s: MISFIT-3 it is refused' % text)
        tap.ok(host.serves(1, 'testns'), '%s: MISFIT-3 the server serves others' % text)
        host.stop()
        trace.seek(0)
        tap.same([re.sub(r'^muster\[\d+\]: ', '', line) for line in lines(trace.read())], [said + '; ' + HERE],
                 '%s: MISFIT-4 one line says how both speak' % text)


def servers():
    server('a client with a codec to come',
           'refused with status -47: testns:0, release 9.9.9, codec v99, plain buffers',
           version=b'9.9.9', codec_name=b'v99')
    server('an old client with a codec that never was',
           'refused with status -47: testns:0, release 3.2.5a1, codec v5, described buffers', refusal=NOT_SUPPORTED,
           version=b'3.2.5a1', codec_name=b'v5', buffer_type=2)
    server('a client with a third type of buffers', 'refused for buffers of type 3, which nobody has: testns:0, '
           'release 6.1.0, codec v61, plain buffers', refusal=UNKNOWN_TYPE, version=b'6.1.0',
           codec_name=b'v61', buffer_type=3)


def requests():
    """A client that says v41 and writes fixed integers."""
    with tempfile.TemporaryFile('w+') as trace:
        host = Server(program, '2', '0', environment={'MUSTER_TRACE': 'reasons'}, stderr=trace)
        peer = host.connect(0, version=b'4.2.2rc2')
        status = peer.ask(wire.Codec(flex=False).fence([('testns', wire.WILDCARD)])).status()
        tap.ok(status < 0, 'a request in another codec: MISFIT-3 it is answered with a status (%d)' % status)
        tap.ok(host.serves(1, 'testns'), 'a request in another codec: MISFIT-3 the server serves others')
        host.stop()
        trace.seek(0)
        tap.same([re.sub(r'^muster\[\d+\]: ', '', line) for line in lines(trace.read())],
                 ['a request cannot be read: testns:0, release 4.2.2rc2, codec v41, plain buffers; ' + HERE],
                 'a request in another codec: MISFIT-4 one line says how both speak')


for part in (clients, later_call, servers, requests):
    tap.section(part)
tap.done()
