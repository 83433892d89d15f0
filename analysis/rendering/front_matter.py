"""What stands before an article's text, in one form for all formats: authors, places, day, funding, how to cite it."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from analysis.support import formatting

# The roles of CRediT, with the names that Quarto also takes for four of them.
_CREDIT = (
    *("conceptualization", "data curation", "formal analysis", "funding acquisition", "investigation", "methodology"),
    *("project administration", "resources", "software", "supervision", "validation", "visualization"),
    *("writing – original draft", "writing – review & editing"),
)
_SHORT = {"writing": _CREDIT[-2], "editing": _CREDIT[-1], "analysis": "formal analysis", "funding": _CREDIT[3]}
_VOCABULARY = "https://credit.niso.org/"
_PARTS = ("department", "name", "city", "region", "country")  # of an affiliation, in the order in which they are read

Place = dict[str, str]


def front_matter(settings: Mapping[str, Any], title: str) -> dict[str, Any]:
    """Return what templates take beside abstract and keywords; `title` is the title without markup.

    For readers: `byline`, the authors, each with `lines`; `date`, in words; and `details`, lines with a `label`. A line
    has `pieces`, each with `text` and perhaps an `address`. For catalogues and JATS: the same as data.
    """
    places = _places(settings)
    authors = [_author(author, places) for author in _authors(settings)]
    published = _published(str(settings.get("date", "")))
    cited = _cited(settings)
    told = [_grant(grant, places) for grant in as_list(settings.get("funding"))]
    grants = [grant for grant in told if grant["statement"]]
    found = {"byline": authors, "places": places, "published": published, "cited": cited, "grants": grants}
    return found | {"date": published.get("words", ""), "details": list(_details(found, settings, title))}


def as_list(value: Any) -> list[Any]:
    """Return one thing or several as a list."""
    if value is None:
        return []
    return list(value) if isinstance(value, list) else [value]


def unknown_places(settings: Mapping[str, Any]) -> list[str]:
    """Return the references to affiliations that nobody gives."""
    known = {place.get("id") for place in _given_places(settings)}
    asked = [*_given_places(settings), *_recipients(settings)]
    return sorted({place["ref"] for place in asked if "ref" in place} - known)


def _authors(settings: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [{"name": author} if isinstance(author, str) else author for author in as_list(settings.get("author"))]


def _given_places(settings: Mapping[str, Any]) -> Iterator[Place]:
    """Yield affiliations as they are given, those of authors too."""
    yield from as_list(settings.get("affiliations"))
    for author in _authors(settings):
        yield from _places_of(author)


def _places_of(author: Mapping[str, Any]) -> list[Place]:
    given = [*as_list(author.get("affiliations")), *as_list(author.get("affiliation"))]
    return [{"name": place} if isinstance(place, str) else place for place in given]


def _recipients(settings: Mapping[str, Any]) -> Iterator[Place]:
    for grant in as_list(settings.get("funding")):
        for award in as_list(grant.get("awards")) if isinstance(grant, dict) else []:
            yield from (one for one in as_list(award.get("recipient")) if isinstance(one, dict))


def _places(settings: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return each affiliation once, with the identifier that it has in JATS and its words."""
    alike: dict[str, list[Place]] = {}
    for place in _given_places(settings):
        if "ref" not in place:
            alike.setdefault(_words(place), []).append(place)
    return [
        {part: place[0][part] for part in (*_PARTS, "url") if part in place[0]}
        | {"ids": [one["id"] for one in place if "id" in one], "identifier": f"aff-{number}", "text": text}
        for number, (text, place) in enumerate(alike.items(), 1)
    ]


def _words(place: Place) -> str:
    return ", ".join(place[part] for part in _PARTS if part in place)


def _place(given: Place, places: list[dict[str, Any]]) -> dict[str, Any]:
    if "ref" in given:
        return next(place for place in places if given["ref"] in place["ids"])
    return next(place for place in places if place["text"] == _words(given))


def _author(author: Mapping[str, Any], places: list[dict[str, Any]]) -> dict[str, Any]:
    here = [_place(place, places) for place in _places_of(author)]
    contact = [{"text": "corresponding author"}] if author.get("corresponding") else []
    if email := author.get("email"):
        contact.append({"text": email, "address": f"mailto:{email}"})
    if orcid := author.get("orcid"):
        contact.append({"text": f"ORCID {orcid}", "address": f"https://orcid.org/{orcid}"})
    lines = [*([_piece(place["text"], place.get("url"))] for place in here), contact]
    return {
        "name": author["name"],
        "orcid": author.get("orcid", ""),
        "email": author.get("email", ""),
        "corresponding": bool(author.get("corresponding")),
        "roles": [_role(role) for role in as_list(author.get("roles"))],
        "places": here,
        "lines": [{"pieces": line} for line in lines if line],
    }


def _piece(text: str, address: str | None = None) -> dict[str, str]:
    return {"text": text} | ({"address": address} if address else {})


def _role(given: str) -> dict[str, str]:
    role = _SHORT.get(given.casefold(), given)
    if (term := role.casefold().replace(" - ", " – ")) not in _CREDIT:
        return {"text": role}
    address = "-".join(re.findall(r"\w+", term))
    return {"text": role, "term": term, "address": f"{_VOCABULARY}contributor-roles/{address}/"}


def _published(day: str) -> dict[str, str]:
    if not day:
        return {}
    year, month, date = day.split("-")
    return {"iso": day, "year": year, "month": month, "day": date, "words": formatting.date(day)}


def _cited(settings: Mapping[str, Any]) -> dict[str, str]:
    """Return the settings of the citation, with the pages apart; an article may have a DOI alone."""
    given = settings.get("citation") or {}
    cited = {key: str(value) for key, value in given.items()} if isinstance(given, dict) else {}
    if doi := settings.get("doi", cited.get("doi")):
        cited["doi"] = doi
    if pages := cited.get("page"):
        first, *last = re.split(r"[-–]+", pages)
        cited |= {"first": first.strip()} | ({"last": last[0].strip()} if last else {})
    return cited


def _grant(grant: Any, places: list[dict[str, Any]]) -> dict[str, Any]:
    """Return a source of funding: awards, and the statement for readers, made of these where none is given."""
    if isinstance(grant, str):
        return {"statement": grant, "awards": []}
    awards = [
        {
            "id": str(award.get("id", "")),
            "sources": as_list(award.get("source")),
            "recipients": [_recipient(one, places) for one in as_list(award.get("recipient"))],
        }
        for award in as_list(grant.get("awards"))
    ]
    return {"statement": grant.get("statement") or "; ".join(map(_award, awards)), "awards": awards}


def _recipient(given: str | Place, places: list[dict[str, Any]]) -> str:
    if isinstance(given, str):
        return given
    return str(_place(given, places)["text"]) if "ref" in given else given["name"]


def _award(award: Mapping[str, Any]) -> str:
    sources, recipients = formatting.listed(award["sources"], ""), formatting.listed(award["recipients"], "")
    parts = [sources, f"award {award['id']}" if award["id"] else "", f"to {recipients}" if recipients else ""]
    return ", ".join(filter(None, parts))


def _details(found: Mapping[str, Any], settings: Mapping[str, Any], title: str) -> Iterator[dict[str, Any]]:
    """Yield what readers find below the abstract: a label and a line."""
    if doi := found["cited"].get("doi"):
        yield {"label": "DOI", "pieces": [_piece(doi, f"https://doi.org/{doi}")]}
    roles = {author["name"]: ", ".join(role["text"] for role in author["roles"]) for author in found["byline"]}
    if any(roles.values()):
        told = roles.values() if len(roles) == 1 else [f"{name}: {done}" for name, done in roles.items() if done]
        yield {"label": "Contributions", "pieces": [_piece("; ".join(told))]}
    if found["grants"]:
        statements = "; ".join(grant["statement"].strip().rstrip(".") for grant in found["grants"])
        yield {"label": "Funding", "pieces": [_piece(statements)]}
    if settings.get("citation"):
        yield {"label": "Cite as", "pieces": _reference(found, title)}


def _reference(found: Mapping[str, Any], title: str) -> list[dict[str, str]]:
    """Return how the article is cited, as a line."""
    cited, year = found["cited"], found["published"].get("year", "")
    names = formatting.listed([author["name"] for author in found["byline"]], "")
    number = cited.get("volume", "") + (f"({cited['issue']})" if "issue" in cited else "")
    where = [cited.get("container-title", ""), number, cited.get("page", ""), cited.get("publisher", "")]
    said = [f"{names} ({year})" if year else names, title, ", ".join(filter(None, where))]
    address = f"https://doi.org/{cited['doi']}" if "doi" in cited else cited.get("url", "")
    line = [_piece(f"{'. '.join(part.rstrip('.') for part in said if part)}.")]
    return [*line, _piece(address, address)] if address else line
