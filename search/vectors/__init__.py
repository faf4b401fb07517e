"""Sentence vectors: what resources mean, computed here, offline, and searched exactly.

An optional part: without it (off, not installed, broken) search goes on with words alone.
"""
