"""A host written with python3-pmix: it serves two ranks, which are pmix_client.py. Each line it prints is compared between
libraries. usage: pmix_server.py CLIENT"""
import os
import socket
import subprocess
import sys
import tempfile

import pmix

NSPACE = 'pythonjob'
seen = []


def note(what):
    """An upcall that is done at once."""
    def upcall(*_):
        seen.append(what)
        return pmix.PMIX_OPERATION_SUCCEEDED
    return upcall


def value(key, content, kind):
    return {'key': key, 'flags': 0, 'value': content, 'val_type': kind}


def job_infos(server):
    host = socket.gethostname()
    status, nodes = server.generate_regex([host])
    print('generate_regex', status)
    status, ranks = server.generate_ppn(['0,1'])
    print('generate_ppn', status)
    return [value(pmix.PMIX_NODE_MAP, nodes, pmix.PMIX_REGEX),
            value(pmix.PMIX_PROC_MAP, ranks, pmix.PMIX_REGEX),
            value(pmix.PMIX_UNIV_SIZE, 2, pmix.PMIX_UINT32),
            value(pmix.PMIX_JOB_SIZE, 2, pmix.PMIX_UINT32),
            value(pmix.PMIX_LOCAL_SIZE, 2, pmix.PMIX_UINT32),
            value(pmix.PMIX_JOBID, NSPACE, pmix.PMIX_STRING)]


def start(server, rank, folder):
    environment = dict(os.environ)
    proc = {'nspace': NSPACE, 'rank': rank}
    print('register_client', server.register_client(proc, os.geteuid(), os.getegid()))
    print('setup_fork', server.setup_fork(proc, environment))
    print('rank', environment.get('PMIX_RANK'), 'of', environment.get('PMIX_NAMESPACE'))
    with open(os.path.join(folder, 'lines.%d' % rank), 'wb') as output:
        return subprocess.Popen([sys.executable, sys.argv[1]], env=environment, stdout=output)


def main():
    folder = tempfile.mkdtemp()
    server = pmix.PMIxServer()
    upcalls = {'clientconnected': note('connected'), 'clientfinalized': note('finalized'), 'publish': note('publish')}
    print('init', server.init([value(pmix.PMIX_SERVER_TMPDIR, folder, pmix.PMIX_STRING)], upcalls))
    print('initialized', server.initialized())
    print('register_nspace', server.register_nspace(NSPACE, 2, job_infos(server)))
    ranks = [start(server, rank, folder) for rank in range(2)]
    print('ranks ended with', [rank.wait(60) for rank in ranks])
    for rank in range(2):
        with open(os.path.join(folder, 'lines.%d' % rank), encoding='utf-8') as lines:
            for line in lines:
                print('rank %d: %s' % (rank, line), end='')
    print('seen', sorted(seen))
    print('deregister_nspace', server.deregister_nspace(NSPACE))
    print('finalize', server.finalize())


main()
