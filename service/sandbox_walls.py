"""Walls around a sandbox child, put up by the child itself before it opens anything.

A filter of system calls (seccomp(2)): no socket that reaches anybody, no look into other processes, no leaving the
process group, so that whoever ends the group ends all that was started. Landlock (landlock(7)): of the files of this
machine only programs and their data can be read, and nothing can be written but what lies in the child's folder.
Both hold for everything that the child starts, and cannot be taken down again.
"""

from __future__ import annotations

import ctypes
import os
import platform
import struct
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from errno import EACCES
from pathlib import Path
from socket import AF_UNIX

PR_SET_SECCOMP, PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS = 22, 36, 38  # linux/prctl.h
SECCOMP_MODE_FILTER = 2

# What LibreOffice, tesseract and catdoc read besides our own code: no home, no data, no /proc, and of /etc no secret.
SYSTEM = (
    "/usr", "/opt", "/lib", "/lib64", "/bin", "/dev/zero", "/dev/random", "/dev/urandom", "/sys/devices/system/cpu",
    "/etc/alternatives", "/etc/fonts", "/etc/group", "/etc/ld.so.cache", "/etc/libreoffice", "/etc/locale.alias",
    "/etc/localtime", "/etc/nsswitch.conf", "/etc/passwd", "/var/cache/fontconfig", "/var/lib/libreoffice",
    "/var/spool/libreoffice",
)  # fmt: skip
OURS = ("domain", "intake", "extraction", "service")


@dataclass(frozen=True, slots=True, kw_only=True)
class Walls:
    """Why a wall does not stand, in words for staff; None where it does."""

    calls: str | None
    files: str | None


def put_up(folder: Path, readable: Iterable[Path]) -> Walls:
    """Irrevocably, and before a second thread is there. `folder` can be written, `readable` be read besides."""
    if sys.platform != "linux":
        return Walls(calls="only Linux has such a filter", files="only Linux has Landlock")
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)  # both walls ask for it; no program gains rights by its file's mode
    libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)  # what a program leaves behind becomes our child, and is seen
    files = _restrict_files(libc, folder, readable)
    return Walls(calls=_filter_calls(libc), files=files)


def _error() -> str:
    return os.strerror(ctypes.get_errno())


# The filter: a program for the kernel, four numbers a step (linux/filter.h, linux/seccomp.h).

LOAD, EQUAL, AT_LEAST, RETURN = 0x20, 0x15, 0x35, 0x06
NUMBER, ARCHITECTURE, FIRST_ARGUMENT = 0, 4, 16  # offsets in struct seccomp_data; the low half, little-endian
ALLOW, REFUSE, PRETEND = 0x7FFF0000, 0x00050000 | EACCES, 0x00050000  # a pretended call does nothing and succeeds
FOREIGN_ABI = 0x40000000  # x32 on x86_64: the same calls by other numbers
Step = tuple[int, int, int, int]  # code, steps to skip where it holds, where it does not, operand


@dataclass(frozen=True, slots=True, kw_only=True)
class Calls:
    """The numbers that a kind of machine has for what the filter looks at."""

    architecture: int  # AUDIT_ARCH of linux/audit.h
    socket: int
    refused: tuple[int, ...]  # connect, ptrace, setpgid, setsid, process_vm_readv and _writev, io_uring_setup (its
    # rings make sockets as well), pidfd_getfd
    pretended: tuple[int, ...]  # bind, listen: LibreOffice opens a socket for its next start, in a folder it names


CALLS = {
    "x86_64": Calls(
        architecture=0xC000003E,
        socket=41,
        refused=(42, 101, 109, 112, 310, 311, 425, 438),
        pretended=(49, 50),
    ),
    "aarch64": Calls(
        architecture=0xC00000B7,
        socket=198,
        refused=(203, 117, 154, 157, 270, 271, 425, 438),
        pretended=(200, 201),
    ),
}


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.c_char_p))


def _filter_calls(libc: ctypes.CDLL) -> str | None:
    calls = CALLS.get(platform.machine())
    if calls is None:
        return f"no filter is known for {platform.machine()}"
    steps = list(_steps(calls))
    program = _Program(len(steps), b"".join(struct.pack("=HBBI", *step) for step in steps))
    if libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0):
        return f"the kernel takes no filter of system calls: {_error()}"
    return None


def _steps(calls: Calls) -> Iterator[Step]:
    refuse, pretend = (RETURN, 0, 0, REFUSE), (RETURN, 0, 0, PRETEND)
    yield from ((LOAD, 0, 0, ARCHITECTURE), (EQUAL, 1, 0, calls.architecture), refuse)
    yield from ((LOAD, 0, 0, NUMBER), (AT_LEAST, 0, 1, FOREIGN_ABI), refuse)
    for number in calls.refused:
        yield from ((EQUAL, 0, 1, number), refuse)
    for number in calls.pretended:
        yield from ((EQUAL, 0, 1, number), pretend)
    yield from ((EQUAL, 0, 3, calls.socket), (LOAD, 0, 0, FIRST_ARGUMENT), (EQUAL, 1, 0, AF_UNIX), refuse)
    yield (RETURN, 0, 0, ALLOW)


# Landlock (linux/landlock.h). The numbers of its calls are the same on all machines.

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
ASK_VERSION, PATH_BENEATH = 1, 1
EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1, 2, 4, 8
READ = EXECUTE | READ_FILE | READ_DIR
RIGHTS = {1: 13, 2: 14, 3: 15, 5: 16}  # how many rights on files a version of the interface has, by the first of such
SCOPED_SINCE, ALL_SCOPES = 6, 3  # no signal and no abstract socket reaches beyond the wall


def _restrict_files(libc: ctypes.CDLL, folder: Path, readable: Iterable[Path]) -> str | None:
    version = libc.syscall(CREATE_RULESET, None, ctypes.c_size_t(0), ASK_VERSION)
    if version < 1:
        return f"the kernel has no Landlock (Linux 5.13 and later): {_error()}"
    all_rights = (1 << RIGHTS[max(first for first in RIGHTS if first <= version)]) - 1
    attributes = struct.pack("=QQQ", all_rights, 0, ALL_SCOPES)[: 24 if version >= SCOPED_SINCE else 8]
    rules = libc.syscall(CREATE_RULESET, attributes, ctypes.c_size_t(len(attributes)), 0)
    if rules < 0:
        return f"Landlock fails: {_error()}"
    try:
        for path, rights in ((folder, all_rights), *_readable(readable)):
            with suppress(OSError):  # what is not there need not be allowed
                _allow(libc, rules, path, rights)
        return f"Landlock fails: {_error()}" if libc.syscall(RESTRICT_SELF, rules, 0) else None
    finally:
        os.close(rules)


def _readable(more: Iterable[Path]) -> Iterator[tuple[Path, int]]:
    rooms = Path(__file__).parents[1]  # where our own packages lie, in a checkout beside config/ and the data
    yield rooms, READ_DIR
    yield Path(os.devnull), READ_FILE | WRITE_FILE
    interpreter = {Path(path) for path in (sys.prefix, sys.base_prefix, *sys.path)} - {rooms}
    for path in (*map(Path, SYSTEM), *interpreter, *(rooms / name for name in OURS), *more):
        yield path, READ


def _allow(libc: ctypes.CDLL, rules: int, path: Path, rights: int) -> None:
    place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        if not path.is_dir():
            rights &= EXECUTE | WRITE_FILE | READ_FILE
        libc.syscall(ADD_RULE, rules, PATH_BENEATH, struct.pack("=Qi", rights, place), 0)
    finally:
        os.close(place)
