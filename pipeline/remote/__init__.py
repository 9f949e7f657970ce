"""Texts and outputs in an object store: local copies, which all other code works with.

Only `bucket` knows fsspec, and only where an address is given is it imported.
"""
