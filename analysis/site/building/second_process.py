"""A second process that makes, while the first makes the pages, what pages show late and the files beside them."""

import gc
import multiprocessing
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from multiprocessing.connection import Connection
from typing import Any

from analysis.site.site_error import SiteError
from analysis.support.errors import CompendiumError


class Made:
    """What the process makes, in its order; who asks for it waits, and gets what stopped it raised."""

    def __init__(self, receiving: Connection) -> None:
        self._receiving = receiving

    @property
    def texts(self) -> dict[tuple[str, ...], str]:
        """Return what some macros give, by their names and arguments."""
        return self._for_pages[0]

    @property
    def to_download(self) -> dict[str, bytes]:
        """Return the files whose sizes pages show, by their places on the site."""
        return self._for_pages[1]

    @cached_property
    def files(self) -> dict[str, bytes]:
        """Return all files by their places, those to download among them."""
        to_download = self.to_download  # it comes first
        beside: dict[str, bytes] = self._received()
        return to_download | beside

    @cached_property
    def _for_pages(self) -> tuple[dict[tuple[str, ...], str], dict[str, bytes]]:
        found: tuple[dict[tuple[str, ...], str], dict[str, bytes]] = self._received()
        return found

    def _received(self) -> Any:
        try:
            made = self._receiving.recv()
        except EOFError:
            problem = "What is made beside the pages was not made: its process has ended. Build the site again."
            raise SiteError(problem) from None
        if isinstance(made, Exception):
            raise made
        return made


@contextmanager
def making() -> Iterator[Made]:
    """Start the process; whatever it still does is ended when the context is left."""
    context = multiprocessing.get_context("spawn")  # the one that every system has
    receiving, sending = context.Pipe(duplex=False)
    process = context.Process(target=_make, args=(sending,), daemon=True)
    # The first process hears of Ctrl-C, too, and ends this one, which ignores it from its start.
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    process.start()
    signal.signal(signal.SIGINT, before)
    sending.close()
    try:
        yield Made(receiving)
    finally:
        process.kill()
        process.join()


def _make(sending: Connection) -> None:
    """Send what is made, or what is wrong with the input; anything else ends the process."""
    gc.disable()  # as for the pages
    try:
        # Takes seconds, in which the first process goes on.
        from analysis.site.building import generated_files, macros

        sending.send((macros.beside(), generated_files.to_download()))
        if hasattr(os, "nice"):  # not on Windows
            os.nice(10)  # the files are needed last
        sending.send(generated_files.beside(macros.study()))
    except (CompendiumError, ImportError, OSError) as fault:
        sending.send(fault)
