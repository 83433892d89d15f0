"""An article's settings: front matter over `_quarto.yml`, each key and value one that both renderers honour."""

import datetime
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from analysis.rendering.front_matter import unknown_places
from analysis.rendering.render_error import ArticleError, read_text
from analysis.support.errors import Fault, raise_if_any


class Kind(NamedTuple):
    """A kind of value: what it is, for messages, and a test for it."""

    what: str
    fits: Callable[[Any], bool]


def one_of(*allowed: bool | int | str) -> Kind:
    """Return the kind of value that is one of a few."""
    names = [str(value).lower() if isinstance(value, bool) else str(value) for value in allowed]
    # True is 1 for Python.
    return Kind(" or ".join(names), lambda value: any(type(value) is type(a) and value == a for a in allowed))


def _like(what: str, pattern: str) -> Kind:
    return Kind(what, lambda value: re.fullmatch(pattern, str(value)) is not None)


def _is_date(value: object) -> bool:
    try:
        return datetime.date.fromisoformat(str(value)).isoformat() == str(value)
    except ValueError:
        return False


TEXT = Kind("text", lambda value: isinstance(value, str) and bool(value.strip()))
NUMBER = Kind("text or a number", lambda value: type(value) in (str, int))
AWARD = Kind("text, a number in quotation marks", TEXT.fits)  # which Quarto asks for
SWITCH = one_of(True, False)
FOLD = one_of(True, False, "show")
DATE = Kind("a day, say 2026-11-30: 'today' and the like would change without the article", _is_date)
DOI = _like("a DOI without an address before it, say 10.1000/182", r"10\.\d{4,9}/\S+")
EMAIL = _like("an email address", r"[^\s@]+@[^\s@]+\.[^\s@]+")
LENGTH = _like("a length, say 25mm", r"\d+(\.\d+)?(mm|cm|in|pt|em|%)")
ORCID = _like("an ORCID iD without an address before it, say 0000-0002-1825-0097", r"(\d{4}-){3}\d{3}[\dX]")


class Needed(NamedTuple):
    """What a mapping cannot do without."""

    allowed: Kind


# A Kind for a value, a table for a mapping, a list of one thing for one or a list of these, and a pair of both for a
# value that is either.
_PLACE = dict.fromkeys(("id", "name", "department", "city", "region", "country", "url"), TEXT)
_PLACE_OF_AUTHOR = [(TEXT, _PLACE | {"ref": TEXT})]
ALLOWED: dict[str, Any] = {
    "title": TEXT,
    "subtitle": TEXT,
    "author": [
        (
            TEXT,
            {
                "name": Needed(TEXT),
                "orcid": ORCID,
                "email": EMAIL,
                "corresponding": SWITCH,
                "affiliation": _PLACE_OF_AUTHOR,
                "affiliations": _PLACE_OF_AUTHOR,
                "roles": [TEXT],
            },
        )
    ],
    "affiliations": [_PLACE | {"id": Needed(TEXT), "name": Needed(TEXT)}],
    "date": DATE,
    "doi": DOI,
    "abstract": TEXT,
    "keywords": [TEXT],
    "funding": [
        (
            TEXT,
            {
                "statement": TEXT,
                "awards": [{"id": AWARD, "source": [TEXT], "recipient": [(TEXT, {"name": TEXT, "ref": TEXT})]}],
            },
        )
    ],
    "citation": (
        one_of(True),
        {"type": TEXT, "container-title": TEXT, "publisher": TEXT, "issn": TEXT, "url": TEXT, "doi": DOI}
        | {"volume": NUMBER, "issue": NUMBER, "page": NUMBER},
    ),
    "lang": TEXT,
    "license": one_of("CC BY"),
    "bibliography": _like("the name of a file beside the article, say references.bib", r"[^/\\:\0]+\.bib"),
    "csl": _like("the name of a file beside the article, say style.csl", r"[^/\\:\0]+\.csl"),
    "jupyter": one_of("python3"),
    "citeproc": one_of(True),
    "link-citations": SWITCH,
    "number-sections": SWITCH,
    "execute": {"echo": SWITCH, "warning": SWITCH},
    "format": {
        "html": {
            "embed-resources": one_of(True),
            "default-image-extension": one_of("svg"),
            "fig-format": one_of("svg"),
            "html-math-method": one_of("mathml"),
            "code-fold": FOLD,
            "toc": SWITCH,
            "toc-depth": one_of(1, 2, 3, 4, 5, 6),
        },
        "docx": {"default-image-extension": one_of("png"), "fig-format": one_of("png")},
        "typst": {
            "default-image-extension": one_of("svg"),
            "fig-format": one_of("svg"),
            "papersize": one_of("a4"),
            "margin": {"x": LENGTH, "y": LENGTH},
        },
        "jats": {"default-image-extension": one_of("png"), "fig-format": one_of("png")},
    },
}
PROJECT = {
    "project": {
        "type": one_of("default", "manuscript"),
        "render": Kind("a list", lambda value: isinstance(value, list)),
    },
    # Both renderers bring what a manuscript has besides; these are for Quarto when it is run by hand.
    "manuscript": Kind("a mapping", lambda value: isinstance(value, dict)),
}
# What only Quarto needs, to write as the embedded renderer does; it changes nothing there.
_TEMPLATE = _like("a file of analysis/rendering/templates", r"\.\./analysis/rendering/templates/[\w./-]+")
FOR_QUARTO: dict[str, Any] = {
    "project": {"pre-render": one_of("before_quarto.py")},
    "quarto-required": _like("the oldest version, say '>= 1.9'", r">= \d+\.\d+"),
    "highlight-style": one_of("none"),
    "filters": [{"at": TEXT, "path": _TEMPLATE}],
    "format": {
        "html": {"minimal": one_of(True), "section-divs": one_of(True), "css": _TEMPLATE, "template": _TEMPLATE}
        | {"template-partials": [_TEMPLATE]},
        "docx": {"reference-doc": one_of("reference.docx"), "shift-heading-level-by": one_of(-1)},
        "typst": {"variant": one_of("-smart"), "pdf-standard": one_of("ua-1"), "template-partials": [_TEMPLATE]}
        | {"font-paths": one_of("../analysis/support/fonts")},
        "jats": {"citeproc": one_of(False), "template": _TEMPLATE},
    },
}
DEFAULTS: dict[str, Any] = {
    "lang": "en",
    "link-citations": False,
    "number-sections": False,
    "execute": {"echo": True, "warning": True},
    "format": {
        "html": {"toc": False, "toc-depth": 3, "code-fold": False},
        "typst": {"margin": {"x": "25mm", "y": "25mm"}},
    },
}
# YAML, but days as they are written, so that one that does not exist has its line.
_RESOLVERS = {
    first: [(tag, pattern) for tag, pattern in found if not tag.endswith(":timestamp")]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_LOADER = type("Loader", (yaml.SafeLoader,), {"yaml_implicit_resolvers": _RESOLVERS})
_DEEPEST = 20  # lists and mappings within each other
_REMEDY = "The docstring of analysis/rendering lists the settings that both renderers honour."


def settings(front: str, file: Path) -> dict[str, Any]:
    """Return the settings of the article `file`, whose front matter is `front`: it outranks `_quarto.yml`.

    Raises ArticleError for settings outside the subset, and where there is no title.
    """
    project = file.with_name("_quarto.yml")
    found = DEFAULTS
    if project.is_file():
        found = _over(found, checked(read_text(project, "Write it."), project, _over(ALLOWED | PROJECT, FOR_QUARTO)))
    own = checked(front, file, ALLOWED, 1)
    if "format" in own and own["format"].keys() != ALLOWED["format"].keys():
        problem = "'format' does not name html, docx, typst and jats, and Quarto would leave out the others"
        raise ArticleError(Fault(file, problem, "Name all four, or none here.", line=1))
    found = _over(found, own)
    if not found.get("title"):
        raise ArticleError(Fault(file, "there is no title", "Set 'title' in the front matter.", line=1))
    raise_if_any(ArticleError, (_unknown(ref, front, file) for ref in unknown_places(found)))
    return found


def _unknown(ref: str, front: str, file: Path) -> Fault:
    place = re.search(rf"\bref:\s*[\"']?{re.escape(ref)}\b", front)
    line = 2 + front.count("\n", 0, place.start()) if place else 1
    remedy = "Give one affiliation this 'id', or correct the reference."
    return Fault(file, f"'ref: {ref}' is the id of no affiliation", remedy, line=line)


def checked(text: str, file: Path, allowed: Mapping[str, Any], above: int = 0) -> dict[str, Any]:
    """Return a YAML mapping whose keys and values are `allowed`; `above` lines of the file come before it.

    Raises ArticleError for what is not YAML or not allowed.
    """
    try:
        _check_shape(text)
        node = yaml.compose(text, Loader=_LOADER)
        values = yaml.load(text, Loader=_LOADER)  # noqa: S506 - it makes no objects
    except yaml.MarkedYAMLError as fault:
        line = above + 1 + (fault.problem_mark.line if fault.problem_mark else 0)
        raise ArticleError(
            Fault(file, f"this is not YAML ({fault.problem})", "Correct its syntax.", line=line)
        ) from None
    except (yaml.YAMLError, ValueError) as fault:  # a character or number that cannot be read
        problem = f"this is not YAML ({' '.join(str(fault).split())})"
        raise ArticleError(Fault(file, problem, "Correct it.", line=above + 1)) from None
    if node is None:
        return {}
    problems = _problems(node, values, allowed, "")
    raise_if_any(
        ArticleError,
        (
            Fault(file, problem, _REMEDY, value=value, line=above + 1 + place.start_mark.line)
            for place, problem, value in problems
        ),
    )
    return dict(values)


def _check_shape(text: str) -> None:
    """Raise yaml.MarkedYAMLError for YAML that is too deep to be read, or that repeats a part of itself many times."""
    depth = 0
    for event in yaml.parse(text, Loader=_LOADER):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            problem = f"more than {_DEEPEST} lists and mappings are within each other"
            raise yaml.MarkedYAMLError(problem=problem, problem_mark=event.start_mark)
        if isinstance(event, yaml.AliasEvent):
            problem = f"the alias *{event.anchor} is not read: write what it stands for"
            raise yaml.MarkedYAMLError(problem=problem, problem_mark=event.start_mark)


def _problems(node: yaml.Node, value: Any, allowed: Any, key: str) -> Iterator[tuple[yaml.Node, str, str | None]]:
    """Yield the places where a value is not as it may be, with the problem and, if it helps, what was found."""
    if isinstance(allowed, list):
        nodes, values = (node.value, value) if isinstance(node, yaml.SequenceNode) else ([node], [value])
        for inner, one in zip(nodes, values, strict=True):
            yield from _problems(inner, one, allowed[0], key)
        return
    choices = _choices(allowed)
    table = next((choice for choice in choices if isinstance(choice, Mapping)), None)
    if table is not None and isinstance(node, yaml.MappingNode):
        yield from _problems_of_mapping(node, value, table, key)
    elif not any(choice.fits(value) for choice in choices if isinstance(choice, Kind)):
        yield node, f"'{key or 'this'}' has to be {' or '.join(map(_what, choices))}", str(value)


def _problems_of_mapping(
    node: yaml.MappingNode, value: Any, table: Mapping[str, Any], key: str
) -> Iterator[tuple[yaml.Node, str, str | None]]:
    names = [name.value for name, _ in node.value]
    for place, (name, inner) in enumerate(node.value):
        whole = f"{key}.{name.value}".lstrip(".")
        if name.value in names[:place]:
            yield name, f"'{whole}' is set twice", None
        elif name.value in table:
            yield from _problems(inner, value[name.value], table[name.value], whole)
        else:
            yield name, f"'{whole}' is outside the subset", None
    for name, allowed in table.items():
        if isinstance(allowed, Needed) and name not in value:
            yield node, f"'{key}' has no '{name}'", None


def _choices(allowed: Any) -> tuple[Any, ...]:
    if isinstance(allowed, Needed):
        return (allowed.allowed,)
    return allowed if type(allowed) is tuple else (allowed,)


def _what(choice: Any) -> str:
    return choice.what if isinstance(choice, Kind) else f"a mapping of {', '.join(choice)}"


def _over(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Return one mapping laid over another, inner mappings too."""
    merged = dict(below)
    for key, value in above.items():
        under = below.get(key)
        merged[key] = _over(under, value) if isinstance(value, dict) and isinstance(under, dict) else value
    return merged
