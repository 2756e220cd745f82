"""Compound files ([MS-CFB]) by olefile: Outlook's and the older Office's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import IO, Any

import olefile


class Storage:
    """The streams of a compound file, by the names on their way."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self.streams: Sequence[tuple[str, ...]] = [tuple(path) for path in file.listdir(streams=True, storages=False)]

    def size(self, path: Sequence[str]) -> int:
        """Bytes, as the directory says."""
        return int(self._file.get_size(list(path)))

    def read(self, path: Sequence[str]) -> bytes:
        with self._file.openstream(list(path)) as stream:
            return bytes(stream.read())


@contextmanager
def storage(file: IO[bytes]) -> Iterator[Storage]:
    """Raises whatever olefile does where the file is damaged."""
    with olefile.OleFileIO(file) as opened:
        yield Storage(opened)
