"""Which tests call each public function: NAME and the programs, one line each; a name alone is called by none.
usage: called.py    Reads Include/libpmix.so.2.symbols and what the preprocessor makes of the C programs below CTests,
so that calls through macros count; the calls of CTests/pmix/nulls.c, which give a function nothing, do not."""
import concurrent.futures
import os
import re
import subprocess

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FOLDERS = ('CTests/abi', 'CTests/pmix', 'CTests/rigs/programs')


def public_names():
    with open(os.path.join(ROOT, 'Include', 'libpmix.so.2.symbols'), encoding='utf-8') as lines:
        return [line.split()[0] for line in lines if line.strip() and not line.startswith('#')]


def programs():
    for folder in FOLDERS:
        for name in sorted(os.listdir(os.path.join(ROOT, folder))):
            path = os.path.join(folder, name)
            if not name.endswith('.c') or name in ('layout.c', 'nulls.c'):
                continue
            with open(os.path.join(ROOT, path), encoding='utf-8') as text:
                if re.search(r'^int main', text.read(), re.M):
                    yield path


def own_text(path):
    """The program after the preprocessor, without what stands in headers that are not its own."""
    command = [os.environ.get('CC', 'cc'), '-E', '-std=gnu11', '-D_GNU_SOURCE', '-ICTests', '-ICTests/pmix',
               '-IInclude/pmix', path]
    result = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True, text=True)
    kept, ours = [], False
    for line in result.stdout.splitlines():
        marker = re.match(r'# \d+ "([^"]*)"', line)
        if marker:
            ours = marker.group(1).startswith('CTests/')
        elif ours:
            kept.append(line)
    text = re.sub(r'"(\\.|[^"\\])*"', '""', '\n'.join(kept))
    # A declaration is not a call.
    return re.sub(r'^(extern )?pmix_status_t PMIx_\w+\([^{]*?\);$', '', text, flags=re.M)


def main():
    names = public_names()
    callers = {name: [] for name in names}
    paths = list(programs())
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for path, text in zip(paths, pool.map(own_text, paths)):
            for word in set(re.findall(r'\bPMIx_\w+|\bpmix_framework_names\b', text)):
                if word in callers:
                    callers[word].append(os.path.splitext(path)[0].removeprefix('CTests/'))
    for name in names:
        print(' '.join([name] + callers[name]))


main()
