"""The first stage: the files under raw/ -> documents, blocks, and what was rejected and why."""
