"""Members of the flush layer (flusher.c) in seeded schedules, and a checker of virtual synchrony over what each saw.
usage: flush.py WHERE FIRST-SEED COUNT PROGRAM:LIBRARIES..."""
import os
import random
import shutil
import sys
import tempfile

SELF_DISCARD, SERVICE, FIFO, CAUSAL, NETWORK, MEMBERSHIP = 0x40, 0x3f, 4, 8, 0x800, 0x3f00


def records(log):
    """The last line may be cut short by a kill."""
    if not os.path.exists(log):
        return []
    return [tuple(line.split()) for line in open(log).read().split('\n')[:-1] if line]


def names(text):
    return [] if text == '-' else text.split(',')


class Span:
    """A member in one view of a group, from its first message to the view that follows."""

    def __init__(self, view):
        self.group, self.gid, self.members = view[1], view[3], names(view[4])
        self.data, self.next, self.flushed, self.isLeft = [], None, False, False


class Checker:
    def __init__(self, logs):
        self.logs = [log for log in logs if log]
        self.wrong = []
        self.sent = {(log[0][1], r[1]): r for log in self.logs for r in log if r[0] == 'sent'}

    def check(self, rule, passed, *what):
        if not passed:
            self.wrong.append((rule,) + what)

    def run(self):
        self.spans = {}
        for log in self.logs:
            self.spans[log[0][1]] = self.follow(log)
        for name in self.spans:
            self.own(name), self.agreement(name)
            for other in self.spans:
                if name < other:
                    self.together(name, other)
        self.same_views()
        return self.wrong

    def follow(self, log):
        """One member's views, and on the way what concerns it alone."""
        name, current, spans, seen, last = log[0][1], {}, [], set(), {}
        for r in log[1:]:
            if r[0] == 'view':
                self.arrive(name, current, spans, r)
            elif r[0] == 'left':
                if r[1] in current:
                    current.pop(r[1]).isLeft = True
            elif r[0] == 'ask':
                self.check('FL-11', r[1] in current and not current[r[1]].flushed, name, r)
            elif r[0] == 'flush':
                current[r[1]].flushed = True
            elif r[0] == 'data':
                self.datum(name, current, seen, last, r)
            elif r[0] == 'odd':
                self.check('FL', False, name, r)
        return spans

    def arrive(self, name, current, spans, r):
        span, together = Span(r), names(r[5])
        before = current.get(r[1])
        self.check('FL-39', name in span.members and span.members == sorted(span.members), name, r)
        if before is None:
            self.check('FL-39', together == [name], name, r)
        else:
            before.next = span
            # No merge of daemons happens here: whoever stays comes along.
            span.together = set(before.members) & set(span.members)
            self.check('VS-4', before.flushed, 'not flushed', name, r)
            if int(r[2]) & NETWORK:
                self.check('FL-39', set(together) <= span.together and name in together, name, r)
            else:
                changed = set(before.members) ^ set(span.members)
                self.check('MEM-8', len(together) == 1 and changed == set(together), name, r)
        current[r[1]] = span
        spans.append(span)

    def datum(self, name, current, seen, last, r):
        key, service, group, gid = (r[1], r[2]), int(r[3]), r[4], r[5]
        origin = self.sent.get(key)
        self.check('ORD-10', key not in seen, name, key)
        self.check('ORD-11', origin is not None and r[6] == '1', name, r)
        if origin:
            same = int(origin[2]) & SERVICE == service & SERVICE and origin[3:5] == (group, gid)
            self.check('ORD-11', same, origin, r)
        span = current.get(group)
        self.check('VS-1 VS-3', span is not None and span.gid == gid, name, r, span and span.gid)
        self.check('FL-33', span is None or r[1] in span.members, name, r)
        if service & SERVICE >= FIFO:
            self.check('ORD-3', int(r[2]) > last.get((r[1], group), -1), name, r)
            last[(r[1], group)] = int(r[2])
        seen.add(key)
        if span:
            span.data.append(key)

    def meant(self, key, *receivers):
        """Whether all of these should get it."""
        origin = self.sent[key]
        if int(origin[2]) & SELF_DISCARD and key[0] in receivers:
            return False
        return origin[5] == '*' or set(receivers) <= set(names(origin[5]))

    def own(self, name):
        """What it sent in a view that it has left behind by another, it got."""
        closed = {(s.group, s.gid): s for s in self.spans[name] if s.next}
        for (sender, number), r in self.sent.items():
            span = closed.get((r[3], r[4])) if sender == name else None
            if span:
                got = (sender, number) in span.data
                self.check('ORD-8', got == self.meant((sender, number), name), name, r)

    def together(self, one, other):
        first = {(s.group, s.gid, s.next.gid): s for s in self.spans[one] if s.next}
        for second in self.spans[other]:
            span = second.next and first.get((second.group, second.gid, second.next.gid))
            if not span:
                continue
            a, b = ([k for k in s.data if k in self.sent and self.meant(k, one, other)] for s in (span, second))
            self.check('VS-2', set(a) == set(b), one, other, span.gid, set(a) ^ set(b))
            strong = [[k for k in keys if int(self.sent[k][2]) & SERVICE >= CAUSAL] for keys in (a, b)]
            self.check('ORD-5', strong[0] == strong[1], one, other, span.gid)

    def agreement(self, name):
        """Nobody is in a view without having flushed the one before, whatever became of it since. Who has left it may
        have come again."""
        for span in self.spans[name]:
            for member in span.next.members if span.next else ():
                for theirs in self.spans.get(member, ()):
                    if (theirs.group, theirs.gid) == (span.group, span.gid):
                        self.check('VS-4', theirs.flushed or theirs.isLeft, name, member, span.next.gid)

    def same_views(self):
        known = {}
        for spans in self.spans.values():
            for span in spans:
                self.check('MEM-2', known.setdefault((span.group, span.gid), span.members) == span.members, span.gid)


def run(where, seed, folder, programs):
    chance = random.Random(seed)
    count = chance.randint(3, 5)
    fates = ['leave'] + [chance.choices(['leave', 'live', 'kill'], [3, 3, 2])[0] for _ in range(count - 1)]
    logs = [f'{folder}/{i}' for i in range(count)]
    children, chosen = [], [chance.choice(programs) for _ in range(count)]
    for i in range(count):
        path, libraries = chosen[i].split(':')
        arguments = [path, where, f'f{i}s{seed % 100000}', str(seed), str(i), fates[i], logs[i]]
        child = os.fork()
        if child == 0:
            os.execve(path, arguments, dict(os.environ, LD_LIBRARY_PATH=libraries))
        children.append(child)
    ends = [os.waitpid(child, 0)[1] for child in children]
    logs = [records(log) for log in logs]
    wrong = Checker(logs).run()
    for i, log in enumerate(logs):
        if fates[i] != 'kill' and (not log or log[-1][0] != 'finished' or ends[i] != 0):
            wrong.insert(0, ('LIV-1', f'member {i}, {chosen[i]}, did not get through', ends[i], log[-1:]))
    kinds = 'data', 'view', 'flush', 'left', 'finished'
    facts = {kind: sum(r[0] == kind for log in logs for r in log) for kind in kinds}
    return wrong, facts


def main():
    where, first, count, programs = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4:]
    total, bad = {}, 0
    for seed in range(first, first + count):
        folder = tempfile.mkdtemp(prefix='spread-flush-')
        wrong, facts = run(where, seed, folder, programs)
        if wrong and os.environ.get('KEEP_LOGS'):
            print(f'# logs of seed {seed} are in {folder}')
        else:
            shutil.rmtree(folder)
        for key, value in facts.items():
            total[key] = total.get(key, 0) + value
        if wrong:
            bad += 1
            print(f'# seed {seed}: {len(wrong)} faults, the first: {wrong[0]}', flush=True)
    print(f'# {count} seeds: {total}', flush=True)
    sys.exit(1 if bad or min(total['data'], total['view'], total['flush']) < count * 5 else 0)


main()
