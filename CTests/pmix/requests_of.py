"""Requests for hostile.py: one valid one per command, and ones whose counts and lengths promise what is not there."""
import wire


def valid(codec):
    everyone, me = [('testns', wire.WILDCARD)], [('testns', 0)]
    text = [('some.key', wire.STRING, 'text')]
    array = [('some.array', wire.DATA_ARRAY, (wire.INFO, [('a', wire.STRING, 'b'), ('c', wire.UINT32, 5)]))]
    yield 'ABORT', codec.abort(3, 'text', me)
    yield 'COMMIT', codec.commit([(1, [('k', wire.STRING, 'v')]), (2, [('k', wire.STRING, 'v')])])
    yield 'FENCE', codec.fence(everyone, [('pmix.collect', wire.BOOL, 1)])
    yield 'GET', codec.get('testns', 0, 'k', [('pmix.immediate', wire.BOOL, 1)])
    yield 'PUBLISH', codec.publish(text + array)
    yield 'LOOKUP', codec.keyed(wire.LOOKUP, ['a', 'b'], text)
    yield 'UNPUBLISH', codec.keyed(wire.UNPUBLISH, ['a', 'b'], text)
    yield 'CONNECT', codec.command(wire.CONNECT) + codec.array(wire.PROC, me) + codec.array(wire.INFO, text)
    yield 'DISCONNECT', codec.command(wire.DISCONNECT) + codec.array(wire.PROC, me) + codec.array(wire.INFO, text)
    yield 'NOTIFY', codec.notify(-1101, 3, text)
    yield 'REGEVENTS', codec.register([-1101, -1102], text)
    yield 'DEREGEVENTS', codec.command(wire.DEREGEVENTS) + codec.pack(wire.STATUS, -1101)
    yield 'LOG', codec.command(wire.LOG) + codec.signed(1) + codec.unsigned(0, 8) + codec.array(wire.INFO, text) * 2
    yield 'ALLOC', codec.command(wire.ALLOC) + codec.pack(2, 1) + codec.array(wire.INFO, text)
    yield 'JOB_CONTROL', codec.command(wire.JOB_CONTROL) + codec.array(wire.PROC, me) + codec.array(wire.INFO, text)
    yield 'MONITOR', codec.command(wire.MONITOR) + codec.pack(wire.INFO, text[0]) + codec.pack(wire.STATUS, -1) \
        + codec.array(wire.INFO, text)
    yield 'QUERY', codec.command(wire.QUERY) + codec.pack(wire.SIZE, 1) + codec.signed(1) + codec.signed(1) \
        + codec.string('key') + codec.size(0)
    yield 'SPAWN', codec.command(wire.SPAWN) + codec.array(wire.INFO, text) + codec.pack(wire.SIZE, 1) \
        + codec.signed(1) + codec.string('cmd') + codec.one(wire.INT, 1) + codec.string('cmd') + codec.signed(0) \
        + codec.string('/') + codec.one(wire.INT, 1) + codec.size(0)


def huge_sizes(codec):
    for count in (1, 2, 1000, 1 << 20, (1 << 31) - 1, 1 << 31, 1 << 32, (1 << 63) - 1, 1 << 63, (1 << 64) - 1):
        yield codec.pack(wire.SIZE, count)


def described_head(codec, kind):
    return (codec.tag(9), codec.tag(kind)) if codec.described else (b'', b'')


def huge_packs(codec, kind, element):
    """A pack of one kind whose own count is wrong, with one real element behind it."""
    before, after = described_head(codec, kind)
    for count in (0, 2, -1, 1000, 1 << 20, (1 << 31) - 1, -(1 << 31)):
        yield before + codec.signed(count) + after + element


def bad_strings(codec):
    """Strings that are longer than what is there, negative, or without their NUL."""
    for length in (-1, -(1 << 31), 100, 1 << 20, (1 << 31) - 1):
        yield codec.signed(length) + b'abc\0'
    yield codec.signed(4) + b'abcd'
    yield codec.signed(1) + b'x'
    yield codec.signed(600) + b'k' * 599 + b'\0'
    yield codec.signed(70000) + b'k' * 69999 + b'\0'


def typed_info(codec, kind, payload, key=b'\x00'):
    before, after = described_head(codec, wire.INFO)
    return codec.pack(wire.SIZE, 1) + before + codec.signed(1) + after + codec.string('k') + codec.unsigned(0, 4) \
        + codec.tag(kind) + payload


def nested(codec, depth):
    """An info whose value is an array of an array of an array ..."""
    data = codec.tag(2) + codec.size(1) + b'\x01'
    for _ in range(depth):
        data = codec.tag(wire.DATA_ARRAY) + codec.size(1) + data
    return typed_info(codec, wire.DATA_ARRAY, data)


def prefixes(codec):
    """What stands before the first array, key list or string of a request."""
    uid = codec.pack(wire.UINT32, 0)
    nothing = codec.pack(wire.SIZE, 0)
    yield 'FENCE procs', codec.command(wire.FENCE), wire.PROC
    yield 'FENCE infos', codec.command(wire.FENCE) + codec.array(wire.PROC, [('testns', 0)]), wire.INFO
    yield 'GET infos', codec.command(wire.GET) + codec.pack(wire.STRING, 'testns') + codec.pack(wire.RANK, 0), wire.INFO
    yield 'PUBLISH infos', codec.command(wire.PUBLISH) + uid, wire.INFO
    yield 'LOOKUP keys', codec.command(wire.LOOKUP) + uid, wire.STRING
    yield 'UNPUBLISH keys', codec.command(wire.UNPUBLISH) + uid, wire.STRING
    aborting = codec.pack(wire.STATUS, 1) + codec.pack(wire.STRING, 'x')
    yield 'ABORT procs', codec.command(wire.ABORT) + aborting, wire.PROC
    notifying = codec.pack(wire.STATUS, -1) + codec.pack(wire.RANGE, 3)
    yield 'NOTIFY infos', codec.command(wire.NOTIFY) + notifying, wire.INFO
    yield 'REGEVENTS codes (S22)', codec.command(wire.REGEVENTS), wire.STATUS
    yield 'REGEVENTS infos (S22)', codec.command(wire.REGEVENTS) + nothing, wire.INFO
    yield 'CONNECT procs', codec.command(wire.CONNECT), wire.PROC
    yield 'JOB_CONTROL targets', codec.command(wire.JOB_CONTROL), wire.PROC


ELEMENTS = {wire.PROC: ('testns', 0), wire.INFO: ('k', wire.STRING, 'v'), wire.STRING: 'key', wire.STATUS: -1101}


def oversized(codec):
    for text, before, kind in prefixes(codec):
        element = codec.one(kind, ELEMENTS[kind])
        bodies = [before + size for size in huge_sizes(codec)]
        bodies += [before + size + codec.pack(kind, ELEMENTS[kind]) for size in huge_sizes(codec)]
        bodies += [before + codec.pack(wire.SIZE, 1) + pack for pack in huge_packs(codec, kind, element)]
        yield text + ' with counts that promise too much (S4, S11)', bodies
    publish = codec.command(wire.PUBLISH) + codec.pack(wire.UINT32, 0)
    before, after = described_head(codec, wire.INFO)
    head = publish + codec.pack(wire.SIZE, 1) + before + codec.signed(1) + after
    yield 'bad strings as keys', [head + one + codec.unsigned(0, 4) + codec.typed(2, 1) for one in bad_strings(codec)]
    yield 'bad strings as values', [publish + typed_info(codec, wire.STRING, one) for one in bad_strings(codec)]
    yield 'bad byte objects', [publish + typed_info(codec, wire.BYTE_OBJECT, codec.size(n) + b'abc')
                               for n in (4, 1000, 1 << 31, 1 << 40, (1 << 64) - 1)]
    yield 'every type there is and is not, with nothing', [publish + typed_info(codec, kind, b'')
                                                           for kind in range(600)]
    yield 'every type there is and is not, with rubbish', [publish + typed_info(codec, kind, b'\xff' * 40)
                                                           for kind in range(600)]
    yield 'every type there is and is not, with noughts', [publish + typed_info(codec, kind, bytes(40))
                                                           for kind in range(600)]
    yield 'arrays of every type with a huge count', [
        publish + typed_info(codec, wire.DATA_ARRAY, codec.tag(kind) + codec.size(1 << 40)) for kind in range(80)]
    yield 'arrays within arrays, few', [publish + nested(codec, depth) for depth in (1, 10, 60, 63, 64, 65, 66)]
    yield 'arrays within arrays, many', [publish + nested(codec, depth) for depth in (200, 1000, 20000)]
    get = codec.command(wire.GET)
    before, after = described_head(codec, wire.STRING)
    yield 'bad strings as nspace', [get + before + codec.signed(1) + after + one + codec.pack(wire.RANK, 0)
                                    for one in bad_strings(codec)]
    yield 'commits with a bad scope or buffer', [
        codec.command(wire.COMMIT) + codec.pack(wire.SCOPE, scope) + rest
        for scope in (0, 1, 3, 4, 5, 255)
        for rest in (b'', codec.pack(wire.BUFFER, b'\xff' * 20), codec.pack(wire.BUFFER, b''),
                     codec.signed(1) + b'\x07' + codec.size(1 << 40))]
