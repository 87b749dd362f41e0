// Nothing to import: the target is there to be linked.
