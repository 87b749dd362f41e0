"""The table of the public functions in README.md: by family, with who imports them and which tests call them.
usage: functions.py            rewrites what stands between the markers of README.md
       functions.py --check    fails when a function is missing there, or its consumers, or any test of it; whether all
                               its tests are there is not looked at
The consumers are those of Include/libpmix.so.2.symbols, the tests those of CTests/abi/called.py."""
import os
import re
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
README = os.path.join(ROOT, 'README.md')
BEGIN, END = '<!-- functions: made by scripts/functions.py -->', '<!-- end of functions -->'
# The first family whose pattern a name matches is its own.
FAMILIES = [
    ('Tools', r'tool_'),
    ('Servers', r'server_|generate_|Register_attributes'),
    ('Begin and end', r'Init$|Initialized|Finalize|Abort|Get_version|Progress'),
    ('Groups', r'Group_'),
    ('Data exchange', r'Put|Commit|Fence|Get$|Get_nb|Store_internal'),
    ('Published data', r'Publish|Lookup|Unpublish'),
    ('Jobs', r'Spawn|Connect|Disconnect|Resolve_|Job_control|Allocation|Session|Resource_block$|Resource_block_nb'),
    ('Events', r'Register_event|Deregister_event|Notify'),
    ('Queries, log, monitoring', r'Query_info|Log|Process_monitor|Heartbeat'),
    ('Forwarded input and output', r'IOF_(pull|push|dereg)'),
    ('Credentials', r'Get_credential|Validate_credential'),
    ('Making and freeing structs', r'\w*_(construct|create|destruct|free|release)$'),
    ('Hardware and fabric', r'Fabric_|Load_topology|Get_cpuset|Parse_cpuset|Compute_dist|Get_relative|Cpuset|Topology|'
     r'Geometry|Device|Endpoint|Coord|Regattr_X'),
    ('Names of things', r'\w*_string$|Get_attribute'),
    ('Packing', r'Data_(buffer|pack|unpack|copy|print|load|unload|embed|compress|decompress|buffer)'),
    ('Arguments and environment', r'Argv_|Setenv'),
    ('Lists of infos', r'Info_list'),
    ('Values, infos and other data', r''),
]


def family_of(name):
    bare = name.removeprefix('PMIx_')
    return next(title for title, pattern in FAMILIES if re.match(pattern, bare))


def consumers():
    with open(os.path.join(ROOT, 'Include', 'libpmix.so.2.symbols'), encoding='utf-8') as lines:
        return dict(line.split() for line in lines if line.strip() and not line.startswith('#'))


def callers():
    command = [sys.executable, os.path.join(ROOT, 'CTests', 'abi', 'called.py')]
    lines = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True).stdout.splitlines()
    return {words[0]: words[1:] for words in (line.split() for line in lines)}


def tests_of(names):
    """A few stand for many: those that are about the function tend to be those with the fewest."""
    shown = [name.removeprefix('pmix/') for name in names]
    return ', '.join(shown[:3]) + (' and %d more' % (len(shown) - 3) if len(shown) > 3 else '') if shown else '**none**'


def table():
    users, tests = consumers(), callers()
    rows = {title: [] for title, _ in FAMILIES}
    for name in sorted(users):
        who = users[name].replace('-', '').replace(',', ' ')
        row = '| %s | %s | %s |' % (name.removeprefix('PMIx_'), who, tests_of(tests.get(name, [])))
        rows[family_of(name)].append(row)
    lines = ['%d names. Who uses them: O4 Open MPI 4.1, O5 Open MPI 5.0, SL Slurm 22.05, PY python3-pmix,' %
             len(users),
             "PR PRRTE 3.0, TL OpenPMIx's own tools. The tests are C programs below `CTests`, those without a folder",
             'in `CTests/pmix`; besides, every function is called there with NULL and zero.']
    for title, _ in FAMILIES:
        if rows[title]:
            lines += ['', '| %s: %d | used by | called by |' % (title, len(rows[title])), '|---|---|---|'] + rows[title]
    return '\n'.join(lines)


def without_tests(text):
    return re.sub(r'^(\| \w+ \| [A-Z0-9 ]*\| )(?!\*\*none).* \|$', r'\1|', text, flags=re.M)


def main():
    with open(README, encoding='utf-8') as text:
        old = text.read()
    head, rest = old.split(BEGIN, 1)
    new = head + BEGIN + '\n' + table() + '\n' + END + rest.split(END, 1)[1]
    if sys.argv[1:] == ['--check']:
        sys.exit('**none**' in new or without_tests(new) != without_tests(old))
    with open(README, 'w', encoding='utf-8') as text:
        text.write(new)


main()
