"""What takes too long is given up, whatever it catches."""

import signal
import time

import pytest

from analysis.support import time_limit

pytestmark = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="the system has no alarm")


def work(seconds: float = 20) -> None:
    """Be at work, in small steps that an alarm can interrupt."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        time.sleep(0.01)


def test_work_that_ends_in_time_is_left_alone() -> None:
    before = signal.getsignal(signal.SIGALRM)
    with time_limit.within(20):
        work(0)
    assert signal.getsignal(signal.SIGALRM) is before
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)


def catching(what: type[BaseException]) -> None:
    """Catch what stops the work, as libraries and what calls back from compiled ones do, and go on."""
    try:
        work()
    except what:
        work()


def test_work_that_catches_every_exception_is_given_up() -> None:
    with pytest.raises(time_limit.TakesTooLongError), time_limit.within(0.05):
        catching(Exception)


def test_work_that_catches_the_first_alarm_is_given_up_at_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time_limit, "AGAIN", 0.05)
    with pytest.raises(time_limit.TakesTooLongError), time_limit.within(0.05):
        catching(BaseException)
