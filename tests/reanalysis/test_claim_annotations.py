"""The claims as Web Annotations: each claim once, valid by the model, and no quotation in what is published."""

import json
from collections import Counter
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from analysis.reanalysis import claim_annotations, claims
from analysis.study.evidence import Evidence
from analysis.wording import fingerprints
from analysis.wording.fingerprints import Match

ARTICLE = "https://doi.org/10.1111/padm.13015"
URN = {"type": "string", "pattern": "^urn:uuid:[0-9a-f-]{36}$"}
TEXT = {"type": "string", "minLength": 1}


def of(kind: str, required: dict[str, Any], optional: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return the schema of an object of a type, which has nothing but what is named."""
    required = {"type": {"const": kind}} | required
    properties = required | (optional or {})
    return {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}


#: What the model (W3C, 23 February 2017) asks of the parts that are used here.
BODY = {
    "oneOf": [
        of("TextualBody", {"value": TEXT, "purpose": {"enum": ["describing", "assessing", "tagging"]}},
           {"format": {"const": "text/plain"}, "language": {"const": "en"}}),
        of("SpecificResource", {"purpose": {"const": "linking"}, "source": {"type": "string", "format": "uri"}}),
    ]
}  # fmt: skip
SELECTORS = [
    of("TextQuoteSelector", {"exact": TEXT, "prefix": {"type": "string"}, "suffix": {"type": "string"}}),
    of("TextPositionSelector", {"start": {"type": "integer", "minimum": 0}, "end": {"type": "integer", "minimum": 1}}),
]
TARGET = {
    "oneOf": [
        of("Text", {"id": {"const": ARTICLE}, "language": {"const": "en"}}),
        {
            "type": "array",
            "minItems": 1,
            "items": of(
                "SpecificResource",
                {"source": {"const": ARTICLE}, "selector": {"type": "array", "prefixItems": SELECTORS, "items": False}},
            ),
        },
    ]
}
ANNOTATION = of(
    "Annotation",
    {"id": URN, "motivation": {"const": "assessing"}, "body": {"type": "array", "items": BODY}, "target": TARGET},
)
COLLECTION = of(
    "AnnotationCollection",
    {
        "@context": {"const": "http://www.w3.org/ns/anno.jsonld"},
        "id": URN,
        "label": TEXT,
        "total": {"type": "integer"},
        "generator": of("Software", {"name": TEXT}),
        "first": of(
            "AnnotationPage", {"id": URN, "startIndex": {"const": 0}, "items": {"type": "array", "items": ANNOTATION}}
        ),
    },
    {"creator": {"type": "array"}, "rights": {"type": "string", "format": "uri"}, "schema:version": TEXT},
)
VALIDATOR = Draft202012Validator(COLLECTION, format_checker=FormatChecker())


@pytest.fixture(scope="module")
def published(study: Evidence) -> dict[str, Any]:
    described = {"creator": [], "rights": "https://spdx.org/licenses/CC-BY-4.0", "schema:version": "1.0.0"}
    return claim_annotations.collection(study, described, {"C58": "https://example.org/claims/index.html#C58"})


@pytest.fixture(scope="module")
def quoted(study: Evidence) -> dict[str, Any]:
    """Annotations on a copy in which every piece was found, with invented wording."""
    pieces = study.fragments.loc[study.fragments["owner_id"].isin(study.extracts["extract_id"]), ["owner_id", "n"]]
    found = [
        Match(owner, n, "found", 7, f"Invented {owner}.{n}", 20, "before ", " after") for owner, n in pieces.to_numpy()
    ]
    return claim_annotations.collection(study, found=found)


def values(annotation: dict[str, Any], purpose: str) -> list[str]:
    return [body.get("value", body.get("source")) for body in annotation["body"] if body["purpose"] == purpose]


def test_both_forms_are_valid_by_the_model_and_what_is_not_is_found(
    published: dict[str, Any], quoted: dict[str, Any]
) -> None:
    for made in (published, quoted):
        assert [fault.json_path for fault in VALIDATOR.iter_errors(made)] == []
    spoilt = json.loads(json.dumps(published))
    del spoilt["first"]["items"][0]["target"]
    assert list(VALIDATOR.iter_errors(spoilt))


def test_each_claim_has_one_annotation_with_its_verdict_and_passages(
    study: Evidence, published: dict[str, Any]
) -> None:
    items = published["first"]["items"]
    assert published["total"] == len(items) == len({one["id"] for one in items})
    assert [values(one, "tagging")[0] for one in items] == study.claims["claim_id"].tolist()
    for claim, one in zip(study.claims.to_dict("records"), items, strict=True):
        found, (said,), (assessed,) = (
            claims.find(study)[claim["claim_id"]],
            values(one, "describing"),
            values(one, "assessing"),
        )
        assert said.endswith(claim["claim"])
        assert found.label in assessed
        assert {*found.passages, *found.against} <= set(values(one, "tagging"))
    (of_c58,) = (one for one in items if values(one, "linking"))
    assert values(of_c58, "linking") == ["https://example.org/claims/index.html#C58"]
    assert {"C58", "section 4.2"} <= set(values(of_c58, "tagging"))


def test_what_is_published_has_no_selector_and_no_piece_of_the_wording(
    study: Evidence, published: dict[str, Any]
) -> None:
    text = json.dumps(published, ensure_ascii=False)
    assert "elector" not in text
    long = study.fragments[study.fragments["words"].between(5, 40)]
    wanted = set(zip(long["words"], long["fingerprint"], strict=True))
    assert len(wanted) > 20
    assert fingerprints.windows([word.text for word in fingerprints.words(text)], wanted) == {}


def test_a_readers_own_file_points_at_each_piece_of_each_passage_that_bears_on_a_claim(
    study: Evidence, quoted: dict[str, Any]
) -> None:
    pieces = Counter(study.fragments["owner_id"])
    for one in quoted["first"]["items"]:
        passages = [tag for tag in values(one, "tagging") if tag in study.places]
        if not passages:
            assert one["target"]["id"] == ARTICLE
            continue
        exact = [target["selector"][0]["exact"] for target in one["target"]]
        assert exact == [f"Invented {name}.{n}" for name in passages for n in range(1, pieces[name] + 1)]
        assert one["target"][0]["selector"][1] == {"type": "TextPositionSelector", "start": 7, "end": 20}


def test_names_stay_the_same_and_differ_between_what_is_published_and_what_is_not(
    study: Evidence, published: dict[str, Any], quoted: dict[str, Any]
) -> None:
    ids = [[made["id"], *(one["id"] for one in made["first"]["items"])] for made in (published, quoted)]
    again = claim_annotations.collection(study)
    assert [again["id"], *(one["id"] for one in again["first"]["items"])] == ids[0]
    assert not set(ids[0]) & set(ids[1])
