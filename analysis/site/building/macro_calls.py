"""Where in a page a macro was called, and what it gave, so that a message about either can say it."""

import inspect
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Call:
    """A call of a macro: its page, counted from the folder of pages, the line, and what it gave."""

    page: str
    line: int
    gave: str


def calling(page: Any) -> str:
    """Return the file and line of the page in which the template that is being filled in calls a macro."""
    return f"docs/{page.file.src_uri}, line {line_of_call(page)}"


def line_of_call(page: Any) -> int:
    """Return the line of the page in which the template that is being filled in calls a macro.

    `page` is MkDocs': what its front matter takes up is not part of the template, and is counted with it.
    """
    source, body = page.file.content_string, page.markdown
    before = source.removesuffix(body).count("\n") if source.endswith(body) else 0
    return int(before) + _line()


def _line() -> int:
    """Return the line of the template that is being filled in, by Jinja's own map from the code it made of it."""
    frame = inspect.currentframe()
    while frame is not None:
        template = frame.f_globals.get("__jinja_template__")
        if template is not None:
            return int(template.get_corresponding_lineno(frame.f_lineno))
        frame = frame.f_back
    return 1
