"""An article's settings: front matter over `_quarto.yml`, each key and value one that both renderers honour."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from analysis.rendering.render_error import ArticleError, read_text
from analysis.support.errors import Fault, raise_if_any

Check = Callable[[Any], bool]


def _is(kind: type) -> Check:
    return lambda value: isinstance(value, kind)


def _one_of(*allowed: object) -> Check:
    return lambda value: value in allowed


TEXT, SWITCH, _DEPTH = _is(str), _is(bool), _one_of(1, 2, 3, 4, 5, 6)
_AUTHOR = {"name": TEXT, "orcid": TEXT, "affiliation": TEXT}

# A check for a value, a table for a mapping, a list of one table for a list of mappings.
ALLOWED: dict[str, Any] = {
    "title": TEXT,
    "subtitle": TEXT,
    "author": [_AUTHOR],
    "abstract": TEXT,
    "keywords": lambda value: isinstance(value, list) and all(isinstance(word, str) for word in value),
    "lang": TEXT,
    "license": _one_of("CC BY"),
    "bibliography": TEXT,
    "jupyter": _one_of("python3"),
    "citeproc": _one_of(True),
    "link-citations": SWITCH,
    "number-sections": SWITCH,
    "execute": {"echo": SWITCH, "warning": SWITCH},
    "format": {
        "html": {
            "embed-resources": _one_of(True),
            "default-image-extension": _one_of("svg"),
            "html-math-method": _one_of("mathml"),
            "toc": SWITCH,
            "toc-depth": _DEPTH,
        },
        "docx": {"default-image-extension": _one_of("png")},
        "typst": {
            "default-image-extension": _one_of("svg"),
            "include-in-header": _one_of("quarto.typ"),  # only Quarto needs it
            "papersize": _one_of("a4"),
            "margin": {"x": TEXT, "y": TEXT},
        },
        "jats": {"default-image-extension": _one_of("png")},
    },
}
PROJECT = {"project": {"type": _one_of("default"), "render": _is(list)}}
DEFAULTS: dict[str, Any] = {
    "lang": "en",
    "link-citations": False,
    "number-sections": False,
    "execute": {"echo": True, "warning": True},
    "format": {"html": {"toc": False, "toc-depth": 3}, "typst": {"margin": {"x": "25mm", "y": "25mm"}}},
}


def settings(front: str, file: Path) -> dict[str, Any]:
    """Return the settings of the article `file`, whose front matter is `front`: it outranks `_quarto.yml`.

    Raises ArticleError for settings outside the subset, and where there is no title.
    """
    project = file.with_name("_quarto.yml")
    found = DEFAULTS
    if project.is_file():
        found = _over(found, checked(read_text(project, "Write it."), project, ALLOWED | PROJECT))
    own = checked(front, file, ALLOWED, 1)
    if "format" in own and own["format"].keys() != ALLOWED["format"].keys():
        problem = "'format' does not name html, docx, typst and jats, and Quarto would leave out the others"
        raise ArticleError(Fault(file, problem, "Name all four, or none here.", line=1))
    found = _over(found, own)
    if not found.get("title"):
        raise ArticleError(Fault(file, "there is no title", "Set 'title' in the front matter.", line=1))
    return found


def checked(text: str, file: Path, allowed: Mapping[str, Any], above: int = 0) -> dict[str, Any]:
    """Return a YAML mapping whose keys and values are `allowed`; `above` lines of the file come before it.

    Raises ArticleError for what is not YAML or not allowed.
    """
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        values = yaml.safe_load(text)
    except yaml.MarkedYAMLError as fault:
        line = above + 1 + (fault.problem_mark.line if fault.problem_mark else 0)
        raise ArticleError(
            Fault(file, f"this is not YAML ({fault.problem})", "Correct its syntax.", line=line)
        ) from None
    except yaml.YAMLError as fault:  # a character that YAML does not allow
        problem = f"this is not YAML ({' '.join(str(fault).split())})"
        raise ArticleError(Fault(file, problem, "Correct it.", line=above + 1)) from None
    if node is None:
        return {}
    raise_if_any(ArticleError, _faults(node, values, allowed, file, above, ""))
    return dict(values)


def _faults(node: yaml.Node, value: Any, allowed: Any, file: Path, above: int, key: str) -> Iterator[Fault]:
    line = above + 1 + node.start_mark.line
    if isinstance(allowed, list):
        nodes = node.value if isinstance(node, yaml.SequenceNode) else [node]
        values = value if isinstance(value, list) else [value]
        for each, inner in zip(nodes, values, strict=True):
            yield from _faults(each, inner, allowed[0], file, above, key)
    elif not isinstance(allowed, Mapping):
        if not allowed(value):
            yield Fault(file, f"'{key}' cannot have this value", _REMEDY, value=str(value), line=line)
    elif not isinstance(node, yaml.MappingNode):
        yield Fault(file, f"'{key or 'this'}' has to be a mapping of {', '.join(allowed)}", _REMEDY, line=line)
    else:
        for name, inner in node.value:
            whole = f"{key}.{name.value}".lstrip(".")
            if name.value not in allowed:
                line = above + 1 + name.start_mark.line
                yield Fault(file, f"'{whole}' is outside the subset", _REMEDY, line=line)
            else:
                yield from _faults(inner, value[name.value], allowed[name.value], file, above, whole)


_REMEDY = "The docstring of analysis/rendering lists the settings that both renderers honour."


def _over(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Return one mapping laid over another, inner mappings too."""
    merged = dict(below)
    for key, value in above.items():
        under = below.get(key)
        merged[key] = _over(under, value) if isinstance(value, dict) and isinstance(under, dict) else value
    return merged
