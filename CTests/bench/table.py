"""The figures of run.sh as a markdown table. Usage: table.py FIGURES, lines of "LIBRARY N FIGURE VALUE"."""
import collections
import statistics
import sys

SIZES = (0, 1, 4, 16, 64)  # 0: has nothing to do with ranks
US, MS, KIB, KB = ('us', 1), ('ms', 1000), ('KiB', 1), ('kB', 1000)
FOUR = {4}
NODES = {4, 16, 64}


class Figure:
    """One figure: the unit it is printed in, and at which sizes which goals hold (the laxer of the two)."""

    def __init__(self, key, text, unit, sizes=(), ratio=None, limit=None):
        self.key, self.text, (self.unit, self.scale) = key, text, unit
        self.sizes, self.limit = sizes, limit
        self.ratio = ratio if callable(ratio) else lambda size: ratio

    def goal(self, size):
        if size not in self.sizes:
            return ''
        parts = [f'{self.ratio(size):g} of it'] if self.ratio(size) is not None else []
        parts += [f'{self.limit / self.scale:g} {self.unit}'] if self.limit is not None else []
        return ' or '.join(parts)

    def is_met(self, size, theirs, ours):
        ratio = self.ratio(size)
        below_ratio = ratio is not None and theirs is not None and ours <= ratio * theirs
        return below_ratio or (self.limit is not None and ours <= self.limit)


FIGURES = (
    Figure('get_job', 'PMIx_Get, job data', US, FOUR, 0.01, 0.5),
    Figure('get_own', 'PMIx_Get, own value', US, FOUR, 0.01, 0.5),
    Figure('get_peer', "PMIx_Get, a peer's value, fetched", US, FOUR, 0.01, 0.5),
    Figure('put', 'PMIx_Put, 64 bytes', US, FOUR, 0.02, 1),
    Figure('init', 'PMIx_Init, all ranks at once', US, FOUR, 0.15),
    Figure('fence', 'empty PMIx_Fence, p50', US, NODES, lambda size: 0.7 if size == 4 else 0.6),
    Figure('exchange', 'commit, fence, all get all (20 x 256 B a rank)', US, NODES, 0.25),
    Figure('client_rss', 'resident memory of a rank after it', KIB, FOUR, 0.5),
    Figure('client_pss', '... its share (Pss)', KIB),
    Figure('server_rss', 'resident memory of the server after it', KIB, FOUR, 0.4),
    Figure('server_pss', '... its share (Pss)', KIB),
    Figure('size', 'library, stripped', KB, {0}, None, 1500000),
    Figure('load', 'loading it', US, {0}, None, 300),
)
ALLOWED = ('libc', 'libm', 'libevent_core-', 'libevent_pthreads-')


# The start of a job, next to two launchers of others; the first column is theirs.
LAUNCHERS = (('mpirun', "mpirun of Open MPI 4.1"), ('prterun', 'prterun of Open MPI 5.0.11'))


def read(path):
    numbers, needed, skipped = collections.defaultdict(list), collections.defaultdict(list), {}
    with open(path, encoding='ascii') as lines:
        for words in (line.split() for line in lines):
            if words[:1] == ['skip']:
                skipped[words[1]] = ' '.join(words[2:])
            elif len(words) > 2 and words[2] == 'needed':
                needed[words[0]] = words[3:]
            elif len(words) == 4:
                numbers[words[0], words[2], int(words[1])].append(float(words[3]))
    return {key: statistics.median(found) for key, found in numbers.items()}, needed, skipped


def written(value, scale):
    if value is None:
        return '-'
    value /= scale
    return f'{value:.0f}' if value >= 1000 else f'{value:.3g}'


def row(figure, size, theirs, ours):
    ratio = f'{ours / theirs:.3f}' if theirs and ours is not None else '-'
    goal = figure.goal(size)
    met = '' if not goal else 'no figure' if ours is None else 'yes' if figure.is_met(size, theirs, ours) else '**no**'
    cells = (f'{figure.text}, {figure.unit}', size or '', written(theirs, figure.scale), written(ours, figure.scale),
             ratio, goal, met)
    return '| ' + ' | '.join(str(cell) for cell in cells) + ' |'


def is_allowed(name):
    return any(name.startswith(allowed) if allowed.endswith('-') else name == allowed for allowed in ALLOWED)


def launcher_row(name, text, numbers, skipped):
    figure = Figure('start', f'64 ranks of Init, one fence, Finalize: `muster run` next to {text}', MS, {64}, 0.5)
    if name not in skipped:
        return row(figure, 64, numbers.get((name, 'start', 64)), numbers.get(('muster', 'start', 64)))
    ours = written(numbers.get(('muster', 'start', 64)), figure.scale)
    return f'| {figure.text}, ms | 64 | - | {ours} | - | {figure.goal(64)} | SKIP: {skipped[name]} |'


def main():
    numbers, needed, skipped = read(sys.argv[1])
    print('| figure | N | OpenPMIx 4.2.2 | Muster | ratio | goal | met |')
    print('|---|---|---|---|---|---|---|')
    for figure in FIGURES:
        for size in SIZES:
            theirs, ours = (numbers.get((name, figure.key, size)) for name in ('original', 'muster'))
            if theirs is not None or ours is not None or size in figure.sizes:
                print(row(figure, size, theirs, ours))
    for name, text in LAUNCHERS:
        print(launcher_row(name, text, numbers, skipped))
    beyond = [name for name in needed['muster'] if not is_allowed(name)]
    met = 'yes' if needed['muster'] and not beyond else '**no**'
    lists = ' | '.join(' '.join(needed[name]) for name in ('original', 'muster'))
    print(f'| DT_NEEDED |  | {lists} |  | libc, libm, libevent_core, libevent_pthreads | {met} |')


main()
