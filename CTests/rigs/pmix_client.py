"""A client of python3-pmix, two ranks of which exchange one value: what it prints is compared between libraries."""
import pmix

client = pmix.PMIxClient()
status, me = client.init([])
everyone = {'nspace': me['nspace'], 'rank': pmix.PMIX_RANK_WILDCARD}
peer = {'nspace': me['nspace'], 'rank': (me['rank'] + 1) % 2}
collect = {'key': pmix.PMIX_COLLECT_DATA, 'flags': 0, 'value': True, 'val_type': pmix.PMIX_BOOL}
print("init", status, me)
print("initialized", client.initialized())
print("put", client.put(pmix.PMIX_GLOBAL, "mykey", {'value': me['rank'] + 100, 'val_type': pmix.PMIX_UINT32}))
print("commit", client.commit())
print("fence", client.fence([everyone], [collect]))
print("get", client.get(peer, "mykey", []))
print("job size", client.get(everyone, pmix.PMIX_JOB_SIZE, []))
print("missing", client.get(peer, "nobody put this", []))
print("finalize", client.finalize([]))
