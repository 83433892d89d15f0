"""The claims as annotations on the article, in the Web Annotation model of the W3C, for repositories and readers.

Each claim is one annotation. What is published points at the article by its DOI, and names sections and passages by
their numbers. Quotations are in selectors, and these are only in what a reader makes from a copy of the article.

References
----------
Sanderson, R., Ciccarese, P., & Young, B. (2017). Web Annotation Data Model. W3C Recommendation.
https://www.w3.org/TR/annotation-model/
"""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from analysis.reanalysis import claims
from analysis.study.evidence import Evidence
from analysis.support import formatting
from analysis.wording.fingerprints import Match

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
RESOLVER = "https://doi.org/"
#: What wrote the claims and their tests; no version of it was recorded.
MODEL = "Claude, a language model by Anthropic"
_LABEL = "Claims of the article {title!r}, with verdicts"
_QUOTED = (
    "Claims of the article {title!r}, with verdicts and quotations from a reader's own copy. The quotations are the "
    "authors'; keep this file to yourself, or to what the article's terms allow."
)

Json = dict[str, Any]


def collection(
    study: Evidence,
    described: Mapping[str, Any] | None = None,
    addresses: Mapping[str, str] | None = None,
    found: Iterable[Match] | None = None,
) -> Json:
    """Return one annotation for each claim, as an annotation collection with one page.

    `described` is what else the collection says of itself, and `addresses` where each claim is shown, if anywhere. With
    what was `found` in a copy of the article, annotations point at the wording of passages; without, at the article.
    """
    pieces: dict[str, list[Match]] = defaultdict(list)
    for match in found or ():
        pieces[match.owner_id].append(match)
    items = [_annotation(study, claim, addresses or {}, pieces) for claim in study.claims.to_dict("records")]
    form = "quoted" if pieces else "published"
    label = (_QUOTED if pieces else _LABEL).format(title=study.study.article["title"])
    return {
        "@context": CONTEXT,
        "id": _urn(study, f"annotations-{form}"),
        "type": "AnnotationCollection",
        "label": label,
        **(described or {}),
        "generator": {"type": "Software", "name": MODEL},
        "total": len(items),
        "first": {
            "id": _urn(study, f"annotations-{form}-1"),
            "type": "AnnotationPage",
            "startIndex": 0,
            "items": items,
        },
    }


def _annotation(
    study: Evidence, claim: Mapping[Any, Any], addresses: Mapping[str, str], pieces: Mapping[str, list[Match]]
) -> Json:
    key = claim["claim_id"]
    assessed = claims.find(study)[key]
    sides = _sides(study, key, assessed)
    tags = [key, assessed.verdict, *(_place(section) for section in claim["section"].split("; ")), *sides]
    linked = {"type": "SpecificResource", "purpose": "linking", "source": addresses.get(key)}
    return {
        "id": _urn(study, f"{key}-quoted" if pieces else key),
        "type": "Annotation",
        "motivation": "assessing",
        "body": [
            _textual("describing", f"{key}, {claims.ORIGINS[claim['origin']]}: {claim['claim']}"),
            _textual("assessing", " ".join(_assessment(claim, assessed, sides))),
            *([linked] if linked["source"] else []),
            *({"type": "TextualBody", "purpose": "tagging", "value": tag} for tag in tags),
        ],
        "target": [*_quoted(study, sides, pieces)] or {"id": _article(study), "type": "Text", "language": "en"},
    }


def names_passages(study: Evidence, annotation: Json) -> bool:
    """Say whether an annotation is about passages, or about the article alone."""
    return any(body.get("purpose") == "tagging" and body["value"] in study.places for body in annotation["body"])


def _sides(study: Evidence, claim: str, assessed: claims.Assessment) -> dict[str, str]:
    """Return the passages that bear on a claim, each with how; one on both sides counts as against it."""
    context = claims.ledger(study).linked(claim, "context")
    bearings = ((context, "context"), (assessed.passages, "for it"), (assessed.against, "against it"))
    found = {passage: bearing for passages, bearing in bearings for passage in passages}
    return dict(sorted(found.items(), key=lambda one: study.places[one[0]]))


def _assessment(claim: Mapping[Any, Any], assessed: claims.Assessment, sides: Mapping[str, str]) -> Iterator[str]:
    yield f"Verdict: {assessed.label}. {assessed.summary}"
    yield f"Tested as: {claim['quantity']}"
    for bearing, said in (("for it", "For it"), ("against it", "Against it"), ("context", "Context only")):
        if named := [passage for passage, side in sides.items() if side == bearing]:
            yield f"{said}: {formatting.listed(named)}."
    if claim["objection"]:
        yield f"Objection that remains: {claim['objection']}"


def _place(section: str) -> str:
    """Return a place in the article as a tag.

    >>> [_place(section) for section in ("4.2", "Table 2", "abstract")]
    ['section 4.2', 'Table 2', 'abstract']
    """
    return f"section {section}" if section[0].isdigit() else section


def _textual(purpose: str, value: str) -> Json:
    return {"type": "TextualBody", "purpose": purpose, "value": value, "format": "text/plain", "language": "en"}


def _quoted(study: Evidence, sides: Mapping[str, str], pieces: Mapping[str, list[Match]]) -> Iterator[Json]:
    """Yield the wording of each passage that bears on a claim as a part of the article."""
    for passage in sides:
        for match in pieces.get(passage, ()):
            quote = {"type": "TextQuoteSelector", "exact": match.wording, "prefix": match.before, "suffix": match.after}
            place = {"type": "TextPositionSelector", "start": match.start, "end": match.end}
            yield {"type": "SpecificResource", "source": _article(study), "selector": [quote, place]}


def _article(study: Evidence) -> str:
    return f"{RESOLVER}{study.study.article['doi']}"


def _urn(study: Evidence, name: str) -> str:
    """Return an identifier that is the same in every version, whatever the address of the site."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"{_article(study)}#{name}").urn
