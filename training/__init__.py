"""Scripts that make the data files of `pipeline/nordic/data` from a folder of public data."""
