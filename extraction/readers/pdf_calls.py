"""Functions of pdfium that are called for every word or letter, with addresses for objects: each call costs."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any

import pypdfium2.raw as pdfium


def called(name: str, result: type | None, *arguments: type) -> Callable[..., Any]:
    """The function of this name without the checks that ctypes makes on each call."""
    return ctypes.PYFUNCTYPE(result, *arguments)(ctypes.cast(getattr(pdfium, name), ctypes.c_void_p).value or 0)


def address_of(handle: object) -> int:
    return ctypes.cast(handle, ctypes.c_void_p).value or 0  # type: ignore[arg-type]
