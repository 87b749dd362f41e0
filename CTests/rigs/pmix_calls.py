"""A rank that makes every call of python3-pmix that its client class has and that works with the original: what it prints is
compared between libraries. (store_internal and event handlers of that module corrupt its memory, whatever the library.)"""
import pmix


def value(key, content, kind):
    return {'key': key, 'flags': 0, 'value': content, 'val_type': kind}


client = pmix.PMIxClient()
status, me = client.init([])
everyone = {'nspace': me['nspace'], 'rank': pmix.PMIX_RANK_WILDCARD}
is_first = me['rank'] == 0


def meet():
    client.fence([everyone], [])


if is_first:
    print('publish', client.publish([value('py.key', 'py value', pmix.PMIX_STRING)]))
meet()
status, found = client.lookup([{'key': 'py.key'}], [])
print('lookup', status, [(one['key'], one['value'], one['proc']['rank']) for one in found])
meet()
print('resolve_nodes', client.resolve_nodes(me['nspace'])[0])
print('error_string', client.error_string(pmix.PMIX_ERR_UNREACH))
print('proc_state_string', client.proc_state_string(5))
print('scope_string', client.scope_string(pmix.PMIX_GLOBAL))
print('persistence_string', client.persistence_string(1))
print('data_range_string', client.data_range_string(2))
print('data_type_string', client.data_type_string(3))
print('alloc_directive_string', client.alloc_directive_string(1))
print('iof_channel_string', client.iof_channel_string(6))
print('job_state_string', client.job_state_string(3))
print('link_state_string', client.link_state_string(1))
print('device_type_string', client.device_type_string(4))
print('info_directives_string', client.info_directives_string(1))
print('get_attribute_string', client.get_attribute_string('PMIX_JOB_SIZE'))
print('get_attribute_name', client.get_attribute_name('pmix.job.size'))
if is_first:
    print('log', client.log([value(pmix.PMIX_LOG_STDERR, 'words of python\n', pmix.PMIX_STRING)], []))
print('query', client.query([{'keys': [pmix.PMIX_QUERY_SPAWN_SUPPORT], 'qualifiers': []}]))
print('job_control', client.job_control([me], [value(pmix.PMIX_JOB_CTRL_SIGNAL, 0, pmix.PMIX_INT)]))
print('allocation_request', client.allocation_request(1, [value(pmix.PMIX_ALLOC_NUM_NODES, 1, pmix.PMIX_UINT64)]))
print('get_credential', client.get_credential([]))
print('load_topology', client.load_topology())
if is_first:
    print('spawn', client.spawn([], [{'cmd': '/bin/true', 'argv': ['true'], 'maxprocs': 1}])[0])
meet()
print('connect', client.connect([everyone], []))
print('disconnect', client.disconnect([everyone], []))
# The original's host has no groups and the original then has none; ours needs no host for a group of one node.
print('# group_construct', client.group_construct('pygroup', [everyone], [])[0])
print('# group_destruct', client.group_destruct('pygroup', []))
print('finalize', client.finalize([]))
