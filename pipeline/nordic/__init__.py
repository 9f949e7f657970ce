"""What the stages know of Danish, Bokmål and Nynorsk: code beside its data files."""

# The groups of the default comparison: Bokmål and Nynorsk together are Norwegian.
GROUPS = {"da": "da", "nb": "no", "nn": "no"}
