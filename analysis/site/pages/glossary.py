"""The glossary of the project, and its explanations of terms where pages use them first."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

import yaml

from analysis.display.html_elements import heading, slug, text
from analysis.reanalysis import claims
from analysis.site.files import stored_files
from analysis.site.html import permalinks
from analysis.site.pages import ledger
from analysis.site.site_error import SiteError
from analysis.study.evidence import Evidence
from analysis.support import paths
from analysis.support.errors import Fault

FILE = paths.ROOT / "docs" / "methods" / "glossary.yml"
PAGE = "methods/glossary.html"
_FIELDS = {"term", "means", "in_general", "code", "in_text", "more"}
# Text in which terms are explained, and elements whose text is left as it is.
_EXPLAINED = {"p", "li", "dd"}
_LEFT = {"a", "blockquote", "button", "code", "details", "figure", "form", "h1", "h2", "h3", "h4", "h5", "h6", "label"}
_LEFT |= {"math", "pre", "script", "select", "style", "summary", "svg", "table", "template", "textarea"}
_TAG = re.compile(r"(<!--.*?-->|<script\b.*?</script>|<style\b.*?</style>|<[^>]*>)", re.S)
_NAME = re.compile(r"<(/?)([a-zA-Z][\w-]*)")


@dataclass(frozen=True)
class Term:
    """A term: the subject that it belongs to, what it means, forms in which texts use it, and a page with more."""

    name: str
    subject: str
    means: str
    in_text: tuple[str, ...] = ()
    more: str = ""

    @property
    def place(self) -> str:
        """Where the glossary has it."""
        return f"{PAGE}#{slug(self.name)}"


def glossary(evidence: Evidence, here: str) -> str:
    """Return the glossary: a section for each subject, and in it each term with its meaning and a link to more."""
    known = terms(evidence)
    return "".join(
        heading(2, subject, slug(subject)) + "".join(_entry(one, here) for one in known if one.subject == subject)
        for subject in dict.fromkeys(one.subject for one in known)
    )


def _entry(term: Term, here: str) -> str:
    more = ""
    if term.more:
        more = f' <a href="{text(permalinks.from_page(here, term.more))}">More on {text(term.name)}</a>'
    return f"{heading(3, term.name, slug(term.name))}<p>{text(term.means)}{more}</p>"


@lru_cache(maxsize=4)
def terms(evidence: Evidence) -> tuple[Term, ...]:
    """Return all terms; raise SiteError for an entry that names neither a meaning nor a code, or has other fields."""
    found = [_term(evidence, subject, entry) for subject, entries in listed().items() for entry in entries]
    meanings = ledger.meanings()
    verdicts = [Term(name, "Verdicts", meanings[name], more=permalinks.CLAIMS) for name in claims.VERDICTS]
    return (*found, *verdicts)


def _term(evidence: Evidence, subject: str, entry: dict[str, str]) -> Term:
    definitions = dict(zip(evidence.codes["code_id"], evidence.codes["definition"], strict=True))
    code = entry.get("code", "")
    if not entry.keys() <= _FIELDS or not (code in definitions or entry.get("means")):
        remedy = f"Give it a meaning or a code of codes.csv; its fields may be: {', '.join(sorted(_FIELDS))}."
        raise SiteError(Fault(FILE, f"the entry {entry.get('term')!r} cannot be used", remedy))
    means = entry.get("means") or definitions[code]
    more = entry.get("more") or (code and permalinks.address(evidence, code))
    return Term(entry["term"], subject, means, tuple(entry.get("in_text", ())), more)


@cache
def listed() -> dict[str, list[dict[str, str]]]:
    """Return the entries of the file by their subjects."""
    try:
        listed: dict[str, list[dict[str, str]]] = yaml.safe_load(stored_files.text(FILE))
    except yaml.YAMLError as fault:
        raise SiteError(Fault(FILE, f"is not YAML: {fault}", stored_files.RESTORE)) from None
    return listed


def explained(evidence: Evidence, here: str, html: str) -> str:
    """Return the HTML of a page in which each term, where its text first uses it, leads to the glossary.

    The link has the meaning as its title. Headings, links, code, tables and what is folded stay as they are.
    """
    waiting = {form.lower(): term for term in terms(evidence) for form in term.in_text}
    inside, names = list[str](), _any_of(waiting)
    pieces = _TAG.split(html)
    for number, piece in enumerate(pieces):
        if number % 2:
            _follow(inside, piece)
        elif waiting and _EXPLAINED & set(inside) and not _LEFT & set(inside):
            before = len(waiting)
            pieces[number] = _in_text(piece, waiting, names, here)
            if len(waiting) < before:
                names = _any_of(waiting)
    return "".join(pieces)


def _follow(inside: list[str], tag: str) -> None:
    """Keep the list of open elements up to date with a tag; one that is left out closes with its parent."""
    found = _NAME.match(tag)
    if not found or found[2].lower() not in _EXPLAINED | _LEFT or tag.endswith("/>"):
        return
    name = found[2].lower()
    if not found[1]:
        if name not in {"script", "style"}:  # whole already
            inside.append(name)
    elif name in inside:
        del inside[len(inside) - 1 - inside[::-1].index(name) :]


def _any_of(forms: Iterable[str]) -> re.Pattern[str]:
    """Return what finds each form of a term as a whole, the longest where several begin at a place."""
    longest_first = sorted(forms, key=len, reverse=True)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, longest_first))})(?![\w-])", flags=re.IGNORECASE)


def _in_text(piece: str, waiting: dict[str, Term], names: re.Pattern[str], here: str) -> str:
    """Return a piece of text with links on terms that wait for their first use; these wait no longer."""

    def link(found: re.Match[str]) -> str:
        term = waiting.get(found[0].lower())
        if term is None:  # another form of it came before in this piece
            return found[0]
        for form in term.in_text:
            waiting.pop(form.lower(), None)
        address = text(permalinks.from_page(here, term.place))
        return f'<a class="term" href="{address}" title="{text(term.means)}">{found[0]}</a>'

    return names.sub(link, piece)
