"""nordtema: which themes Danish and Norwegian texts dwell on, and how sure one can be."""

__version__ = "0.1.0"
