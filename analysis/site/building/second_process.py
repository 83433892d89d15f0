"""A second process that makes files for the site while the first makes its pages."""

import gc
import multiprocessing
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection

from analysis.site.site_error import SiteError
from analysis.support.errors import CompendiumError

Made = dict[str, bytes]


@contextmanager
def making() -> Iterator[Callable[[], Made]]:
    """Start the process; give what waits for its files and returns them, or raises what stopped it.

    Whatever it still does is ended when the context is left.
    """
    context = multiprocessing.get_context("spawn")  # the one that every system has
    receiving, sending = context.Pipe(duplex=False)
    process = context.Process(target=_make, args=(sending,), daemon=True)
    process.start()
    sending.close()
    try:
        yield lambda: _received(receiving)
    finally:
        process.kill()
        process.join()


def _received(receiving: Connection) -> Made:
    try:
        made: Made | Exception = receiving.recv()
    except EOFError:
        raise SiteError("The files beside the pages were not made: their process has ended. Run it again.") from None
    if isinstance(made, Exception):
        raise made
    return made


def _make(sending: Connection) -> None:
    """Make the files and send them, or what is wrong with the input; anything else ends the process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the first process hears of it, too, and ends this one
    gc.disable()  # as for the pages
    try:
        # Takes seconds, in which the first process goes on.
        from analysis.site.building import generated_files
        from analysis.study import loading

        sending.send(generated_files.beside(loading.load()))
    except (CompendiumError, ImportError, OSError) as fault:
        sending.send(fault)
