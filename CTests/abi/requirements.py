"""Whether every requirement of the server stands in the text of each test that its row in Tests/Requirements.md names.
usage: requirements.py    Prints what is missing and fails then. A number that a test puts in itself (`FLAG-%d`) counts."""
import os
import re
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SECTIONS = ('## Server semantics', '## Defects of the seeds that we do not have')
# What a row names is looked for here, in this order; rigs/NAME and ../FOLDER/NAME say themselves where they are.
PLACES = ('CTests/pmix', 'CTests/pmix/programs', 'CTests/rigs', 'Tests/PMIxServerTests', 'Tests/PMIxWireTests',
          'Tests/PMIxClientTests')
ENDINGS = ('.c', '.h', '.sh', '.py', '.swift')


def read(path):
    with open(os.path.join(ROOT, path), encoding='utf-8') as text:
        return text.read()


def rows():
    section = ''
    for line in read('Tests/Requirements.md').splitlines():
        if line.startswith('## '):
            section = line
        cells = [cell.strip() for cell in line.strip('|').split('|')]
        if section in SECTIONS and len(cells) == 3 and re.search(r'\d', cells[0]):
            yield cells[0].split(', '), cells[2]


def names(cell):
    """The tests of a row, without what is said of them in brackets."""
    for name in re.sub(r'\([^)]*\)', '', cell).split(','):
        if name.strip() and not name.strip().startswith('in `make'):
            yield name.strip()


def files(name):
    """The files of a test, with those that are its parts."""
    folder, base = os.path.split(name)
    places = [os.path.normpath(os.path.join('CTests', folder.replace('../', '')))] if folder else PLACES
    found = [os.path.join(place, base + ending) for place in places for ending in ENDINGS]
    found = [path for path in found if os.path.exists(os.path.join(ROOT, path))]
    for path in list(found):
        for part in re.findall(r'#include "([^"]+)"', read(path)):
            part = os.path.normpath(os.path.join(os.path.dirname(path), part))
            if os.path.exists(os.path.join(ROOT, part)):
                found.append(part)
    return found


def has(text, one):
    exact = re.escape(one) + r'(?!\d)'
    return re.search(exact, text) or re.sub(r'\d+$', '%d', one) in text


def main():
    missing = 0
    for ids, cell in rows():
        for name in names(cell):
            text = '\n'.join(read(path) for path in files(name))
            for one in ids:
                if not has(text, one):
                    missing += 1
                    print('%s is not in %s' % (one, name) if text else '%s: there is no test %s' % (one, name))
    return 1 if missing else 0


if __name__ == '__main__':
    sys.exit(main())
