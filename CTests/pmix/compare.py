"""Runs the C programs on the original and on ours and sets the outcomes side by side; honours known-differences.txt.
usage: compare.py BUILD ORIGINAL WORK [NAME...]    called by CTests/compare.sh"""
import concurrent.futures
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
TESTS = os.path.dirname(HERE)
DUMPS = ('strings', 'regex', 'values', 'nulls', 'buffers', 'questions')
# Run with a server of one side and ranks of the other, too.
MIXED = ('groups', 'invite', 'joinjobs', 'psets')
SCRIPTS = ('raw', 'dlopen')


def known_differences():
    """A list of (test, pattern, whether it is a prefix)."""
    found = []
    with open(os.path.join(TESTS, 'known-differences.txt'), encoding='utf-8') as lines:
        for line in lines:
            line = line.rstrip('\n')
            if not line or line.startswith('#'):
                continue
            test, rest = line.split(': ', 1)
            if '*: ' in rest:
                found.append((test, rest.split('*: ', 1)[0], True))
            else:
                found.append((test, rest, False))
    return found


def is_known(known, test, text):
    text = text.removesuffix(':')
    return any(text.startswith(pattern) if prefix else pattern.startswith(text + ': ')
               for name, pattern, prefix in known if name == test)


def run(command, library, **more):
    environment = {**os.environ, 'LD_LIBRARY_PATH': library}
    for name in ('MUSTER_CASE', 'MUSTER_SANITIZE', 'TEST_CLIENT_LIBDIR', 'TEST_SECOND_LIBDIR'):
        environment.pop(name, None)
    environment.update(more)
    with open(os.path.join(HERE, 'vectors', 'attributes.txt'), encoding='ascii') as attributes:
        result = subprocess.run(command, env=environment, stdin=attributes, stdout=subprocess.PIPE, errors='replace',
                                stderr=subprocess.DEVNULL, timeout=600, check=False)
    return result.stdout


def checks_in(output):
    """Text of a check -> whether it passed every time it was made."""
    checks = {}
    for line in output.splitlines():
        match = re.match(r'(not )?ok \d+ - (.*)', line)
        if match and '# SKIP' not in line:
            text = re.sub(r'\s+# got .*', '', match.group(2))
            checks[text] = checks.get(text, True) and not match.group(1)
    return checks


def outcomes_in(output):
    """A dump's questions and outcomes."""
    lines = (re.match(r'(.*?)( = .*| crashes| hangs|: status .*|: string .*| needs a load)$', line)
             for line in output.splitlines())
    return {match.group(1): match.group(2) for match in lines if match}


def compile_program(name, root, work, headers):
    program = os.path.join(work, name + '.' + ('ours' if headers != os.path.join(root, 'include') else 'original'))
    source = os.path.join(HERE, name + '.c')
    with open(source, encoding='utf-8') as text:
        lines = text.read().splitlines()[:20]
    others = [os.path.join(HERE, word) for line in lines if line.startswith('// sources: ')
              for word in line.split()[2:]]
    libraries = [word for line in lines if line.startswith('// libraries: ') for word in line.split()[2:]]
    side = ['-DMUSTER_ORIGINAL'] if program.endswith('.original') else []
    subprocess.run([os.environ.get('CC', 'cc'), '-std=gnu11', '-g', '-O1', '-w', '-D_GNU_SOURCE', '-I' + TESTS,
                    '-I' + HERE, '-I' + headers, source, *others, '-o', program, '-L' + os.path.join(root, 'lib'),
                    '-lpmix', '-lpthread', *libraries, *side], check=True)
    return program


class Comparison:
    def __init__(self, build, original, work):
        self.known, self.work, self.alone = known_differences(), work, {}
        ours = os.path.join(TESTS, '..', 'Include', 'pmix')
        theirs = os.path.join(original, 'include')
        self.sides = {'ours': (build, ours if os.path.exists(os.path.join(ours, 'pmix.h')) else theirs),
                      'original': (original, theirs)}

    def output(self, name, side, *words, ranks=None):
        root, headers = self.sides[side]
        if name in SCRIPTS:
            return run(['bash', os.path.join(HERE, name + '.sh'), root], os.path.join(root, 'lib'), TEST_DEADLINE='8')
        work = os.path.join(self.work, side)
        os.makedirs(work, exist_ok=True)
        program = os.path.join(work, name + '.' + ('ours' if headers != os.path.join(root, 'include') else 'original'))
        if not os.path.exists(program):
            program = compile_program(name, root, work, headers)
        # The original hangs in places; it need not be waited for as long as ours.
        more = {'TEST_DEADLINE': '15' if (side, ranks) in (('ours', None), ('ours', 'ours')) else '8'}
        if ranks:
            more['TEST_CLIENT_LIBDIR'] = os.path.join(self.sides[ranks][0], 'lib')
        return run([program, *words], os.path.join(root, 'lib'), **more)

    def compare_checks(self, name):
        """What our side fails although the original passes it, and what the original fails without being known to."""
        ours, original = checks_in(self.output(name, 'ours')), checks_in(self.output(name, 'original'))
        self.alone[name] = ours, original
        worse = [text for text, passed in ours.items() if not passed and original.get(text)]
        worse += [text for text, passed in original.items() if passed and text not in ours]
        fails = [text for text, passed in original.items()
                 if not passed and ours.get(text, True) and not is_known(self.known, name, text)]
        return {'%s: ours passes what the original passes' % name: worse,
                '%s: what only ours passes is a known difference' % name: fails}

    def compare_dumps(self, name):
        """Every line is a question and its outcome. Where the original crashes or hangs there is nothing to compare."""
        ours, original = (outcomes_in(self.output(name, side, '--dump')) for side in ('ours', 'original'))
        bad = ['%s: theirs%s, ours%s' % (question, theirs, ours.get(question, ' is missing'))
               for question, theirs in original.items()
               if theirs not in (' crashes', ' hangs') and theirs != ours.get(question)
               and not is_known(self.known, name + ' --dump', question + ':')]
        bad += ['%s: only ours' % question for question in ours if question not in original]
        if not original:
            bad.append('the original printed nothing')
        return {'%s: both print the same, but for known differences' % name: bad}

    def compare_mixed(self, name):
        """What either side does alone, but for known differences, they do together."""
        ours, original = self.alone[name]
        both = [text for text, passed in ours.items()
                if passed and original.get(text) and not is_known(self.known, name, text)]
        result = {}
        for server, ranks in (('ours', 'original'), ('original', 'ours')):
            checks = checks_in(self.output(name, server, ranks=ranks))
            bad = [text for text in both if not checks.get(text)] + ([] if both else ['nothing to compare'])
            result['%s: the server %s, the ranks %s' % (name, server, ranks)] = bad
        return result

    def compare(self, name):
        try:
            result = self.compare_checks(name)
            if name in MIXED:
                result.update(self.compare_mixed(name))
            if name in DUMPS:
                result.update(self.compare_dumps(name))
            return result
        except (subprocess.SubprocessError, OSError) as error:
            return {'%s: can be compared' % name: [str(error)]}


def is_program(name):
    """A test whose outcomes are compared here. Those marked `compare: original` are run on both sides by run.sh, those
    marked `compare: nothing` call what the original lacks."""
    if not name.endswith('.c'):
        return False
    with open(os.path.join(HERE, name), encoding='utf-8') as text:
        source = text.read()
    return '\nint main' in source and '\n// compare: ' not in source


def main():
    build, original, work = sys.argv[1:4]
    names = sys.argv[4:] or sorted(one[:-2] for one in os.listdir(HERE) if is_program(one)) + list(SCRIPTS)
    comparison = Comparison(build, original, work)
    count = failed = 0
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        for result in pool.map(comparison.compare, names):
            for text, bad in result.items():
                count += 1
                failed += bool(bad)
                print('%sok %d - %s' % ('not ' if bad else '', count, text), flush=True)
                for line in bad[:int(os.environ.get('COMPARE_LINES', '40'))]:
                    print('#   %s' % line, flush=True)
    print('1..%d' % count)
    print('%d passed, %d failed, 0 skipped' % (count - failed, failed))
    sys.exit(1 if failed else 0)


main()
