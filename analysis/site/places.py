"""Where in a page a macro was called, so that a message can say it."""

import inspect
from typing import Any


def calling(page: Any) -> str:
    """Return the file and line of the page in which the template that is being filled in calls a macro.

    `page` is MkDocs': what its front matter takes up is not part of the template, and is counted with it.
    """
    source, body = page.file.content_string, page.markdown
    before = source.removesuffix(body).count("\n") if source.endswith(body) else 0
    return f"docs/{page.file.src_uri}, line {before + _line()}"


def _line() -> int:
    """Return the line of the template that is being filled in, by Jinja's own map from the code it made of it."""
    for frame in inspect.stack():
        template = frame.frame.f_globals.get("__jinja_template__")
        if template is not None:
            return int(template.get_corresponding_lineno(frame.lineno))
    return 1
