"""Showing the site on this machine while its pages, data and modules are worked on."""

import logging
import os
import socket
import subprocess
import sys

from analysis.site.site_error import SiteError
from analysis.support import paths
from analysis.support.errors import Fault

HOST = "127.0.0.1"
# What a page of the site is made from.
WATCHED = ("docs", "data", "analysis", "mkdocs.yml", "CITATION.cff", "build/notebooks", "build/article")


def serve(port: int) -> None:
    """Serve build/site and build it again when anything it is made from changes, until the user stops it.

    A build that fails says why and leaves the site as it was. Raises SiteError where the port is taken.
    """
    from mkdocs.livereload import LiveReloadServer

    _check(port)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    _build()
    server = LiveReloadServer(_build, HOST, port, str(paths.SITE))
    server.error_handler = lambda _: _not_found()
    for place in WATCHED:
        if (paths.ROOT / place).exists():
            server.watch(str(paths.ROOT / place))
    try:
        server.serve()
    except KeyboardInterrupt:
        server.shutdown()


def _check(port: int) -> None:
    """Raise SiteError where a port cannot be served from: now, and not after the first build."""
    try:
        with socket.create_server((HOST, port)):
            pass
    except OSError as fault:
        remedy = "Stop what uses it, or choose another: nox -s serve -- --port 8001."
        raise SiteError(
            Fault(f"{HOST}:{port}", f"the site cannot be served there: {fault.strerror or fault}", remedy)
        ) from None


def _build() -> None:
    """Build in a process of its own, which has every module as it now is, and says itself what went wrong."""
    subprocess.run(
        [sys.executable, "-m", "analysis", "site"],
        cwd=paths.ROOT,
        # A compiled module that is written beside its source would look like another change.
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        check=False,
    )


def _not_found() -> bytes | None:
    page = paths.SITE / "404.html"
    return page.read_bytes() if page.is_file() else None
