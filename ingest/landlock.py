"""Landlock: how a process gives up its rights over files, for good and for all that it starts.

Since Linux 5.13, for any user; on another system, or where the kernel was built without it, nothing happens.
"""

from __future__ import annotations

import ctypes
import os
import platform
import sys
from contextlib import suppress

# From <linux/landlock.h>; the numbers of the calls are the same on all of these.
_MACHINES = ("x86_64", "aarch64", "riscv64")
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_VERSION, _PATH_BENEATH = 1, 1
_WRITE_FILE, _TRUNCATE = 1 << 1, 1 << 14
_REMOVE_AND_MAKE = sum(1 << bit for bit in range(4, 13))  # folders, files, links, pipes, sockets, devices
_REFER = 1 << 13  # rename from one folder to another
_TCP = 0b11  # bind, connect
_SCOPES = 0b11  # abstract Unix sockets of, and signals to, processes outside


class _Ruleset(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("network", ctypes.c_uint64), ("scopes", ctypes.c_uint64))


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _layout_ = "ms"
    _fields_ = (("allowed", ctypes.c_uint64), ("folder", ctypes.c_int32))


def forbid_changes() -> bool:
    """From here on this thread, and what it starts, changes no file; /dev/null alone can be written.

    Newer kernels also keep it from TCP and from signalling processes other than its own. To be called after
    PR_SET_NO_NEW_PRIVS. Returns whether the kernel does so.
    """
    if sys.platform != "linux" or platform.machine() not in _MACHINES:
        return False
    call = ctypes.CDLL(None).syscall
    version = call(_CREATE_RULESET, None, ctypes.c_size_t(0), _VERSION)
    if version < 1:
        return False
    writing = _WRITE_FILE | (_TRUNCATE if version >= 3 else 0)
    files = writing | _REMOVE_AND_MAKE | (_REFER if version >= 2 else 0)
    wanted = _Ruleset(files, _TCP if version >= 4 else 0, _SCOPES if version >= 6 else 0)
    size = 24 if version >= 6 else 16 if version >= 4 else 8  # an older kernel knows no more of it
    ruleset = call(_CREATE_RULESET, ctypes.byref(wanted), ctypes.c_size_t(size), 0)
    if ruleset < 0:
        return False
    try:
        with suppress(OSError):  # no /dev/null: then nothing can be written at all
            nothing = os.open(os.devnull, os.O_PATH)
            try:
                rule = _Beneath(writing, nothing)
                call(_ADD_RULE, ruleset, _PATH_BENEATH, ctypes.byref(rule), 0)
            finally:
                os.close(nothing)
        return bool(call(_RESTRICT_SELF, ruleset, 0) == 0)
    finally:
        os.close(ruleset)
