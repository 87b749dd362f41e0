"""Asks a broker everything that a program may ask one, and prints what it says: the same lines from every broker.

    services.py            of the broker at FLUX_URI
"""
import base64
import json
import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from wire import Client, Message, EVENT, NORESPONSE, PRIVATE, STREAMING, UPSTREAM  # noqa: E402

WORDED = ('kvs-watch.lookup',)
EMPTY = 'sha1-c0a9faf907dda6216fd73bf81d0b3b21a1a8cb91'


def val(text):
    return {'ver': 1, 'type': 'val', 'data': base64.b64encode(text.encode()).decode()}


def link(target, **more):
    return {'ver': 1, 'type': 'symlink', 'data': dict(target=target, **more)}


def keys_of(reply):
    return sorted(reply)


def say(topic, body, message, only=None):
    if message.word1:
        # Texts of a broker's own wording are not compared.
        said = 'errno %d' % message.word1 + (': ' + message.text if message.text and topic not in WORDED else '')
    elif message.payload is None:
        said = '(no payload)'
    else:
        said = json.dumps(only(message.json) if only else message.json, sort_keys=True)
    print('%s %s -> %s' % (topic, '-' if body is None else json.dumps(body, sort_keys=True), said))


client = Client()


def ask(topic, body=None, flags=0, only=None, **more):
    say(topic, body, client.rpc(topic, body, flags, **more), only)


def attributes():
    for name in ('rank', 'size', 'instance-level', 'content.hash', 'log-critical-level', 'log-stderr-level',
                 'parent-uri'):
        ask('attr.get', {'name': name})
    ask('attr.get', {})
    ask('attr.get', {'name': 1})
    ask('attr.get')
    ask('attr.get', raw=b'no json\0')
    ask('attr.get', raw=b'{"name":"rank"}')
    ask('attr.set', {'name': 'log-stderr-level', 'value': '2'})
    ask('attr.get', {'name': 'log-stderr-level'})
    ask('attr.set', {'name': 'log-critical-level', 'value': '3'})
    ask('attr.set', {'name': 'size', 'value': '2'})
    ask('attr.set', {'name': 'zz', 'value': '2'})
    ask('attr.set', {'name': 'zz'})
    ask('attr.rm', {'name': 'size'})
    ask('attr.rm', {'name': 'zz'})
    needed = {'rank', 'size', 'hostlist', 'instance-level', 'security.owner', 'local-uri', 'rundir', 'version',
              'content.hash', 'broker.starttime', 'broker.pid'}
    ask('attr.list', only=lambda reply: sorted(needed - set(reply['names'])))
    ask('attr.nosuch', {})


def broker():
    ask('broker.ping', {'seq': 1, 'pad': 'x'}, only=lambda r: dict(r, route=bool(re.match('[0-9a-f]{8}', r['route']))))
    ask('broker.ping')
    ask('kvs.ping', {}, only=lambda r: (r['userid'] == os.getuid(), r['rolemask'], r['rank']))
    ask('attr.ping', {})
    ask('broker.stats-get', only=lambda r: {side: keys_of(r[side]) for side in r})
    ask('kvs.stats-get', only=lambda r: [name for name in ('cache', 'namespace') if name in r])
    ask('broker.rusage', only=keys_of)
    ask('broker.rusage', {'who': 'children'}, only=len)
    ask('broker.rusage', {'who': 'nobody'})
    ask('log.stats-get', only=keys_of)
    ask('broker.getenv', {'names': ['NOPE_NOPE']})
    ask('broker.getenv', {})
    ask('broker.conf-builtin', {'keys': ['zork']})
    ask('config.get')
    ask('state-machine.get', only=lambda r: (r['state'], type(r['duration']).__name__))
    ask('groups.get', {'name': 'broker.online'})
    ask('groups.get', {'name': 'zork'})
    ask('overlay.health', {}, only=lambda r: (r['rank'], r['status'], r['children']))
    ask('module.list', only=lambda r: keys_of(r['mods'][0]))
    ask('nosuch.method', {})
    ask('nosuch', {})
    ask('broker.nosuch', {})
    ask('attr.get', {'name': 'rank'}, nodeid=0)
    ask('attr.get', {'name': 'rank'}, nodeid=7)
    ask('attr.get', {'name': 'rank'}, flags=UPSTREAM, nodeid=0)


def events():
    for topic, body in (('subscribe', {'topic': 'a'}), ('subscribe', {'topic': 'a'}), ('unsubscribe', {'topic': 'a'}),
                        ('unsubscribe', {'topic': 'a'}), ('unsubscribe', {'topic': 'a'}), ('subscribe', {})):
        ask('event.' + topic, body)
    first = client.rpc('event.publish', {'topic': 'x.y', 'flags': 0}).json['seq']
    ask('event.publish', {'topic': 'x.y', 'flags': 32}, only=lambda r: r['seq'] - first)
    ask('event.publish', {'topic': 'x.y', 'flags': 1})
    ask('event.publish', {'topic': 'x.y', 'flags': 0, 'payload': '!!'})
    ask('event.publish', {'topic': 'x.y'})
    ask('event.subscribe', {'topic': 'probe.'})
    tag = client.request('event.publish', {'topic': 'probe.a', 'flags': 0, 'payload': 'eyJhIjoxfQA='})
    event, reply = client.receive(), client.receive()
    print('published to oneself ->', event.kind, event.topic, event.payload, event.word1 - reply.json['seq'],
          reply.word2 == tag)
    client.send(Message(EVENT, 'probe.raw', b'text\0'))
    event = client.receive()
    print('published raw ->', event.topic, event.payload, event.userid == os.getuid(), event.roles)
    client.send(Message(EVENT, 'other', b'text\0'))
    client.send(Message(EVENT, 'probe.private', None, PRIVATE))
    event = client.receive()
    print('private ->', event.topic, bool(event.flags & PRIVATE), event.payload)
    ask('event.unsubscribe', {'topic': 'probe.'})


def services():
    for method, name in (('add', 'mine'), ('add', 'mine'), ('add', 'kvs'), ('add', 'a.b'), ('remove', 'mine'),
                         ('remove', 'mine'), ('remove', 'kvs')):
        ask('service.' + method, {'service': name})
    ask('service.add', {})
    server = Client()
    server.rpc('service.add', {'service': 'probesvc'})
    tag = client.request('probesvc.echo', {'a': 1})
    asked = server.receive()
    print('asked ->', asked.topic, asked.json, asked.userid == os.getuid(), asked.roles, len(asked.routes) > 0,
          asked.word2 == tag)
    reply = Message(2, asked.topic, b'{"b":2}\0', 0, word2=asked.word2, routes=asked.routes)
    server.send(reply)
    answer = client.answer(tag)
    print('answered ->', answer.topic, answer.json, len(answer.routes), answer.word1, answer.roles & 1)
    tag = client.request('probesvc.stream', {}, STREAMING)
    asked = server.receive()
    for errnum, payload in ((0, b'1\0'), (0, b'2\0'), (61, None)):
        server.send(Message(2, asked.topic, payload, asked.flags & STREAMING, word1=errnum, word2=tag,
                            routes=asked.routes))
    answers = [client.answer(tag) for _ in range(3)]
    print('streamed ->', [(m.word1, m.payload, bool(m.flags & STREAMING)) for m in answers])
    client.request('probesvc.quiet', {}, NORESPONSE)
    asked = server.receive()
    print('no response ->', asked.topic, bool(asked.flags & NORESPONSE), asked.word2)
    # Who has used a service and goes is announced there.
    guest = Client()
    tag = guest.request('probesvc.deep.method', {})
    server.receive()
    guest.close()
    gone = server.receive()
    print('gone ->', gone.topic, gone.payload, bool(gone.flags & NORESPONSE), gone.word2 == tag)
    server.close()


def logs():
    def lines():
        tag, found = client.request('log.dmesg', {'follow': False}, STREAMING), []
        while True:
            message = client.answer(tag)
            if message.word1:
                return found, message.word1
            found.append(message.text)
    ask('log.clear')
    ask('log.append', raw=b'<48>1 2026-01-01T00:00:00.000000Z 0 probe 1 - - hello')
    client.request('log.append', flags=NORESPONSE, raw=b'<56>1 2026-01-01T00:00:00.000000Z 0 probe 1 - - quiet')
    found, ended = lines()
    print('dmesg ->', [line for line in found if ' probe ' in line], ended)
    ask('log.dmesg', {'follow': False})
    ask('log.clear')


def commit(*operations, **more):
    body = {'namespace': 'primary', 'flags': 0, 'ops': [
        {'key': key, 'flags': flags, 'dirent': dirent} for key, flags, dirent in operations]}
    body.update(more)
    return body


def kvs():
    ask('kvs.namespace-create', {'namespace': 'probe', 'rootref': EMPTY, 'owner': os.getuid(), 'flags': 0})
    at = {'namespace': 'probe'}
    ask('kvs.getroot', {'namespace': 'probe', 'flags': 0})
    ask('kvs.commit', commit(('a.b.c', 0, val('42')), **at))
    ask('kvs.commit', commit(('a.l', 0, link('a.b.c')), **at))
    ask('kvs.commit', commit(('e', 0, {'ver': 1, 'type': 'dir', 'data': {}}), **at))
    ask('kvs.commit', commit(('ap', 32, val('x')), ('ap', 32, val('y')), **at))
    ask('kvs.commit', commit(**at))
    ask('kvs.commit', {})
    ask('kvs.commit', commit(('a', 0, {'bad': 1}), **at))
    ask('kvs.commit', commit(('.', 0, val('x')), **at))
    ask('kvs.commit', commit(('a.b', 32, val('x')), **at))
    ask('kvs.commit', commit(('a.l', 32, val('x')), **at))
    ask('kvs.commit', commit(('x', 0, val('x')), namespace='nons'))
    ask('kvs.commit', commit(('big', 0, val('0123456789' * 10)), ('..dots..in.', 0, val('d')), **at))
    for key, flags in (('a.b.c', 0), ('ap', 0), ('ap', 16), ('a.l', 0), ('a.l', 2), ('a.l', 16), ('a.b.c', 2),
                       ('nope', 0), ('a.b', 0), ('a.b.c', 1), ('a', 1), ('a', 16), ('.', 16), ('.', 1), ('.', 0),
                       ('a.b.c.d', 0), ('', 0), ('big', 0), ('big', 16), ('dots.in', 0), ('a..b.c', 0), ('e', 1)):
        ask('kvs.lookup', {'key': key, 'namespace': 'probe', 'flags': flags})
    root = client.rpc('kvs.getroot', {'namespace': 'probe', 'flags': 0}).json['rootref']
    before = {'ver': 1, 'type': 'dirref', 'data': [root]}
    ask('kvs.commit', commit(('a', 0, None), ('nope.nope', 0, None), **at))
    ask('kvs.lookup', {'key': 'a.b.c', 'namespace': 'probe', 'flags': 0})
    ask('kvs.lookup', {'key': 'a.b.c', 'rootdir': before, 'flags': 0})
    ask('kvs.lookup', {'key': 'a.b.c', 'rootdir': val('x'), 'flags': 0})
    ask('kvs.commit', commit(('loop', 0, link('loop')), ('over', 0, link('e.under')), **at))
    ask('kvs.lookup', {'key': 'loop', 'namespace': 'probe', 'flags': 0})
    ask('kvs.lookup', {'key': 'over.x', 'namespace': 'probe', 'flags': 0})
    ask('kvs.commit', commit(('over.x', 0, val('through')), **at))
    ask('kvs.lookup', {'key': 'e.under.x', 'namespace': 'probe', 'flags': 0})
    ask('kvs.commit', commit(('ap.sub', 0, val('v')), **at))
    ask('kvs.lookup', {'key': 'ap', 'namespace': 'probe', 'flags': 1})
    ask('kvs.commit', commit(('ns', 0, link('v', namespace='probe')), ('v', 0, val('here')), **at))
    ask('kvs.lookup', {'key': 'ns', 'namespace': 'probe', 'flags': 0})
    ask('kvs.lookup', {'key': 'a', 'namespace': 'nons', 'flags': 0})
    ask('kvs.lookup', {'key': 'a', 'flags': 0})
    ask('kvs.lookup', {})
    ask('kvs.getroot', {'namespace': 'nons', 'flags': 0})
    ask('kvs.wait-version', {'rootseq': 1, 'namespace': 'probe'})
    ask('kvs.wait-version', {'rootseq': 1, 'namespace': 'nons'})
    sequence = client.rpc('kvs.getroot', {'namespace': 'probe', 'flags': 0}).json['rootseq']
    tag = client.request('kvs.wait-version', {'rootseq': sequence + 1, 'namespace': 'probe'})
    client.request('kvs.commit', commit(('w', 0, val('1')), **at))
    print('waited ->', client.answer(tag).json['rootseq'] - sequence)
    ask('kvs.namespace-create', {'namespace': 'probe', 'rootref': EMPTY, 'owner': 0, 'flags': 0})
    ask('kvs.namespace-list', only=lambda r: sorted(n['namespace'] for n in r['namespaces'] if n['namespace'] != 'job'))


def watching():
    def follow(key, flags, steps, count):
        watcher = Client()
        tag = watcher.request('kvs-watch.lookup', {'key': key, 'namespace': 'probe', 'flags': flags}, STREAMING)
        said = []

        def hear():
            message = watcher.answer(tag)
            if message.word1:
                said.append(message.word1)
                return False
            value = message.json
            said.append(base64.b64decode(value['val']['data']).decode() if value and value['val']['type'] == 'val'
                        else 'nothing' if value is None else value['val']['type'])
            return True
        if steps and steps[0] != 'late':
            hear()
        for operation in steps:
            if operation != 'late':
                client.rpc('kvs.commit', commit(operation, namespace='probe'))
        while len(said) < count and hear():
            pass
        print('watch %s %d -> %s' % (key, flags, said))
        watcher.request('kvs-watch.cancel', {'matchtag': tag}, NORESPONSE)
        if not isinstance(said[-1], int):
            hear()
            print('cancelled ->', said[-1])
        watcher.close()
    client.rpc('kvs.commit', commit(('k', 0, val('1')), ('d.x', 0, val('1')), namespace='probe'))
    follow('k', 4, [('k', 0, val('2')), ('other', 0, val('x')), ('k', 0, val('2')), ('k', 0, val('3'))], 4)
    follow('k', 4 | 128, [('k', 0, val('3')), ('k', 0, val('4'))], 2)
    follow('k', 4 | 64, [('other', 0, val('y')), ('k', 0, val('5'))], 2)
    follow('d', 4 | 64 | 1, [('d.y', 0, val('2'))], 2)
    follow('k', 4, [('k', 0, None)], 2)
    follow('new', 4 | 8, ['late', ('new', 0, val('born')), ('new', 0, val('grown'))], 2)
    follow('k', 4, ['late'], 1)
    follow('app', 4 | 8 | 256, ['late', ('app', 32, val('a')), ('app', 32, val('b')), ('app', 32, val('c'))], 3)
    follow('app', 4 | 256, [('app', 32, val('d'))], 4)
    follow('app', 4 | 256, [('app', 0, val('over'))], 5)
    follow('app', 512, ['late'], 2)
    follow('d', 4 | 256, ['late'], 1)
    follow('later', 4 | 8 | 256 | 1024, [('later', 32, val('1'))], 2)
    follow('later', 4 | 256 | 1024, [('later', 32, val('2')), ('later', 32, val('3'))], 4)
    follow('later', 512 | 1024, ['late'], 2)
    follow('d.x', 4 | 1024, ['late'], 1)
    ask('kvs-watch.lookup', {'key': 'd.x', 'namespace': 'probe', 'flags': 4})
    ask('kvs-watch.lookup', {'key': 'd.x', 'namespace': 'probe', 'flags': 8})
    ask('kvs-watch.lookup', {'key': 'd.x', 'namespace': 'nons', 'flags': 4}, flags=STREAMING)
    tag = client.request('kvs-watch.lookup', {'key': 'd.x', 'namespace': 'probe', 'flags': 4}, STREAMING)
    client.answer(tag)
    client.request('kvs.namespace-remove', {'namespace': 'probe'})
    print('removed ->', client.answer(tag).word1)
    ask('kvs.lookup', {'key': 'd.x', 'namespace': 'probe', 'flags': 0})


for part in (attributes, broker, events, services, logs, kvs, watching):
    print('==', part.__name__)
    sys.stdout.flush()
    part()
