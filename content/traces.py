"""Traces: what erasure leaves of a word by which something is found, an address or the source of a text.

Whoever knows the word can still recognise it, and nobody can read it.
"""

import hashlib

ERASED = "sha256:"


def trace(word: str) -> str:
    """Return what stands for an erased word; a trace stays as it is."""
    return word if word.startswith(ERASED) else ERASED + hashlib.sha256(word.encode()).hexdigest()


def trace_of_source(source: str) -> str:
    """Return what stands for an erased source; what was read from one file keeps that in common."""
    return "#".join(map(trace, source.split("#")))
