"""Requirements that only show on the wire: a raw rank against the server. usage: raw.py SERVE"""
import struct
import sys

import wire
from rawtest import PATIENCE, Server, Tap

tap = Tap()
program = sys.argv[1]
codec = wire.Codec()
ALL = [('testns', wire.WILDCARD)]


def job_data(client):
    """The KVALs of a REQ reply as a list of pairs."""
    reply = client.ask(client.codec.command(wire.REQ))
    name, pairs = reply.unpack(wire.STRING), []
    while reply.left():
        pairs.append(reply.unpack(wire.KVAL))
    return name, pairs


def describe_connection(server):
    client = server.connect(0, version=b'4.2.9')
    name, pairs = job_data(client)
    keys = [key for key, _ in pairs]
    tap.same(name, 'testns', 'REQ answers with the nspace')
    tap.same(dict(pairs).get('pmix.job.size'), 4, 'REQ gives the job size')
    tap.same(dict(pairs).get('pmix.bfrops.mod'), '4.2.9', "CONN-6 pmix.bfrops.mod is the first client's version")
    tap.same(keys.count('pmix.pblob'), 4, 'REQ gives one blob per rank')
    other = server.connect(1, version=b'4.2.2rc2')
    _, pairs = job_data(other)
    tap.same(dict(pairs).get('pmix.bfrops.mod'), '4.2.9', 'CONN-6 it is stored once per nspace')
    twin = server.connect(0)
    tap.ok(twin.index != client.index, 'CONN-3 a second connection of a rank has an index of its own')
    tap.same(job_data(twin)[0], 'testns', 'CONN-3 and is served')


def describe_replies(client):
    tap.same(client.ask(codec.command(wire.COMMIT)).status(), 0, 'COMMIT-4 a commit without a scope')
    tap.same(client.ask(codec.fence([])).status(), -27, 'FENCE-1 no procs')
    truncated = codec.command(wire.FENCE) + codec.pack(wire.SIZE, 1)
    tap.same(client.ask(truncated).status(), -50, 'FENCE-11 a truncated request')
    tap.same(client.ask(codec.command(77)).status(), -47, 'an unknown command')
    tap.same(client.ask(codec.publish([])).status(), 0, 'PUB-3 S10 publishing nothing is legal')
    tap.same(client.ask(codec.keyed(wire.UNPUBLISH, [])).status(), 0, 'UNPUB-1 no keys')
    reply = client.ask(codec.get('testns', wire.WILDCARD, 'no.such.key'))
    tap.same((reply.status(), reply.left()), (0, 0), 'GET-2 a missing job key: success without payload')
    reply = client.ask(codec.get('testns', wire.WILDCARD, 'pmix.job.size'))
    tap.same(reply.status(), 0, 'GET-2 a job key')
    inner = wire.Reader(reply.unpack(wire.BYTE_OBJECT), codec)
    tap.same((inner.unpack(wire.PROC), inner.unpack(wire.KVAL)), (ALL[0], ('pmix.job.size', 4)),
             'GET-2 comes as one object of proc and key')
    immediate = [('pmix.immediate', wire.BOOL, 1)]
    tap.same(client.ask(codec.get('nowhere', 0, 'k', immediate)).status(), -46, 'GET-1 immediate, unknown nspace')
    tap.same(client.ask(codec.get('testns', 3, 'k', immediate)).status(), -46, 'GET-12 immediate, remote, absent')
    tag = client.post(codec.command(14))
    tap.same(client.ask(codec.command(wire.COMMIT)).status(), 0, 'DEREGEVENTS without a code is taken')
    tap.ok(all(late[0] != tag for late in client.late), 'DEREGEVENTS is never answered')
    client.send(wire.frame(1, b''))
    tap.same(client.ask(codec.command(wire.COMMIT)).status(), 0, 'a heartbeat without a monitor does no harm')
    client.late.clear()


def describe_order(client):
    first, second = codec.command(wire.COMMIT), codec.command(77)
    client.tag += 2
    client.send(wire.frame(client.tag - 1, first) + wire.frame(client.tag, second))
    tap.same((client.answer(client.tag - 1).status(), client.answer(client.tag).status()), (0, -47),
             'two requests in one write are two requests')
    body = wire.frame(client.tag + 1, codec.command(77))
    client.tag += 1
    for byte in body:
        client.send(bytes([byte]))
    tap.same(client.answer(client.tag).status(), -47, 'a request byte by byte is one request')


def describe_other_nspace(server):
    client = server.connect(0)
    tap.same(server.ask('register otherns 1'), '0', 'another job is registered')
    owner = server.connect(0, 'otherns')
    owner.ask(codec.commit([(1, [('k', wire.STRING, 'v')]), (2, [('k', wire.STRING, 'v')])]))
    reply = client.ask(codec.get('otherns', 0, 'k'))
    tap.same(reply.status(), 0, "GET-8 a key of another job's rank")
    ranks, keys = [], []
    while reply.left():
        inner = wire.Reader(reply.unpack(wire.BYTE_OBJECT), codec)
        ranks.append(inner.unpack(wire.PROC))
        while inner.left():
            keys.append(inner.unpack(wire.KVAL)[0])
    tap.ok(('otherns', wire.WILDCARD) in ranks[:1] and ('otherns', 0) in ranks, "GET-8 that job's data come first")
    tap.ok('pmix.job.size' in keys and 'k' in keys, 'GET-8 with its size, and the key')
    owner.close()


def describe_whole_rank(server):
    client, owner = server.connect(0), server.connect(1)
    owner.ask(codec.commit([(1, [('a', wire.STRING, '1'), ('b', wire.STRING, '2')])]))
    reply = client.ask(codec.get('testns', 1, 'a'))
    reply.status()
    inner, keys = wire.Reader(reply.unpack(wire.BYTE_OBJECT), codec), []
    inner.unpack(wire.PROC)
    while inner.left():
        keys.append(inner.unpack(wire.KVAL)[0])
    tap.same(sorted(keys), ['a', 'b'], 'one get brings all keys of a rank')
    owner.close()


def describe_cached_event(server):
    tap.ok(server.ask('notify -1101 2') in ('0', '-157'), 'the host notifies while nobody is there')
    client = server.connect(2)
    tag = client.post(codec.command(wire.COMMIT))
    client.answer(tag)
    codes = []
    for kept, body in client.late:
        reader = wire.Reader(body, codec)
        if kept == 0 and reader.unpack(wire.COMMAND) == wire.NOTIFY:
            codes.append(reader.status())
    tap.same(codes, [-1101], 'CONN-5 a cached event is delivered right after the connect')


def hear(client, code):
    """Reads until the event comes; False if the connection is silent."""
    try:
        while True:
            tag, body = client.late.pop(0) if client.late else client.receive()
            reader = wire.Reader(body, codec)
            if tag == 0 and reader.unpack(wire.COMMAND) == wire.NOTIFY and reader.status() == code:
                return True
    except (wire.Closed, OSError):
        return False


def describe_registrations(server):
    leaving, staying, asking = server.connect(0), server.connect(1), server.connect(2)
    for client in (leaving, staying):
        tap.same(client.ask(codec.register([-1201])).status(), 0, 'EVENT-1 registers for an event')
    tap.same(asking.ask(codec.register([])).status(), 0, 'S20 registers for every event')
    tap.same(leaving.ask(codec.command(wire.FINALIZE)).status(), 0, 'FINAL-1 one of them finalizes')
    server.ask('notify -1201 2')
    tap.ok(hear(staying, -1201), 'EVENT-1 the other hears of the event')
    tap.ok(hear(asking, -1201), 'S20 so does a rank with only a default registration')
    tap.ok(leaving.silent(), 'FINAL-1 the one that finalized does not')
    tap.same(staying.ask(codec.notify(-1201, 3)).status(), 0, 'EVENT-1 a rank notifies')
    tap.ok(hear(asking, -1201), 'EVENT-1 others hear of it')
    tap.ok(staying.silent(), 'EVENT-1 the source does not')
    marked = codec.notify(-1201, 3, [('pmix.srvr.internal.notify', wire.BOOL, 1)])
    tap.same(staying.ask(marked).status(), 0, 'EVENT-1 an event that has been through a server is dropped')
    tap.ok(asking.silent(), 'EVENT-1 and nobody hears of it')
    for client in (leaving, staying, asking):
        client.close()


def describe_finalize(server):
    for manner, status, expected in (('later', 0, 0), ('later', -23, -23), ('refused', -23, -23), ('done', 0, 0)):
        server.ask('answer finalized %s %d' % (manner, status))
        client = server.connect(1)
        tap.same(client.ask(codec.command(wire.FINALIZE)).status(), expected,
                 'FINAL-2 the reply has the status of a host that answers %s %d' % (manner, status))
        client.close()
    server.ask('answer finalized later 0')


def describe_empty():
    server = Server(program, '2', '1', 'empty')
    client = server.connect(0)
    tap.same(client.ask(codec.abort(3, 'text')).status(), -47, 'ABORT-1 no abort in the host')
    tap.same(client.ask(codec.abort(3, None)).status(), -47, 'ABORT-2 nor without a message')
    tap.same(client.ask(codec.publish([('k', wire.STRING, 'v')])).status(), -47, 'PUB-1 no publish in the host')
    tap.same(client.ask(codec.keyed(wire.LOOKUP, ['k'])).status(), -47, 'PUB-1 no lookup in the host')
    tap.same(client.ask(codec.keyed(wire.UNPUBLISH, ['k'])).status(), -47, 'PUB-1 no unpublish in the host')
    tap.same(client.ask(codec.get('testns', 2, 'k')).status(), -46, 'GET-9 no direct_modex in the host')
    other = server.connect(1)
    tags = [one.post(codec.fence(ALL)) for one in (client, other)]
    statuses = [one.answer(tag).status() for one, tag in zip((client, other), tags)]
    tap.same(statuses, [-47, -47], 'FENCE-8 S1 no fence in the host: both callers are told')
    tap.same(client.ask(codec.command(wire.FINALIZE)).status(), 0, 'FINAL-2 no client_finalized in the host')
    tap.same(server.stop(), 0, 'the server ends well')


def describe_described():
    server = Server(program, '2', '0', environment={'PMIX_MCA_bfrops_base_default_type': '2'})
    described = wire.Codec(described=True)
    client = server.connect(0, codec=described, buffer_type=2)
    name, pairs = job_data(client)
    tap.same((name, dict(pairs).get('pmix.job.size')), ('testns', 2), 'a described session: job data')
    tap.same(client.ask(described.commit([(2, [('k', wire.STRING, 'v')])])).status(), 0, 'a described commit')
    tap.same(client.ask(described.fence([('testns', 0)])).status(), 0, 'a described fence')
    tap.same(client.ask(described.command(wire.FINALIZE)).status(), 0, 'a described finalize')
    server.stop()


def describe_codecs():
    for name, flex in ((b'v21', False), (b'v3', False), (b'v4', True), (b'v41', True), (b'v51', True),
                       (b'v61', True)):
        server = Server(program, '2', '0')
        text = name.decode()
        try:
            client = connect_as(server, name, flex)
            named, pairs = job_data(client)
            fine = named == 'testns' and dict(pairs).get('pmix.job.size') == 2
            tap.ok(fine, 'codec %s: job data' % text)
            tap.same(client.ask(client.codec.fence([('testns', 0)])).status(), 0, 'codec %s: a fence' % text)
            tap.same(client.ask(client.codec.command(wire.FINALIZE)).status(), 0, 'codec %s: finalize' % text)
        except (wire.Closed, wire.Short, OSError):
            tap.ok(False, 'codec %s: is served' % text)
        server.stop()


def connect_as(server, name, flex):
    client = wire.Client(server.uri, wire.Codec(flex), timeout=PATIENCE)
    if client.shake('testns', 0, codec=name, version=b'3.2.5' if not flex else b'4.2.2') != 0:
        raise wire.Closed()
    return client


def with_server(describe, *words):
    server = Server(program, *words)
    tap.section(describe, server)
    tap.same(server.stop(), 0, 'the server of %s ends well' % describe.__name__)


def describe_one_rank(server):
    client = server.connect(0)
    describe_replies(client)
    describe_order(client)
    client.close()


def main():
    for describe in (describe_connection, describe_one_rank, describe_other_nspace, describe_whole_rank):
        with_server(describe, '3', '1')
    for describe in (describe_cached_event, describe_registrations, describe_finalize):
        with_server(describe, '3', '0')
    for describe in (describe_empty, describe_described, describe_codecs):
        tap.section(describe)
    tap.done()


main()
