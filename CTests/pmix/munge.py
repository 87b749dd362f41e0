"""The munge handshake, by hand: what is believed and what is not. usage: munge.py SERVE, where a munged runs"""
import os
import subprocess
import sys

import wire
from rawtest import PATIENCE, Server, Tap

tap = Tap()


def made(*before):
    """A credential of munge's, as it travels."""
    return subprocess.run([*before, 'munge', '--no-input'], capture_output=True, check=True).stdout.strip() + b'\0'


def knocks(server, credential, psec=b'munge'):
    client = wire.Client(server.uri, timeout=PATIENCE)
    try:
        return client.shake('testns', 0, psec=psec, credential=credential)
    except wire.Closed:
        return 'closed'
    finally:
        client.close()


def describe():
    server = Server(sys.argv[1], '1', '0', environment={'PMIX_MCA_psec': 'munge'})
    tap.same(server.env.get('PMIX_SECURITY_MODE'), 'munge', 'CRED-5 the server says that it wants it')
    good = made()
    tap.same(knocks(server, good), 0, 'CRED-5 who has a credential of the right user comes in')
    tap.same(knocks(server, good), 'closed', 'CRED-5 with one that has been used nobody does')
    tap.same(knocks(server, made('setpriv', '--reuid=65534', '--regid=65534', '--clear-groups')), 'closed',
             "CRED-5 nor with another user's")
    fresh = bytearray(made())
    fresh[len(fresh) // 2] ^= 1
    tap.same(knocks(server, bytes(fresh)), 'closed', 'CRED-5 nor with a forged one')
    tap.same(knocks(server, made()[:-1]), 'closed', 'CRED-5 nor with one that has no end')
    for text, what in ((b'', 'none'), (b'\0', 'an empty one'), (b'MUNGE:', 'the beginning of one'),
                       (b'MUNGE:' + b'A' * 100000 + b':\0', 'a long one')):
        tap.same(knocks(server, text), 'closed', 'CRED-5 nor with ' + what)
    tap.same(knocks(server, None, b'native'), 'closed', 'CRED-5 nor by saying who one is')
    tap.same(knocks(server, made()), 0, 'CRED-5 a good one still opens')
    tap.same(server.stop(), 0, 'the server ends well')


tap.section(describe)
sys.exit(1 if tap.failed else 0)
