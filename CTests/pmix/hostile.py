"""Hostile bytes at a server: after each kind it still serves a good rank. usage: hostile.py SERVE [PART...]"""
import random
import socket
import struct
import sys

import requests_of
import wire
from rawtest import PATIENCE, Server, Tap

tap = Tap()
program = sys.argv[1]
GOOD = 'goodns'  # a job of its own whose rank only ever behaves: a server may keep one codec per job


class Target:
    """The server under attack; one that has died is replaced, so that one crash costs one check."""

    def __init__(self, *words, environment=None):
        self.words, self.environment = words, environment
        self.start()

    def start(self):
        self.server = Server(program, *self.words, environment=self.environment)
        self.server.ask('register %s 1' % GOOD)

    def check(self, text, rank=0, nspace=GOOD, unanswered=0):
        if not tap.ok(self.server.serves(rank, nspace) and unanswered == 0, text):
            self.server.stop()
            self.start()

    def open(self):
        return socket.create_connection(wire.address(self.server.uri), timeout=PATIENCE)

    def throw(self, data, listen=True):
        """Sends bytes on a connection of their own; what comes back, None if nothing did in time."""
        try:
            with self.open() as one:
                one.sendall(data)
                if not listen:
                    return None
                one.settimeout(PATIENCE)
                return one.recv(8)
        except OSError:
            return b''

    def end(self, text):
        tap.same(self.server.stop(), 0, text)


def post_all(target, codec, bodies, **variant):
    """Posts each body and a good request behind it, which is answered or not, as the server keeps the connection or
    closes it. How many bodies met with neither, or could not be posted at all."""
    client, unanswered = None, 0
    commit = codec.command(wire.COMMIT)
    for body in bodies:
        try:
            if client is None:
                client = target.server.connect(0, codec=codec, **variant)
        except (wire.Closed, OSError):
            unanswered += 1
            if not target.server.alive():
                break
            continue
        try:
            client.post(body)
            client.ask(commit)
            client.late.clear()
        except wire.Closed:
            client.close()
            client = None
        except OSError:  # silence until the deadline
            unanswered += 1
            client.close()
            client = None
    if client is not None:
        client.close()
    return unanswered


# ---- the handshake

def good_hello(**variant):
    return wire.hello('testns', 1, **variant)


def refused_hellos():
    body = good_hello()
    yield 'an unknown nspace (CONN-1)', wire.framed_hello(wire.hello('nowhere', 0))
    yield 'an unknown rank (CONN-1)', wire.framed_hello(wire.hello('testns', 77))
    yield 'another uid (CONN-2)', wire.framed_hello(good_hello(credential=struct.pack('<II', 4242, 0)))
    yield 'another gid (CONN-2)', wire.framed_hello(good_hello(credential=struct.pack('<II', 0, 4242)))
    yield 'half a credential (S24)', wire.framed_hello(good_hello(credential=b'\0\0\0\0'))
    yield 'an empty credential (S24)', wire.framed_hello(good_hello(credential=b''))
    yield 'psec none where native is asked for', wire.framed_hello(good_hello(psec=b'none'))
    yield 'an unknown psec', wire.framed_hello(good_hello(psec=b'moonshine'))
    yield 'an unknown codec', wire.framed_hello(good_hello(codec=b'v99'))
    yield 'a flag that is none', wire.framed_hello(good_hello(flag=42))
    swapped = struct.pack('<i', -1) + struct.pack('>III', 0xFFFFFFFF, len(body), 0)
    yield 'a length in the wrong byte order', swapped + body
    yield 'a length of 4 GB', wire.framed_hello(body, 0xFFFFFFFF)
    yield 'a length above the limit', wire.framed_hello(body + b'x' * 140000)
    yield 'a length of nothing', wire.framed_hello(b'')
    yield 'a credential length of 4 GB (S23)', wire.framed_hello(b'native\0' + b'\xff' * 4 + body[11:])
    yield 'a nspace of 10000 bytes', wire.framed_hello(wire.hello('n' * 10000, 0))
    yield 'no NUL anywhere (S23)', wire.framed_hello(b'n' * 100)
    yield 'nothing but NULs', wire.framed_hello(bytes(100))
    yield 'HTTP', b'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'
    yield 'a request instead', wire.frame(101, wire.Codec().command(wire.REQ))
    yield 'a version without NUL at the end (S23)', wire.framed_hello(body[:body.index(b'4.2.2') + 3])


def tolerated_hellos():
    yield 'without the stray byte', good_hello(tail=b'')
    yield 'with an unknown gds', good_hello(gds=b'moonshine')
    yield 'with a list of gds', good_hello(gds=b'ds21,ds12,hash')
    yield 'without a gds (S23)', good_hello(gds=None, tail=b'')
    yield 'with a version of one number', good_hello(version=b'4')


def odd_hellos():
    for version in (b'', b'x', b'....', b'-1.-1.-1', b'9' * 300, b'4.2.2' + b'z' * 500, b'%s%n%s'):
        yield good_hello(version=version)
    for kind in (0, 3, 255):
        yield good_hello(buffer_type=kind)
    for tail in (b'\xff' * 9, b'\x02\xff\xff\xff\xff\x7f', b'\x02\x04' + b'\xff' * 50, bytes(500)):
        yield good_hello(tail=tail)


def handshakes():
    target = Target('4', '0')
    for text, data in refused_hellos():
        reply = target.throw(data)
        refused = not reply or (len(reply) >= 4 and struct.unpack('>i', reply[:4])[0] != 0)
        tap.ok(refused, 'a handshake with %s is refused' % text)
        if 'CONN' in text:  # a 4.2.2 rank takes no notice of a status and would wait for ever
            tap.same(reply, b'', 'a handshake with %s is refused without a word' % text)
        target.check('a handshake with %s: the same rank is served afterwards' % text, 1, 'testns')
    for text, body in tolerated_hellos():
        tap.same(target.throw(wire.framed_hello(body))[:4], b'\0\0\0\0', 'a handshake %s is taken' % text)
        target.check('a handshake %s: the same rank is served afterwards' % text, 1, 'testns')
    for body in odd_hellos():
        target.throw(wire.framed_hello(body))
    target.check('odd versions, buffer types and tails: others are served')
    whole = wire.framed_hello(good_hello())
    for count in range(len(whole)):
        target.throw(whole[:count], listen=False)
    target.check('a handshake cut off at every byte: others are served')
    body = good_hello()
    for count in range(len(body)):
        target.throw(wire.framed_hello(body[:count]), listen=False)
    target.check('a handshake made shorter at every byte: others are served')
    idle = [target.open() for _ in range(50)]
    for one in idle[:25]:
        one.sendall(whole[:20])
    target.check('fifty connections that say nothing, or half of it: others are served')
    for one in idle:
        one.close()
    target.end('the server ends well after bad handshakes')


# ---- requests

MUST_ANSWER = ('ABORT', 'FENCE', 'PUBLISH', 'LOOKUP', 'UNPUBLISH', 'NOTIFY', 'REGEVENTS', 'CONNECT', 'JOB_CONTROL')


def is_told(target, codec, body, **variant):
    """Whether a bad request is answered with an error, or the connection closed."""
    try:
        client = target.server.connect(0, codec=codec, **variant)
        status = client.ask(body).status()
        client.close()
        return status < 0
    except wire.Closed:
        return target.server.alive()
    except (wire.Short, OSError):
        return False


def requests(name, codec, **variant):
    environment = {'PMIX_MCA_bfrops_base_default_type': '2'} if codec.described else None
    target = Target('4', '0', environment=environment)
    before = target.server.ask('files')
    for text, body in requests_of.valid(codec):
        silent = post_all(target, codec, [body[:count] for count in range(len(body))], **variant)
        target.check('S4 S11 S22 %s, %s cut off at every byte: others are served' % (name, text), unanswered=silent)
        if text in MUST_ANSWER:
            tap.ok(is_told(target, codec, body[:len(body) // 2], **variant),
                   '%s, %s cut off: the peer is told' % (name, text))
    for text, bodies in requests_of.oversized(codec):
        silent = post_all(target, codec, bodies, **variant)
        target.check('%s, %s: others are served' % (name, text), unanswered=silent)
    commands = [codec.command(number) for number in range(256)]
    silent = post_all(target, codec, commands + [one + b'\xff' * 40 for one in commands], **variant)
    target.check('%s, every command with nothing and with rubbish behind it: others are served' % name,
                 unanswered=silent)
    after = target.server.ask('files')
    tap.ok(before and after and int(after) <= int(before) + 2, '%s: no connection is left open' % name)
    target.end('%s: the server ends well' % name)


def headers():
    target = Target('4', '0')
    codec, commit = wire.Codec(), wire.Codec().command(wire.COMMIT)
    for tag in (0, 1, 2, 99, 100, 0xFFFFFFFF):
        client = target.server.connect(0)
        client.send(wire.frame(tag, commit) + wire.frame(tag, b''))
        client.close()
        target.check('a request under tag %d: others are served' % tag)
    for count in (0x7FFFFFFF, 0x80000000, 0xFFFFFFFF):
        client = target.server.connect(0)
        client.send(wire.frame(101, commit, count=count))
        target.check('a length of %#x: others are served meanwhile' % count)
        client.close()
        target.check('a length of %#x, and then the end: others are served' % count)
    waiting, before = [], target.server.ask('resident')
    for _ in range(20):
        client = target.server.connect(0)
        client.send(wire.frame(101, bytes(100), count=0x40000000))
        waiting.append(client)
    target.check('twenty promises of 1 GB: others are served')
    resident = target.server.ask('resident')
    tap.ok(before and resident and int(resident) - int(before) < 100000,
           'twenty promises of 1 GB take up less than 100 MB')
    for client in waiting:
        client.close()
    client = target.server.connect(0)
    client.send(wire.frame(101, commit, index=-7))
    tap.same(client.answer(101).status(), 0, 'the index in a header is of no importance')
    client.tag = 101
    for _ in range(200):
        client.send(wire.frame(101, commit))
    tap.same(client.ask(codec.command(77)).status(), -47, 'many requests under one tag do no harm')
    client.close()
    target.end('the server ends well after bad headers')


# ---- mutations of recorded frames; the seed and the count never change

def vectors(path):
    with open(path, encoding='ascii') as lines:
        words = [line.split() for line in lines if not line.startswith('#')]
    return [bytes.fromhex(word[1]) for word in words if len(word) == 2]


def mutate(dice, frames):
    data = bytearray(dice.choice(frames))
    for _ in range(dice.randint(1, 4)):
        at = dice.randrange(len(data) + 1)
        kind = dice.randrange(6)
        if kind == 0 and at < len(data):
            data[at] ^= 1 << dice.randrange(8)
        elif kind == 1 and at < len(data):
            data[at] = dice.choice((0, 1, 0x7F, 0x80, 0xFF, 0xFE))
        elif kind == 2:
            data[at:at] = bytes(dice.choice((0, 0xFF, 0x80)) for _ in range(dice.randint(1, 9)))
        elif kind == 3:
            del data[at:at + dice.randint(1, 8)]
        elif kind == 4:
            other = dice.choice(frames)
            data[at:] = other[dice.randrange(len(other) + 1):]
        else:
            data[at:at] = data[at:at + dice.randint(1, 16)]
    return bytes(data)


def fuzz(name, codec, path, rounds, **variant):
    dice = random.Random(20261121)
    frames = vectors(path)
    environment = {'PMIX_MCA_bfrops_base_default_type': '2'} if codec.described else None
    target = Target('4', '0', environment=environment)
    for block in range(rounds):
        silent = post_all(target, codec, [mutate(dice, frames) for _ in range(100)], **variant)
        target.check('%s, mutated frames, block %d: others are served' % (name, block), unanswered=silent)
    target.end('%s: the server ends well after mutated frames' % name)


def main():
    here = __file__.rsplit('/', 1)[0]
    flex, fixed, described = wire.Codec(), wire.Codec(flex=False), wire.Codec(described=True)
    old = {'version': b'3.2.5'}
    parts = {
        'handshakes': handshakes,
        'headers': headers,
        'v41': lambda: requests('v41', flex),
        'v3': lambda: requests('v3', fixed, codec_name=b'v3', **old),
        'described': lambda: requests('described', described, buffer_type=2),
        'fuzz': lambda: (fuzz('v41', flex, here + '/vectors/requests-v41.txt', 12),
                         fuzz('v3', fixed, here + '/vectors/requests-v3.txt', 8, codec_name=b'v3', **old),
                         fuzz('described', described, here + '/vectors/requests-v41-described.txt', 8, buffer_type=2)),
    }
    for name in sys.argv[2:] or parts:
        tap.section(parts[name])
    tap.done()


main()
