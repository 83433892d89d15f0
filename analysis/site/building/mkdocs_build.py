"""Building the site with MkDocs, strictly, into a folder that is replaced as a whole."""

import gc
import logging
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from fnmatch import fnmatch
from functools import cached_property
from logging.handlers import BufferingHandler
from pathlib import Path
from types import MappingProxyType
from urllib.parse import urlsplit

from jinja2 import TemplateError

from analysis.site.building import generated_files, links, used_styles
from analysis.site.building.hooks import READY
from analysis.site.building.macros import MADE, study, template_line
from analysis.site.building.second_process import Made
from analysis.site.site_error import SiteError
from analysis.support import paths
from analysis.support.atomic_writes import replace_folder
from analysis.support.errors import Fault, raise_if_any

SETTINGS = paths.ROOT / "mkdocs.yml"
# MkDocs writes the day into its compressed sitemap, and a plain one is enough. Nothing asks for the rest.
LEFT_OUT = ("sitemap.xml.gz", "assets/*.map", "assets/images/*", "assets/javascripts/lunr/*", "*/palette.*.css")


def build(into: Path = paths.SITE, ready: Callable[[], None] = lambda: None, made: Made | None = None) -> int:
    """Build the site and return the number of its files; raise SiteError and leave the earlier one where it cannot be.

    `ready` is called before the article and the executed notebooks are taken, which is late, so that they may be in the
    making. `made` is what `second_process` makes; it is made here if None. A warning of MkDocs (such
    as of a page outside the navigation) and a broken link stop the build as an error does.
    """
    with tempfile.TemporaryDirectory() as staged, _nothing_collected():
        elsewhere = made or _MadeHere()
        address, warnings = _build_with_mkdocs(staged, ready, elsewhere)
        for place, content in elsewhere.files.items():
            file = Path(staged, place)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        raise_if_any(SiteError, [*warnings, *links.faults(Path(staged), urlsplit(address).path)])
        used_styles.cut_down(Path(staged))
        built = sorted(file for file in Path(staged).rglob("*") if file.is_file())
        files = {
            place: file.read_bytes() for file in built if not _left_out(place := file.relative_to(staged).as_posix())
        }
        replace_folder(into, files)
    return len(files)


class _MadeHere:
    """What stands for `Made` in a build of one process: no text is made before its page is."""

    texts: Mapping[tuple[str, ...], str] = MappingProxyType({})

    @cached_property
    def to_download(self) -> dict[str, bytes]:
        return generated_files.to_download()

    @cached_property
    def files(self) -> dict[str, bytes]:
        return self.to_download | generated_files.beside(study())


@contextmanager
def _nothing_collected() -> Iterator[None]:
    """Keep Python from looking for circles of what is no longer used: a build has much in memory, and few of them."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _left_out(place: str) -> bool:
    return any(fnmatch(place, pattern) for pattern in LEFT_OUT)


def _build_with_mkdocs(into: str, ready: Callable[[], None], made: "Made | _MadeHere") -> tuple[str, list[str]]:
    """Build into a folder; return the address of the site, or nothing where it has none, and what MkDocs warns of."""
    from mkdocs.commands.build import build as build_site
    from mkdocs.config import load_config
    from mkdocs.exceptions import MkDocsException

    os.environ["NO_MKDOCS_2_WARNING"] = "1"  # Material's documented switch for its notice
    study.cache_clear()  # the evidence may have changed since an earlier build in this process
    log = BufferingHandler(capacity=1_000)
    log.setLevel(logging.WARNING)
    logging.getLogger("mkdocs").addHandler(log)
    place = f"{SETTINGS.name}: "
    try:
        settings = load_config(str(SETTINGS), site_dir=into, strict=True)
        settings.strict = False  # so that its warnings are reported with the links that lead nowhere
        settings.extra |= {READY: ready, MADE: made}
        place = ""  # messages on pages name them
        build_site(settings)
    except TemplateError as error:
        file, line = template_line(error)
        problem = f"the template cannot be used: {error.message}"
        raise SiteError(Fault(Path(file or "docs/theme"), problem, "Correct it.", line=line)) from None
    except (MkDocsException, SystemExit) as stop:
        raise SiteError(*(place + message for message in _messages(log) or [str(stop)])) from None
    finally:
        logging.getLogger("mkdocs").removeHandler(log)
    return settings.site_url or "", _messages(log)


def _messages(log: BufferingHandler) -> list[str]:
    return [" ".join(record.getMessage().split()).rstrip(":") for record in log.buffer]
