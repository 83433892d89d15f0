"""What MkDocs and its plugins complain of, as faults that name the file, the line and the remedy."""

import re
import traceback
from collections.abc import Callable, Iterable

from jinja2 import TemplateError

from analysis.site.building import page_files
from analysis.support import paths
from analysis.support.errors import Fault

SETTINGS = "mkdocs.yml"


def faults(messages: Iterable[str]) -> list[Fault | str]:
    """Return a fault for each thing that messages complain of; a message of a kind not known here stays as it is."""
    told: list[Fault | str] = []
    for message in messages:
        for pattern, read in _KINDS:
            if found := pattern.search(message):
                told.extend(read(found))
                break
        else:
            told.append(message)
    return told


def template_fault(error: TemplateError) -> Fault:
    """Return the fault of a template of the theme: where Jinja stopped."""
    places = [
        frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.endswith((".html", ".xml"))
    ]
    file = getattr(error, "filename", None) or (places[-1].filename if places else "docs/theme")
    line = getattr(error, "lineno", None) or (places[-1].lineno if places else None)
    return Fault(_shown(file), f"the template cannot be used: {error.message}", "Correct it.", line=line)


def _shown(file: str) -> str:
    return file.removeprefix(f"{paths.ROOT}/")


def _link(found: re.Match[str]) -> list[Fault | str]:
    page, target, problem = found["page"], found["target"], found["problem"]
    line = page_files.line_with(_written(page), [f"({target})", target])
    return [Fault(f"docs/{page}", f"the link '{target}' cannot be followed: {problem}", "Correct the link.", line=line)]


def _missing_page(found: re.Match[str]) -> list[Fault | str]:
    line = page_files.line_with(_settings(), [found["page"]])
    problem = f"the navigation names the page '{found['page']}', and there is none in docs"
    return [Fault(SETTINGS, problem, "Write the page, or take it out of 'nav'.", line=line)]


def _pages_outside(found: re.Match[str]) -> list[Fault | str]:
    pages = re.findall(r"^\s+- (\S.*)$", found["pages"], re.M)
    line = page_files.line_with(_settings(), ["nav:"])
    remedy = f"Add it to 'nav' in {SETTINGS}, line {line}, or remove it."
    return [Fault(f"docs/{page}", "the page is not in the navigation", remedy, line=1) for page in pages]


def _macro(found: re.Match[str]) -> list[Fault | str]:
    message, page = found.string, found["page"]
    before = page_files.lines_before_text(_written(page))
    if syntax := re.search(r"_Line (\d+) in Markdown file:_ \*\*(.+?)\*\*", message):
        return [Fault(f"docs/{page}", syntax[2].rstrip("."), "Correct the macro.", line=before + int(syntax[1]))]
    problem = re.search(r"^\s*_\w+_: (.+)$", message[found.end() :], re.M)
    lines = re.findall(r'File "<template>", line (\d+)', message)
    line = before + int(lines[-1]) if lines else None
    remedy = "Correct the call; the macros are listed in analysis/site/building/macros.py."
    return [Fault(f"docs/{page}", problem[1] if problem else "a macro failed", remedy, line=line)]


def _reference(found: re.Match[str]) -> list[Fault | str]:
    wanted = f"::: {found['name']}"
    lines = {
        page: page_files.line_with(page.read_text(encoding="utf-8"), [wanted])
        for page in page_files.PAGES.rglob("*.md")
    }
    problem = f"there is nothing called '{found['name']}' to describe"
    return [
        Fault(paths.shown(page), problem, "Look at its spelling.", line=line) for page, line in lines.items() if line
    ]


def _page(found: re.Match[str]) -> list[Fault | str]:
    problem = found["problem"].strip().rstrip(".")
    return [Fault(f"docs/{found['page']}", problem, "Correct the page.")] if problem else []


def _setting(found: re.Match[str]) -> list[Fault | str]:
    name, problem = found["name"], found["problem"].strip().rstrip(".")
    remedy = "Correct the environment variable SITE_URL." if name == "site_url" else "Correct the setting."
    line = page_files.line_with(_settings(), [f"{name}:"])
    return [Fault(SETTINGS, f"'{name}' cannot be used: {problem}", remedy, line=line)]


def _not_yaml(found: re.Match[str]) -> list[Fault | str]:
    places = re.findall(r'(\S[^\n]*)\s+in "[^"]*", line (\d+)', found["problem"])
    problem, line = places[-1] if places else (" ".join(found["problem"].split()), None)
    return [Fault(SETTINGS, f"this is not YAML: {problem}", "Correct it.", line=line and int(line))]


def _nothing(_: re.Match[str]) -> list[Fault | str]:
    """Return nothing: the message says only that another one stopped the build."""
    return []


def _written(page: str) -> str:
    file = page_files.PAGES / page
    return file.read_text(encoding="utf-8") if file.is_file() else ""


def _settings() -> str:
    return (paths.ROOT / SETTINGS).read_text(encoding="utf-8")


_KINDS: list[tuple[re.Pattern[str], Callable[[re.Match[str]], list[Fault | str]]]] = [
    (
        re.compile(
            r"Doc file '(?P<page>[^']+)' contains an? .*?'(?P<target>[^']*)',? (?:but )?(?P<problem>.+?)\.?$", re.S
        ),
        _link,
    ),
    (re.compile(r"A reference to '(?P<page>[^']+)' is included in the 'nav' configuration"), _missing_page),
    (re.compile(r"not included in the \"nav\" configuration:(?P<pages>.*)", re.S), _pages_outside),
    (re.compile(r"_Macro \w+ Error_\s+_File_: `(?P<page>[^`]+)`"), _macro),
    (re.compile(r"^mkdocstrings: (?P<name>\S+) could not be found"), _reference),
    (re.compile(r"Error (?:reading|building) page '(?P<page>[^']+)':(?P<problem>.*)", re.S), _page),
    (re.compile(r"Config value '(?P<name>\w+)': (?:Error: )?(?P<problem>.*)", re.S), _setting),
    (re.compile(r"error parsing the configuration file: (?P<problem>.*)", re.S), _not_yaml),
    (re.compile(r"^(?:Aborted with|Could not collect)"), _nothing),
]
