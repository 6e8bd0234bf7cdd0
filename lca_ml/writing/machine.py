"""What is asked of the operating system: bytes on the disk, a file without a name, a lock that ends with its process, two names exchanged."""

from __future__ import annotations

import ctypes
import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

AT_FDCWD, RENAME_EXCHANGE = -100, 2  # linux/fcntl.h, linux/fs.h
CANNOT = (errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP, errno.EISDIR)  # what kernels and file systems answer that know no such thing
TAKEN = (errno.ENOTEMPTY, errno.EEXIST)  # what a rename answers where there is more than an empty folder


def nameless(folder: Path) -> int | None:
    """Open a new file that has no name yet and vanishes with its process; None where there are none (macOS, NFS, no /proc). Raises OSError."""
    if not hasattr(os, "O_TMPFILE") or not Path("/proc/self/fd").exists():
        return None
    try:
        return os.open(folder, os.O_WRONLY | os.O_TMPFILE, 0o666)
    except OSError as refused:
        if refused.errno in CANNOT:
            return None
        raise


def named(path: Path) -> int:
    """Open a new file under a name that nothing has yet. Raises OSError."""
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o666)


def give_name(descriptor: int, path: Path) -> None:
    """Give a file without a name its first one, which nothing has yet. Raises OSError."""
    os.link(f"/proc/self/fd/{descriptor}", path, src_dir_fd=descriptor, follow_symlinks=True)  # proc(5); with a descriptor it is linkat(2)


def write(descriptor: int, data: bytes) -> None:
    """Write all the bytes. Raises OSError."""
    left = memoryview(data)
    while left:
        left = left[os.write(descriptor, left) :]


@contextmanager
def opened(folder: Path) -> Iterator[int]:
    """Open a folder, whose names can then be flushed to the disk wherever it is moved. Raises OSError."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def lock(path: Path) -> int:
    """Open a file or folder, no link followed, and lock it for as long as the descriptor returned is open: at most until the process ends.

    Raises BlockingIOError where another holds it or has put something else in its place, OSError where it cannot be opened or locked.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        hold(descriptor, path)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def hold(descriptor: int, path: Path | None = None) -> None:
    """Lock what is open, and make sure that the path still names it. Raises as `lock`."""
    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    if path is not None and not _names(path, descriptor):
        raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))


def moved(folder: Path, path: Path) -> bool:
    """Rename a folder to where there is nothing, or an empty folder; False where there is more. Raises OSError."""
    try:
        folder.rename(path)
    except OSError as refused:
        if refused.errno in TAKEN:
            return False
        raise
    return True


def exchange(one: Path, other: Path) -> bool:
    """Let two paths name what the other named, in one step nobody can see half of; False where this machine cannot. Raises OSError."""
    renameat2 = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if renameat2 is None:
        return False
    if renameat2(AT_FDCWD, os.fsencode(one), AT_FDCWD, os.fsencode(other), RENAME_EXCHANGE) == 0:
        return True
    number = ctypes.get_errno()
    if number in CANNOT:
        return False
    raise OSError(number, os.strerror(number))


def _names(path: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(path.lstat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False
