"""Style sheets without what no page uses: that of the theme has rules for many things that the site lacks."""

import re
from collections.abc import Collection, Iterator
from pathlib import Path

_CLASSES = re.compile(r"""class=(?:"([^"]*)"|'([^']*)'|([^\s>"']+))""")
_WORDS = re.compile(r"[A-Za-z_][\w-]*")
_CLASS = re.compile(r"\.(-?[A-Za-z_][\w-]*)")
_WITHIN = re.compile(r"\([^()]*\)|\[[^\]]*\]")
_VARIABLE = re.compile(r"(--[\w-]+):(?:url\([^)]*\)|[^;{}])*;?")
_COMMENT = re.compile(r"/\*.*?\*/\s*", re.DOTALL)
#: Classes that the script of the search gives, which is the theme's, and those of its results.
_OF_SEARCH = ("md-search", "js", "no-js", "md-toggle")
#: At-rules that hold rules.
_HOLDING = ("@media", "@supports", "@layer")


def cut(sheet: str, used: Collection[str]) -> str:
    """Return a minified style sheet without the rules that need a class that is not used, and without unused variables.

    What only applies to text from right to left goes, too.

    >>> cut(".a{x:1}.b,.a .c:hover{x:2}@media print{.b{x:3}}:root{--d:1;--e:2}.a{y:var(--e)}", {"a", "c"})
    '.a{x:1}.a .c:hover{x:2}:root{--e:2}.a{y:var(--e)}'
    """
    kept = "".join(_rules(sheet, used))
    asked = set(re.findall(r"var\((--[\w-]+)", kept)) | set(used)
    return _VARIABLE.sub(lambda found: found[0] if found[1] in asked else "", kept).replace(";}", "}")


def _rules(sheet: str, used: Collection[str]) -> Iterator[str]:
    for head, body in _split(sheet):
        if head.startswith(_HOLDING):
            inner = "".join(_rules(body, used))
            yield f"{head}{{{inner}}}" if inner else ""
        elif head.startswith("@"):
            yield f"{head}{{{body}}}"
        else:
            selectors = [one for one in _selectors(head) if _applies(one, used)]
            yield f"{','.join(selectors)}{{{body}}}" if selectors else ""


def _split(sheet: str) -> Iterator[tuple[str, str]]:
    """Yield the head and body of each rule; statements without a body, such as `@charset`, are left out."""
    depth = start = opened = 0
    for found in re.finditer(r"""[{};]|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'""", sheet):
        if found[0] == "{":
            opened = opened if depth else found.start()
            depth += 1
        elif found[0] == "}":
            depth -= 1
            if not depth:
                yield sheet[start:opened], sheet[opened + 1 : found.start()]
                start = found.end()
        elif found[0] == ";" and not depth:
            start = found.end()


def _selectors(head: str) -> list[str]:
    """Return the selectors of a rule; commas within brackets do not part them."""
    return re.split(r",(?![^(]*\))", head)


def _applies(selector: str, used: Collection[str]) -> bool:
    outside = selector
    while (bare := _WITHIN.sub("", outside)) != outside:
        outside = bare
    return "[dir=rtl]" not in selector and all(
        name in used or name.startswith(_OF_SEARCH) for name in _CLASS.findall(outside)
    )


def used_in(site: Path) -> set[str]:
    """Return the classes of the pages of a site, and every name in its own scripts and styles."""
    names: set[str] = set()
    for page in site.rglob("*.html"):
        for given in _CLASSES.findall(page.read_text(encoding="utf-8")):
            names.update("".join(given).split())
    for file in [*site.glob("scripts/**/*.js"), *site.glob("article/*.js")]:
        names.update(_WORDS.findall(file.read_text(encoding="utf-8")))
    for file in site.glob("styles/*.css"):
        names.update(re.findall(r"var\((--[\w-]+)", file.read_text(encoding="utf-8")))
    return names


def cut_down(site: Path) -> None:
    """Cut down the theme's style sheet in the folder of a built site, and leave out the comments of the others."""
    used = used_in(site)
    for sheet in site.glob("assets/stylesheets/main.*.css"):
        sheet.write_text(cut(sheet.read_text(encoding="utf-8"), used), encoding="utf-8")
    for sheet in site.glob("styles/*.css"):
        sheet.write_text(_COMMENT.sub("", sheet.read_text(encoding="utf-8")), encoding="utf-8")
