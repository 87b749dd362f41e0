"""A job that starts another and adds up with it: each of the two parents prints what the two children have given."""
import sys
from mpi4py import MPI

other = MPI.Comm.Get_parent()
if other == MPI.COMM_NULL:
    other = MPI.COMM_WORLD.Spawn(sys.executable, args=[__file__], maxprocs=2)
    print(other.allreduce(1))
else:
    other.allreduce(2)
other.Disconnect()
