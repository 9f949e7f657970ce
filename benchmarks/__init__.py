"""Quality and speed, measured on public data that is not part of the project.

`python -m benchmarks` runs all of them; each module can also be run by itself. They print tables;
docs/benchmarks.md keeps those that were printed last.
"""
