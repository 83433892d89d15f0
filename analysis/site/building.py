"""Building the site with MkDocs, strictly, into a folder that is replaced as a whole."""

import logging
import os
import tempfile
from pathlib import Path
from typing import Any

from analysis import paths
from analysis.site.faults import SiteError
from analysis.site.macros import Stopped
from analysis.writing import replace_folder

SETTINGS = paths.ROOT / "mkdocs.yml"


def build(into: Path = paths.SITE) -> int:
    """Build the site and return the number of its files; raise SiteError and leave the earlier one where it cannot be.

    A warning of MkDocs (a broken link, a page outside the navigation) stops the build as an error does.
    """
    from mkdocs.commands.build import build as built
    from mkdocs.exceptions import MkDocsException

    with tempfile.TemporaryDirectory() as staged, _Told() as log:
        config = _settings(site_dir=staged, strict=True)
        try:
            built(config)
        except Stopped as stop:
            raise stop.cause from None
        except (MkDocsException, SystemExit) as fault:
            raise SiteError(*log.messages or [str(fault)]) from None
        files = sorted(path for path in Path(staged).rglob("*") if path.is_file())
        replace_folder(into, {file.relative_to(staged).as_posix(): file.read_bytes() for file in files})
    return len(files)


def serve() -> None:
    """Serve the site on this machine; build it anew when a page, the data or a module of the site changes."""
    from mkdocs.commands.serve import serve as served

    _quiet()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    try:
        served(str(SETTINGS), livereload=True, watch=[str(paths.DATA), str(paths.ROOT / "analysis" / "site")])
    except Stopped as stop:
        raise stop.cause from None


def _settings(**given: Any) -> Any:
    from mkdocs.config import load_config

    _quiet()
    return load_config(str(SETTINGS), **given)


def _quiet() -> None:
    os.environ["NO_MKDOCS_2_WARNING"] = "1"  # Material's documented switch for its notice


class _Told(logging.Handler):
    """The warnings and errors that MkDocs and its plugins log while this is entered."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())

    def __enter__(self) -> "_Told":
        logging.getLogger("mkdocs").addHandler(self)
        return self

    def __exit__(self, *_: object) -> None:
        logging.getLogger("mkdocs").removeHandler(self)
