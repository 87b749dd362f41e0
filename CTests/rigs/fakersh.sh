#!/bin/bash
# A stand-in for ssh that runs the remote command on this machine under the remote's host name, in a UTS namespace of its
# own (root), so that mpirun starts one orted per host it believes in:
#   mpirun --mca plm rsh --mca plm_rsh_agent $PWD/fakersh.sh --mca btl_tcp_if_include lo --mca oob_tcp_if_include lo \
#          -H nodeA:1,nodeB:2 -n 3 PROGRAM
while [[ "$1" == -* ]]; do shift; done
host=$1
shift
exec unshare -u bash -c "hostname $host; $*"
