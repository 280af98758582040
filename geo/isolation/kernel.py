"""What Linux can take from a process: files (Landlock) and the network (seccomp).

Both are asked for by system calls that need no rights and no library. Where the kernel knows
them not, nothing happens: the limits on memory and time, and the readers' own checks, remain.
Sources: Linux documentation, ``userspace-api/landlock`` and ``userspace-api/seccomp_filter``.
"""

from __future__ import annotations

import ctypes
import os
import platform
import struct
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Final

_NO_NEW_PRIVILEGES: Final = 38

# ---- Landlock ----

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_PATH_BENEATH: Final = 1
_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_FOLDER = 1, 2, 4, 8
_TRUNCATE: Final = 1 << 14
# Rights on files by version of Landlock: the first knew 13, the second added one, the third one.
_RIGHTS: Final = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1}
_ON_FILES: Final = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE
_READ: Final = _READ_FILE | _READ_FOLDER | _EXECUTE

# ---- seccomp ----

_FILTER_MODE, _ALL_THREADS = 1, 1
_LOAD, _JUMP_EQUAL, _JUMP_FROM, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | 1  # refused calls fail with EPERM
_NUMBER_AT, _MACHINE_AT = 0, 4
_OTHER_CALLS: Final = 0x40000000
# The machine's number, its number of seccomp, and those of socket, socketpair, connect, bind,
# execve, execveat, ptrace, io_uring_setup, process_vm_readv and process_vm_writev.
_CALLS: Final = {
    "x86_64": (0xC000003E, 317, (41, 53, 42, 49, 59, 322, 101, 425, 310, 311)),
    "aarch64": (0xC00000B7, 277, (198, 199, 203, 200, 221, 281, 117, 425, 270, 271)),
}


def restrict_files(readable: Iterable[str], writable: Iterable[str]) -> bool:
    """Leave this process only these files and folders; say whether the kernel could do it.

    Parameters
    ----------
    readable, writable : iterable of str
        Files and folders with all that is in them; those that are not there are passed over.
    """
    if sys.platform != "linux":
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    version = libc.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), 1)
    if version < 1:
        return False
    handled = _RIGHTS[min(version, max(_RIGHTS))]
    attributes = struct.pack("=Q", handled)
    rules = libc.syscall(_CREATE_RULESET, attributes, ctypes.c_size_t(len(attributes)), 0)
    if rules < 0:
        return False
    try:
        for paths, rights in ((readable, _READ), (writable, handled)):
            for path in paths:
                _allow(libc, rules, path, rights & handled)
        libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
        return bool(libc.syscall(_RESTRICT_SELF, rules, 0) == 0)
    finally:
        os.close(rules)


def _allow(libc: ctypes.CDLL, rules: int, path: str, rights: int) -> None:
    try:
        opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        allowed_rights = rights if Path(path).is_dir() else rights & _ON_FILES
        libc.syscall(_ADD_RULE, rules, _PATH_BENEATH, struct.pack("=Qi", allowed_rights, opened), 0)
    finally:
        os.close(opened)


def deny_network() -> bool:
    """Take sockets and other programs from this process; say whether the kernel could do it."""
    call_numbers = _CALLS.get(platform.machine())
    if sys.platform != "linux" or call_numbers is None:
        return False
    machine, seccomp, refused = call_numbers
    program = _build_filter(machine, refused)
    code = ctypes.create_string_buffer(program, len(program))
    head = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(code))
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    return bool(libc.syscall(seccomp, _FILTER_MODE, _ALL_THREADS, head) == 0)


def _build_filter(machine: int, refused: tuple[int, ...]) -> bytes:
    """Build a program that refuses some calls, and all of another machine's set of calls."""

    def step(code: int, yes: int, no: int, value: int) -> bytes:
        return struct.pack("=HBBI", code, yes, no, value)

    # Jumps count the steps between: the last step refuses, the one before it allows.
    steps = [
        step(_LOAD, 0, 0, _MACHINE_AT),
        step(_JUMP_EQUAL, 0, len(refused) + 3, machine),
        step(_LOAD, 0, 0, _NUMBER_AT),
        step(_JUMP_FROM, len(refused) + 1, 0, _OTHER_CALLS),
    ]
    for position, number in enumerate(refused):
        steps.append(step(_JUMP_EQUAL, len(refused) - position, 0, number))
    steps += [step(_RETURN, 0, 0, _ALLOW), step(_RETURN, 0, 0, _REFUSE)]
    return b"".join(steps)
