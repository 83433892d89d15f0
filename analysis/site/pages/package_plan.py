"""How the package `analysis` is built, read from its source without importing it: floors, packages, public names."""

import ast
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from analysis.display.html_elements import bullets, facts, folded, heading, row, slug, table, text
from analysis.support import paths

SOURCE = paths.ROOT / "analysis"


@dataclass(frozen=True)
class Package:
    """A package: its subject, how many lines it has, and the packages that its modules import."""

    name: str
    subject: str
    lines: int
    imports: tuple[str, ...]


def floor_plan() -> str:
    """Return the packages on their floors, the highest first, each with its subject and what it imports."""
    known = packages()
    levels = floors()
    drawn = []
    for level, names in zip(range(len(levels), 0, -1), levels, strict=True):
        rooms = (
            f'<a href="#{slug(name)}">{text(name)}</a> <span>{_prose(known[name].subject)}</span> '
            f"<small>imports {_listed(known[name].imports)}</small>"
            for name in names
        )
        drawn.append(f'<li><span class="level">Floor {level}</span> {bullets(rooms)}</li>')
    caption = f"The {len(known)} packages on {len(levels)} floors. A package imports only from floors below its own."
    return f'<figure class="plan"><ol>{"".join(drawn)}</ol><figcaption>{caption}</figcaption></figure>'


def table_of_packages() -> str:
    """Return the packages as a table: subject, what each may import, and its size."""
    known, levels = packages(), floors()
    rows = [
        row(
            [
                f'<a href="#{slug(name)}">{text(name)}</a>',
                _prose(known[name].subject),
                _listed(may_import(name)),
                f"{known[name].lines:,}",
            ]
        )
        for names in levels
        for name in names
    ]
    heads = ("Package", "Subject", "May import", "Lines")
    return table("Packages of analysis, from the highest floor to the lowest", heads, rows)


def public_names() -> str:
    """Return a section for each package: the names that it offers, each with its first line, and its modules."""
    sections = []
    for name in (one for names in reversed(floors()) for one in names):
        folder = SOURCE / name
        offered = [
            f"<p>From <code>{_dotted(file)}</code>:</p>{facts((offer, _prose(line)) for offer, line in names)}"
            for file in sorted(folder.rglob("__init__.py"))
            if (names := list(_offered(file)))
        ]
        modules = [
            f"<code>{text(_dotted(file))}</code> {_prose(_first_line(_parsed(file)))}"
            for file in sorted(folder.rglob("*.py"))
            if file.name != "__init__.py"
        ]
        sections.append(
            heading(3, name, slug(name))
            + f"<p>{_prose(packages()[name].subject)}</p>"
            + "".join(offered)
            + folded(f"Modules: {len(modules)}", bullets(modules, searched=False))
        )
    return "".join(sections)


def reference_of(package: str) -> str:
    """Return the call of mkdocstrings that documents a package with the names it takes over from its modules."""
    file = _module_file(package)
    names = [name for name, _ in _offered(file)] if file else []
    return f"::: {package}\n    options:\n      members: {names}"


def may_import(package: str) -> tuple[str, ...]:
    """Return the packages that one may import, as its docstring says: names, or every package but some."""
    said = " ".join((ast.get_docstring(_parsed(SOURCE / package / "__init__.py")) or "").split())
    sentence = said.partition("May import:")[2].split(".")[0]
    named = set(re.findall(r"`(\w+)`", sentence))
    every = sentence.strip().startswith("every package")
    order = [name for names in floors() for name in names]
    return tuple(name for name in order if name != package and (name in named) != every)


def floors(settings: Path = paths.ROOT / "pyproject.toml") -> list[list[str]]:
    """Return the names of packages floor by floor, the highest first, as the contract of imports has them."""
    contracts = tomllib.loads(settings.read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    named = [[name.strip() for name in layer.split("|")] for layer in layers]
    return [names for names in named if (SOURCE / names[0]).is_dir()]  # `__main__` is a module


@cache
def packages() -> dict[str, Package]:
    """Return every package by its name."""
    return {file.parent.name: _package(file.parent) for file in sorted(SOURCE.glob("*/__init__.py"))}


def _package(folder: Path) -> Package:
    files = sorted(folder.rglob("*.py"))
    imported = {name for file in files for name in _imported(_parsed(file))} - {folder.name}
    lines = sum(len(file.read_text(encoding="utf-8").splitlines()) for file in files)
    order = [name for names in floors() for name in names]
    return Package(
        folder.name,
        _first_line(_parsed(folder / "__init__.py")),
        lines,
        tuple(sorted(imported & set(order), key=order.index)),
    )


def _imported(module: ast.Module) -> Iterator[str]:
    """Yield the packages that a module imports from, in functions too."""
    for node in _statements(module):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import | ast.ImportFrom) else []
        if isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{name}" for name in names]
        yield from (name.split(".")[1] for name in names if name.startswith("analysis."))


def _statements(node: ast.AST) -> Iterator[ast.AST]:
    """Yield every statement within a node; `ast.walk` would also visit all expressions."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.stmt | ast.excepthandler | ast.match_case):
            yield child
            yield from _statements(child)


def _offered(file: Path) -> Iterator[tuple[str, str]]:
    """Yield the public names of a package (its `__all__`), each with the first line of what documents it."""
    module = _parsed(file)
    origins = {
        alias.asname or alias.name: _module_file(f"{node.module}.{alias.name}") or _module_file(str(node.module))
        for node in module.body
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith("analysis.")
        for alias in node.names
    }
    for node in module.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            for name in ast.literal_eval(node.value):
                yield name, _described(name, origins.get(name) or file)


def _described(name: str, file: Path) -> str:
    """Return the first line of the docstring of what a module defines under a name, or what the name stands for."""
    module = _parsed(file)
    for node in module.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == name:
            return _first_line(node)
        if isinstance(node, ast.Assign | ast.AnnAssign) and name in ast.unparse(node).split("=")[0]:
            return f"A constant of {_dotted(file)}."
    return _first_line(module)


@cache
def _parsed(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def _first_line(node: ast.Module | ast.FunctionDef | ast.ClassDef) -> str:
    return (ast.get_docstring(node) or "").split("\n")[0]


def _prose(docstring: str) -> str:
    """Return a line of a docstring as HTML, names between backticks as code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", text(docstring))


def _dotted(file: Path) -> str:
    return ".".join(file.relative_to(SOURCE.parent).with_suffix("").parts).removesuffix(".__init__")


def _module_file(dotted: str) -> Path | None:
    place = SOURCE.parent.joinpath(*dotted.split("."))
    return next((file for file in (place.with_suffix(".py"), place / "__init__.py") if file.is_file()), None)


def _listed(names: tuple[str, ...]) -> str:
    return text(", ".join(names)) or "no other package"
