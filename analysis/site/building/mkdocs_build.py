"""Building the site with MkDocs, strictly, into a folder that is replaced as a whole."""

import logging
import os
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from jinja2 import TemplateError

from analysis.site.building import links, messages
from analysis.site.building.macros import Stopped, calls, study
from analysis.site.site_error import SiteError
from analysis.support import paths
from analysis.support.atomic_writes import replace_folder
from analysis.support.errors import raise_if_any

SETTINGS = paths.ROOT / messages.SETTINGS
# MkDocs writes the day into its compressed sitemap, and a plain one is enough.
LEFT_OUT = {"sitemap.xml.gz"}


def build(into: Path = paths.SITE) -> int:
    """Build the site and return the number of its files; raise SiteError and leave the earlier one where it cannot be.

    A warning of MkDocs (a broken link, a page outside the navigation) stops the build as an error does.
    """
    with tempfile.TemporaryDirectory() as staged:
        address = _built(staged)
        raise_if_any(SiteError, links.faults(Path(staged), calls, urlsplit(address).path))
        made = sorted(file for file in Path(staged).rglob("*") if file.is_file() and file.name not in LEFT_OUT)
        files = {file.relative_to(staged).as_posix(): file.read_bytes() for file in made}
        replace_folder(into, files)
    return len(files)


def _built(into: str) -> str:
    """Build into a folder, and return the address of the site, or nothing where it has none."""
    from mkdocs.commands.build import build as built
    from mkdocs.config import load_config
    from mkdocs.exceptions import MkDocsException

    os.environ["NO_MKDOCS_2_WARNING"] = "1"  # Material's documented switch for its notice
    # What an earlier build in this process knew may have changed since.
    study.cache_clear()
    calls.clear()
    with _Told() as log:
        try:
            settings = load_config(str(SETTINGS), site_dir=into, strict=True)
            built(settings)
        except Stopped as stop:
            raise stop.cause from None
        except TemplateError as error:
            raise SiteError(messages.template_fault(error)) from None
        except (MkDocsException, SystemExit) as fault:
            told = messages.faults([*log.messages, *([str(fault)] if isinstance(fault, MkDocsException) else [])])
            raise SiteError(*told or [f"MkDocs stopped: {fault}"]) from None
    return settings.site_url or ""


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
