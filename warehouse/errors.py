"""The base of every fault that a command explains in one sentence instead of a traceback."""

from __future__ import annotations


class KnownError(RuntimeError):
    """What is wrong and what to do, in the message."""
