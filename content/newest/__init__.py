"""The newest versions, as the newsroom lists them: what each is found by and ordered by, drafts too.

It is the newsroom's own; no reader of the API is ever answered from it. A save keeps it, the log is followed before a
list is read, and erasure takes the words from it too. It can be remade at any time, and is
so when an upgrade has emptied it.
"""
