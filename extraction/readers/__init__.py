"""One module a format: bytes in, blocks in reading order out. Runs in a sandbox child only."""
