"""A server that lies to a real rank: whatever it is told, the rank comes back with a status.
usage: fakeserver.py JOINER [PART...]"""
import random
import struct
import sys

import fake
import wire
from fake import truth
from rawtest import Tap

tap = Tap()
program = sys.argv[1]


class Fake(fake.Fake):
    def __init__(self, *words, **named):
        super().__init__(program, *words, **named)


def survives(result):
    return result['how'] == 0 and 'end' in result


def honest():
    good = {call: 0 for call in ('init', 'jobget', 'put', 'commit', 'fence', 'get', 'publish', 'lookup', 'unpublish',
                                 'finalize', 'end', 'how')}
    for text, server in (('v41', Fake()), ('v4', Fake(variable='PMIX_SERVER_URI4')),
                       ('v3', Fake(wire.Codec(flex=False), 'PMIX_SERVER_URI3', '3.2.5')),
                       ('v41 described', Fake(wire.Codec(described=True)))):
        result = server.run()
        result.pop('abort', None)
        tap.same(result, good, 'an honest server, %s: everything succeeds' % text)


def greetings():
    cases = {'nothing': b'', 'one byte': b'\0', 'three bytes': b'\0\0\0', 'a status alone': b'\0\0\0\0',
             'a refusal': struct.pack('>i', -12), 'a positive status': struct.pack('>iI', 7, 0),
             'a READY_FOR_HANDSHAKE out of place': struct.pack('>i', -14), 'rubbish': b'\xff' * 100}
    for text, greeting in cases.items():
        result = Fake(greeting=greeting).run()
        if tap.ok(survives(result), 'a handshake answered with %s: the rank comes back' % text):
            tap.ok(result.get('init', 0) < 0, 'a handshake answered with %s: PMIx_Init fails' % text)


def lying_at(target, answer):
    return lambda command, honest: answer if command == target else honest


CALLS = {wire.REQ: 'init', wire.COMMIT: 'commit', wire.FENCE: 'fence', wire.GET: 'get', wire.PUBLISH: 'publish',
         wire.LOOKUP: 'lookup', wire.UNPUBLISH: 'unpublish', wire.ABORT: 'abort', wire.FINALIZE: 'finalize'}


def lies_about(codec):
    """Bodies no client may believe: the status is there or not, what follows is broken."""
    good = codec.pack(wire.STATUS, 0)
    yield 'an empty body', b''
    yield 'one byte', b'\xff'
    yield 'rubbish', b'\xff' * 60
    yield 'a status with a count of two', codec.signed(2) + codec.signed(0)
    yield 'a negative count', codec.signed(-5) + b'\0'
    yield 'an error status', codec.pack(wire.STATUS, -23)
    yield 'a status nobody knows', codec.pack(wire.STATUS, -99999)
    yield 'success and rubbish', good + b'\xff' * 60
    yield 'success and an object of 2^60 bytes', good + codec.signed(1) + codec.size(1 << 60) + b'abc'
    yield 'success and a size of 2^60', good + codec.pack(wire.SIZE, 1 << 60)
    yield 'success and a string of 2 GB', good + codec.signed(1) + codec.signed((1 << 31) - 1) + b'abc'


def lies():
    codec = wire.Codec()
    for command, call in CALLS.items():
        for text, body in lies_about(codec):
            result = Fake(lie=lying_at(command, body)).run()
            tap.ok(survives(result), '%s answered with %s: the rank comes back' % (call, text))
            if command in (wire.REQ, wire.FENCE, wire.GET) and 'success' not in text:
                tap.ok(result.get(call, 0) < 0, '%s answered with %s: it fails' % (call, text))


def endings():
    for command, call in CALLS.items():
        result = Fake(lie=lying_at(command, None)).run()
        tap.ok(survives(result), 'the server is gone at %s: the rank comes back' % call)
        if call not in ('commit', 'finalize', 'abort'):  # a commit need not wait for its reply
            tap.ok(result.get(call, 0) < 0, 'the server is gone at %s: the call fails' % call)
        for text, count in (('4 GB', 0xFFFFFFFF), ('2 GB', 0x7FFFFFFF), ('100 bytes', 100)):
            frames = [lambda tag, count=count: wire.frame(tag, b'abc', count=count)]
            server = Fake(lie=lying_at(command, frames))
            tap.ok(survives(run_and_close(server, command)),
                   'a reply to %s that promises %s and ends: the rank comes back' % (call, text))


def run_and_close(server, command):
    """Lets the server close the connection right after its lie about one command."""
    original = server.reply

    def reply(tag, body):
        original(tag, body)
        if server.commands[-1] == command:
            raise wire.Closed()
    server.reply = reply
    return server.run()


def odd_frames():
    codec = wire.Codec()
    event = codec.command(wire.NOTIFY) + codec.pack(wire.STATUS, -1101) + codec.pack(wire.PROC, ('fakens', 1)) \
        + codec.array(wire.INFO, [('k', wire.STRING, 'v')])
    events = [event[:count] for count in range(len(event))] + [event, event + codec.pack(wire.RANGE, 3), b'\xff' * 50]
    cases = {
        'frames under tags nobody asked with': [wire.frame(tag, b'\x02\x00')
                                                for tag in (1, 2, 50, 100, 4000, 0xFFFFFFFF)],
        'empty frames': [wire.frame(tag, b'') for tag in (0, 1, 2, 3)],
        'events, whole and broken': [wire.frame(0, body) for body in events],
        'output, whole and broken': [wire.frame(2, body) for body in events],
    }
    for text, frames in cases.items():
        result = Fake(extra=b''.join(frames)).run()
        tap.ok(survives(result), '%s right after the handshake: the rank comes back' % text)
        result = Fake(lie=lambda c, honest, frames=frames: frames + [lambda tag, h=honest: wire.frame(tag, h)]
                      if c == wire.FENCE else honest).run()
        tap.ok(survives(result), '%s before a reply: the rank comes back' % text)
    twice = Fake(lie=lambda c, honest: [lambda tag, h=honest: wire.frame(tag, h) * 2] if c == wire.FENCE else honest)
    tap.ok(survives(twice.run()), 'a reply that comes twice: the rank comes back')
    slow = Fake(lie=lambda c, honest: [lambda tag, i=i, h=honest: wire.frame(tag, h)[i:i + 1]
                                       for i in range(len(honest) + 16)] if honest and c == wire.GET else honest)
    result = slow.run()
    tap.same(result.get('get'), 0, 'a reply byte by byte is one reply')


def job_data():
    codec = wire.Codec()
    whole = truth(codec, wire.REQ, None)
    bad = sum(not survives(Fake(lie=lying_at(wire.REQ, whole[:count])).run()) for count in range(0, len(whole), 2))
    tap.same(bad, 0, 'job data cut off anywhere: the rank comes back')
    name = codec.pack(wire.STRING, 'fakens')
    deep = codec.tag(2) + codec.size(0)
    for _ in range(20000):
        deep = codec.tag(wire.DATA_ARRAY) + codec.size(1) + deep
    cases = {
        'of another nspace': codec.pack(wire.STRING, 'otherns') + whole[len(name):],
        'of no nspace': codec.pack(wire.STRING, None) + whole[len(name):],
        'with an array nested 20000 deep': name + codec.signed(1) + codec.string('k') + codec.tag(wire.DATA_ARRAY)
        + deep,
        'with an array of 2^40 elements': name + codec.signed(1) + codec.string('k') + codec.tag(wire.DATA_ARRAY)
        + codec.tag(wire.INFO) + codec.size(1 << 40),
        'with a blob of rubbish': name + codec.pack(wire.KVAL, ('pmix.pblob', wire.BYTE_OBJECT, b'\xff' * 40)),
        'with an empty blob': name + codec.pack(wire.KVAL, ('pmix.pblob', wire.BYTE_OBJECT, b'')),
        'with a key of 70000 bytes': name + codec.pack(wire.KVAL, ('k' * 70000, wire.STRING, 'v')),
        'with a NULL key': name + codec.signed(1) + codec.string(None) + codec.typed(wire.STRING, 'v'),
        'with a key without NUL': name + codec.signed(1) + codec.signed(3) + b'abc' + codec.typed(wire.STRING, 'v'),
        'with an unknown type': name + codec.signed(1) + codec.string('k') + codec.tag(499) + b'\0' * 8,
    }
    for text, body in cases.items():
        tap.ok(survives(Fake(lie=lying_at(wire.REQ, body)).run()), 'job data %s: the rank comes back' % text)


def fuzz():
    dice = random.Random(20261122)
    codec = wire.Codec()
    for command, call in ((wire.REQ, 'init'), (wire.GET, 'get'), (wire.LOOKUP, 'lookup')):
        whole, bad = truth(codec, command, None), 0
        for _ in range(50):
            data = bytearray(whole)
            for _ in range(dice.randint(1, 4)):
                at = dice.randrange(len(data))
                some = bytes(dice.choice((0, 1, 0x7F, 0x80, 0xFF)) for _ in range(dice.randint(0, 3)))
                data[at:at + dice.randint(0, 2)] = some
                data = data or bytearray(b'\0')
            bad += not survives(Fake(lie=lying_at(command, bytes(data))).run())
        tap.same(bad, 0, 'fifty mutated replies to %s: the rank comes back' % call)


def main():
    parts = {one.__name__: one for one in (honest, greetings, lies, endings, odd_frames, job_data, fuzz)}
    for name in sys.argv[2:] or parts:
        tap.section(parts[name])
    tap.done()


main()
