"""A limit to the time of work that a stranger's file may make endless, such as a search with a slow pattern."""

import contextlib
import signal
import threading
from collections.abc import Iterator
from types import FrameType

#: After the first alarm, another one every so many seconds: code that was called may have caught the first.
AGAIN = 1.0


class TakesTooLongError(BaseException):
    """Work that was given up. No `Exception`, because libraries catch those, and would go on."""


@contextlib.contextmanager
def within(seconds: float) -> Iterator[None]:
    """Give up what takes longer, with TakesTooLongError; where the system or thread has no alarm, there is no limit."""
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def ring(_signal: int, _frame: FrameType | None) -> None:
        raise TakesTooLongError

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds, AGAIN)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
