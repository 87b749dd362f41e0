"""Processes that join, leave, send, stop reading and die by a seeded schedule, and a checker of what each has seen.
usage: harness.py PLACE FIRST-SEED COUNT [WHERE PROGRAM:LIBRARIES...]      one seed: harness.py PLACE SEED 1 ...
   Members are processes of this script's own and, in turns, the programs named (actor.c), which connect to WHERE."""
import marshal
import os
import random
import select
import shutil
import signal
import socket
import struct
import sys
import tempfile
import time
from wire import *

GROUPS = ['red', 'green', 'blue']
SERVICES = [UNRELIABLE, RELIABLE, FIFO, CAUSAL, AGREED, SAFE]
SIZES = [0, 1, 40, 1000, 5000, 30000, 143000]


def filling(sender, number, size):
    """The same bytes whoever computes them: one flipped, lost or foreign byte shows."""
    pattern = b''
    for i in range(4):
        value = 14695981039346656037 ^ i
        for byte in f'{sender}/{number}'.encode():
            value = (value ^ byte) * 1099511628211 & 0xffffffffffffffff
        pattern += value.to_bytes(8, 'little')
    return (pattern * (size // 32 + 1))[:size]


class Member:
    """One process: everything it sends and gets goes to its log at once, so that kill -9 loses nothing."""

    def __init__(self, place, seed, index, log):
        self.random = random.Random(seed * 1000 + index)
        self.log = open(log, 'ab', buffering=0)
        self.client = Client(place, private_name(seed, index), membership=index != 4)
        self.buffer = bytearray()
        self.joined, self.last, self.number, self.done = set(), None, 0, False
        self.note('name', self.client.private, index != 4)

    def note(self, *record):
        self.log.write(marshal.dumps(record))

    def read(self, wait=0.0):
        """Takes what is there."""
        while True:
            ready, _, _ = select.select([self.client.socket], [], [], wait)
            if not ready:
                return
            part = self.client.socket.recv(262144)
            if not part:
                raise EOFError
            self.buffer += part
            self.parse()
            wait = 0.0

    def parse(self):
        while len(self.buffer) >= 48:
            kind, name, count, hint, size = struct.unpack_from('<I32siIi', self.buffer)
            total = 48 + 32 * count + size
            if len(self.buffer) < total:
                return
            groups = [text(self.buffer[48 + 32 * i:80 + 32 * i]) for i in range(count)]
            data = bytes(self.buffer[48 + 32 * count:total])
            del self.buffer[:total]
            self.got(Message(kind, text(name), groups, hint, data))

    def got(self, m):
        if m.is_membership:
            if m.kind & REG_MEMB:
                self.note('view', m.name, m.kind, m.gid(), tuple(m.groups), m.changed())
            else:
                self.note('left', m.name, m.kind)
            return
        if m.data == b'the end of ' + m.name.encode():
            self.done = self.done or m.name == self.client.private
            return
        number, seen_by, seen, size = struct.unpack_from('<I32sIi', m.data)
        whole = m.data[44:] == filling(m.name, number, size) and m.type16 == number % 1000
        self.note('data', m.name, number, m.kind, tuple(m.groups), whole, (text(seen_by), seen))
        self.last = (m.name, number)

    def send(self):
        groups = self.random.sample(GROUPS, self.random.choice([1, 1, 1, 2, 3]))
        service = self.random.choice(SERVICES)
        if self.random.random() < 0.15:
            service |= SELF_DISCARD
        size = self.random.choice(SIZES[:-1]) if self.random.random() < 0.95 else SIZES[-1]
        seen = self.last or ('', 0)
        data = struct.pack('<I32sIi', self.number, name32(seen[0]), seen[1], size)
        data += filling(self.client.private, self.number, size)
        self.note('sent', self.number, service, tuple(groups), seen, bool(self.joined & set(groups)))
        self.client.send(service, groups, data, type16=self.number % 1000)
        self.number += 1

    def act(self, fate):
        for step in range(25):
            what = self.random.random()
            group = self.random.choice(GROUPS)
            if what < 0.2 and group not in self.joined:
                self.joined.add(group)
                self.note('join', group)
                self.client.join(group)
            elif what < 0.3 and group in self.joined:
                self.joined.remove(group)
                self.note('leave', group)
                self.client.leave(group)
                if self.random.random() < 0.4:
                    self.joined.add(group)
                    self.note('join', group)
                    self.client.join(group)
            else:
                self.send()
            if fate == 'kill' and step == 15:
                os.kill(os.getpid(), signal.SIGKILL)
            if fate != 'deaf' or step < 5:
                self.read()

    def finish(self):
        self.client.send(AGREED, self.client.private, b'the end of ' + self.client.private.encode())
        while not self.done:
            self.read(20)
        self.note('finished')
        self.client.quit()


def private_name(seed, index):
    return f'p{index}s{seed % 100000}'


def act(program, where, seed, index, fate, log, gate):
    """Another program in this one's place."""
    os.read(gate, 1)
    path, libraries = program.split(':')
    arguments = [path, where, private_name(seed, index), str(seed), str(index), fate, log]
    os.execve(path, arguments, dict(os.environ, LD_LIBRARY_PATH=libraries))


def member(place, seed, index, fate, log, gate):
    os.read(gate, 1)
    me = None
    try:
        me = Member(place, seed, index, log)
        me.act(fate)
        if fate == 'deaf':
            # What it was sent before it was cut, or before it woke, counts like everything else.
            time.sleep(0.02)
        me.finish()
    except (EOFError, OSError):
        if me:
            me.note('cut')
    os._exit(0)


def written(log):
    """What a program's lines say, as this script's own members say it; the last one may be cut short."""
    found = []
    for line in open(log).read().split('\n')[:-1]:
        kind, *words = line.split()
        if kind == 'name':
            found.append((kind, words[0], words[1] == '1'))
        elif kind == 'sent':
            past = ('' if words[3] == '-' else words[3], int(words[4]))
            found.append((kind, int(words[0]), int(words[1]), tuple(words[2].split(',')), past, words[5] == '1'))
        elif kind == 'view':
            gid, members = tuple(map(int, words[2:5])), tuple(words[5].split(','))
            found.append((kind, words[0], int(words[1]), gid, members, words[6]))
        elif kind == 'left':
            found.append((kind, words[0], int(words[1])))
        elif kind == 'data':
            past = ('' if words[5] == '-' else words[5], int(words[6]))
            groups, whole = tuple(words[3].split(',')), words[4] == '1'
            found.append((kind, words[0], int(words[1]), int(words[2]), groups, whole, past))
        else:
            found.append((kind,) + tuple(words))
    return found


def records(log):
    if log.endswith('.lines'):
        return written(log)
    found = []
    with open(log, 'rb') as file:
        while True:
            try:
                found.append(marshal.load(file))
            except (EOFError, ValueError, TypeError):
                return found


class Checker:
    def __init__(self, logs):
        self.logs = [log for log in logs if log and log[0][0] == 'name']
        self.wrong = []

    def check(self, rule, passed, *what):
        if not passed:
            self.wrong.append((rule,) + what)

    def run(self):
        self.sent = {(log[0][1], r[1]): r for log in self.logs for r in log if r[0] == 'sent'}
        for log in self.logs:
            self.content(log), self.fifo(log), self.causal(log), self.self_delivery(log), self.views(log)
        for i, one in enumerate(self.logs):
            for other in self.logs[i + 1:]:
                self.agreed(one, other), self.synchrony(one, other)
        self.same_views()
        return self.wrong

    def data(self, log):
        return [r for r in log if r[0] == 'data']

    def content(self, log):
        seen = set()
        for _, sender, number, kind, groups, whole, past in self.data(log):
            key = (sender, number)
            self.check('ORD-2' if kind & UNRELIABLE else 'ORD-10', key not in seen, 'twice', key)
            seen.add(key)
            origin = self.sent.get(key)
            self.check('ORD-11', origin is not None, 'never sent', key)
            if origin:
                self.check('ORD-11', whole and origin[2] == kind and origin[3] == groups and origin[4] == past, key)

    def fifo(self, log):
        last = {}
        for _, sender, number, kind, *_ in self.data(log):
            if kind & 0x3f >= FIFO:
                self.check('ORD-3 ORD-7', number > last.get(sender, -1), sender, number)
                last[sender] = number

    def causal(self, log):
        place = {(r[1], r[2]): i for i, r in enumerate(log) if r[0] == 'data'}
        for r in self.data(log):
            if r[3] & 0x3f >= CAUSAL and r[6][0] and r[6] in place:
                self.check('ORD-4', place[r[6]] < place[(r[1], r[2])], r[1:3], r[6])

    def self_delivery(self, log):
        name = log[0][1]
        if log[-1][0] != 'finished':
            return
        own = {r[2] for r in self.data(log) if r[1] == name}
        for r in log:
            if r[0] == 'sent':
                expected = r[5] and not r[2] & SELF_DISCARD
                self.check('ORD-9' if r[2] & SELF_DISCARD else 'ORD-8', (r[1] in own) == expected, name, r[1])

    def views(self, log):
        name, wants = log[0][1], log[0][2]
        current = {}
        for r in log:
            if r[0] in ('view', 'left'):
                self.check('MEM-6', wants, name, r)
            if not wants:
                continue
            if r[0] == 'view':
                self.view(name, current, *r[1:])
            elif r[0] == 'left':
                self.check('MEM-4', current.pop(r[1], None) is not None and r[2] == BY_LEAVE, name, r)
            elif r[0] == 'data':
                # No private group is ever named: the message is for one of the groups this one is in.
                self.check('MEM-3', any(g in current for g in r[4]), name, r[1:5])

    def view(self, name, current, group, kind, gid, members, changed):
        before = current.get(group)
        if before is None:
            self.check('MEM-3', kind == REG_MEMB | BY_JOIN and changed == name, name, group, hex(kind))
        else:
            self.check('MEM-2', gid == (before[0][0], before[0][1], before[0][2] + 1), name, group, gid, before[0])
            difference = set(members) ^ set(before[1])
            self.check('MEM-8', difference == {changed}, name, group, changed, difference)
            self.check('MEM-7', (changed in members) == (kind & BY_JOIN != 0), name, group, changed)
        self.check('MEM-2', list(members) == sorted(members) and name in members, name, group, members)
        current[group] = (gid, members)

    def agreed(self, one, other):
        first = [(r[1], r[2]) for r in self.data(one) if r[3] & 0x3f >= CAUSAL]
        place = {key: i for i, key in enumerate((r[1], r[2]) for r in self.data(other))}
        common = [place[key] for key in first if key in place]
        self.check('ORD-5 ORD-6', common == sorted(common), one[0][1], other[0][1])

    def spans(self, log):
        """What was delivered in a group between one view and the next."""
        spans, open_spans = {}, {}
        for r in log:
            if r[0] == 'view':
                if r[1] in open_spans:
                    gid, inside = open_spans[r[1]]
                    spans[(r[1], gid, r[3])] = inside
                open_spans[r[1]] = (r[3], [])
            elif r[0] == 'left':
                open_spans.pop(r[1], None)
            elif r[0] == 'data':
                for group in r[4]:
                    if group in open_spans:
                        open_spans[group][1].append((r[1], r[2], r[3]))
        return spans

    def synchrony(self, one, other):
        first, second = self.spans(one), self.spans(other)
        names = {one[0][1], other[0][1]}
        for key in first.keys() & second.keys():
            a = [m for m in first[key] if not (m[2] & SELF_DISCARD and m[0] in names)]
            b = [m for m in second[key] if not (m[2] & SELF_DISCARD and m[0] in names)]
            self.check('VS', a == b, 'ORD-1 MEM-1', one[0][1], other[0][1], key)

    def same_views(self):
        views = {}
        ends = {}
        for log in self.logs:
            for r in log:
                if r[0] == 'view':
                    known = views.setdefault((r[1], r[3]), r)
                    self.check('MEM-2', known == r, known, r)
        gone = {log[0][1] for log in self.logs if log[-1][0] != 'finished'}
        for (group, _), r in views.items():
            if r[2] & BY_DISCONNECT:
                ends[(group, r[5])] = ends.get((group, r[5]), 0) + 1
        for key, count in ends.items():
            self.check('MEM-5', count == 1, key, count)


def run(place, seed, folder, where, programs):
    chance = random.Random(seed)
    count = chance.randint(3, 6)
    fates = [chance.choices(['live', 'kill', 'deaf'], [7, 2, 1])[0] for _ in range(count)]
    fates[0] = 'live'
    gate, start = os.pipe()
    kinds = [chance.choice([None] + programs) for _ in range(count)]
    logs = [f'{folder}/{i}' + ('.lines' if kinds[i] else '') for i in range(count)]
    children = []
    for i in range(count):
        child = os.fork()
        if child == 0:
            os.close(start)
            if kinds[i]:
                act(kinds[i], where, seed, i, fates[i], logs[i], gate)
            member(place, seed, i, fates[i], logs[i], gate)
        children.append(child)
    os.close(gate)
    os.write(start, b'x' * count)
    for child in children:
        os.waitpid(child, 0)
    os.close(start)
    logs = [records(log) if os.path.exists(log) else [] for log in logs]
    wrong = Checker(logs).run()
    for i, log in enumerate(logs):
        if not log or fates[i] == 'live' and log[-1][0] not in ('finished', 'cut'):
            wrong.append(('LIV-1', f'member {i} did not get through', kinds[i], log[-1:]))
    wrong += [('B.9', 'an answer of the library', log[-1]) for log in logs if log and log[-1][0] == 'odd']
    facts = {'data': 0, 'view': 0, 'left': 0, 'finished': 0, 'cut': 0, 'programs': sum(map(bool, kinds))}
    for log in logs:
        for r in log:
            if r[0] in facts:
                facts[r[0]] += 1
    return wrong, facts


def main():
    place, first, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    where, programs = (sys.argv[4:5] or [None])[0], sys.argv[5:]
    total, bad = {}, 0
    for seed in range(first, first + count):
        folder = tempfile.mkdtemp(prefix='spread-harness-')
        wrong, facts = run(place, seed, folder, where, programs)
        shutil.rmtree(folder)
        for key, value in facts.items():
            total[key] = total.get(key, 0) + value
        if wrong:
            bad += 1
            print(f'# seed {seed}: {len(wrong)} faults, the first: {wrong[0]}', flush=True)
    print(f'# {count} seeds: {total}', flush=True)
    # A run in which nothing happened proves nothing.
    sys.exit(1 if bad or total['data'] < count * 20 or total['view'] < count or not total['finished'] else 0)


main()
