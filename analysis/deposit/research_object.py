"""The archive as machines read it: RO-Crate 1.2, with what was run on what by which software (Workflow Run Crate)."""

import platform
import re
from collections.abc import Collection, Iterable, Mapping
from importlib.metadata import version
from typing import Any

from analysis.deposit.catalogue_records import as_json, package_name
from analysis.deposit.stated_facts import LICENCES, PACKAGE, SPDX, Facts
from analysis.reanalysis import claim_annotations
from analysis.site.pages import metadata
from analysis.support import strict_json

NAME = "ro-crate-metadata.json"
CRATE = "https://w3id.org/ro/crate/1.2"
PROFILES = {
    "https://w3id.org/ro/wfrun/process/0.5": "Process Run Crate",
    "https://w3id.org/ro/wfrun/workflow/0.5": "Workflow Run Crate",
    "https://w3id.org/workflowhub/workflow-ro-crate/1.0": "Workflow RO-Crate",
}
_BIOSCHEMAS = "https://bioschemas.org/profiles/ComputationalWorkflow/1.0-RELEASE"
_PYTHON = "https://www.python.org/"
_MODEL = "https://claude.ai/"
_WORKFLOW, _PROGRAM, _LOCK, _EVIDENCE = "noxfile.py", "analysis/__main__.py", "requirements.txt", "data/evidence/"
_BUILD = "build/"
_PARAMETERS = {_EVIDENCE: "#evidence", _LOCK: "#lock", _BUILD: "#build"}
_SINGLE = re.compile(r"[^/]+|build/(article/)?[^/]+")  # files that are described each, beside the tables
#: Each command of a run: what it is given, and what it makes, of which the archive has what is there.
_RUNS = {
    "verify": (("data/evidence/", "data/readings/", "data/derived/"), ("build/report.html", "build/verification.json")),
    "notebooks": (("data/evidence/", "notebooks/"), ("build/notebooks/",)),
    "article": (("data/evidence/", "paper/"), ("build/article/",)),
    "site": (("data/evidence/", "docs/", "build/notebooks/", "build/article/"), ("build/site/",)),
}
_DONE = {
    "verify": "Recomputes every derived table from the evidence and compares it with the stored one",
    "notebooks": "Executes the notebooks",
    "article": "Renders the article and its supplement",
    "site": "Builds the site",
}
_MADE = {
    _BUILD: "What a run made, as README.md names it",
    "build/article/": "The article and its supplement, rendered",
    "build/notebooks/": "The notebooks, executed",
    "build/site/": "The site: begin with index.html",
}
_MEDIA = {
    ".cff": "application/yaml", ".csv": "text/csv", ".docx": (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    ), ".html": "text/html", ".ipynb": "application/x-ipynb+json", ".json": "application/json", ".md": "text/markdown",
    ".pdf": "application/pdf", ".py": "text/x-python", ".toml": "application/toml", ".txt": "text/plain",
    ".xml": "application/xml", ".yml": "application/yaml", ".zip": "application/zip",
}  # fmt: skip
_FOLDER = re.compile(r"^\| `([\w/]+/)` \| (.+?) \|$", re.M)
_LINK = re.compile(r"\[([^\]]+)\]\([^)]*\)")
_Entity = dict[str, Any]


def crate(facts: Facts, files: Mapping[str, bytes], coders: Iterable[Mapping[str, str]], renderer: str) -> bytes:
    """Return the description of an archive with these files, which are in its folder.

    `coders` are rows of the table of coders, and `renderer` says what rendered the article.
    """
    single = [place for place in files if _SINGLE.fullmatch(place) and place != _WORKFLOW]
    software = [_software(package_name(one)) for one in facts.project["dependencies"]]
    parts = [*_folders(files), *_tables(files), *map(_file, single), _workflow(facts, software), _program(facts)]
    for one in parts:
        if parameter := _PARAMETERS.get(one["@id"]):
            one["exampleOfWork"] = _ref(parameter)
        if one["@id"] in files:
            one["contentSize"] = str(len(files[one["@id"]]))
        elif inner := [other["@id"] for other in parts if _is_in(other["@id"], one["@id"])]:
            one["hasPart"] = _refs(inner)
    runs = [_run(facts, name, files) for name in _RUNS]
    runs[list(_RUNS).index("article")]["description"] += f" ({renderer})"
    actions = [_whole_run(facts), *runs, *_codings(facts, coders)]
    entities = [_descriptor(), _root(facts, parts, actions), *parts, *_parameters(), *actions, *software]
    return as_json({"@context": f"{CRATE}/context", "@graph": [*entities, *_people(facts), *_context(facts)]})


def _is_in(place: str, folder: str) -> bool:
    """Say whether a file or folder is in a folder itself, and not in one below it."""
    return place.startswith(folder) and "/" not in place[len(folder) : -1] and place != folder


def _ref(name: str) -> dict[str, str]:
    return {"@id": name}


def _refs(names: Iterable[str]) -> dict[str, str] | list[dict[str, str]]:
    """Return references; a single one is not in a list, as RO-Crate asks."""
    found = [_ref(name) for name in names]
    return found[0] if len(found) == 1 else found


def _descriptor() -> _Entity:
    return {
        "@id": NAME,
        "@type": "CreativeWork",
        "name": "What is in this archive, for machines",
        "about": _ref("./"),
        "conformsTo": _ref(CRATE),
    }


def _root(facts: Facts, parts: Iterable[_Entity], actions: Iterable[_Entity]) -> _Entity:
    doi = facts.cited.get("doi")
    named = {"identifier": f"{metadata.RESOLVER}{doi}"} if doi else {}
    return {
        "@id": "./",
        "@type": "Dataset",
        "name": facts.cited["title"],
        "description": facts.abstract,
        "version": facts.version,
        "datePublished": facts.day,
        "author": _refs(map(_author_id, facts.cited["authors"])),
        "publisher": _refs(map(_author_id, facts.cited["authors"])),
        "license": _refs(f"{SPDX}{name}" for name in facts.cited["license"]),
        "keywords": facts.cited["keywords"],
        "inLanguage": "en",
        "isBasedOn": _ref(metadata.RESOLVER + facts.article["doi"]),
        "conformsTo": _refs(PROFILES),
        "mainEntity": _ref(_WORKFLOW),
        "hasPart": _refs(one["@id"] for one in parts),
        "mentions": _refs(one["@id"] for one in actions),
    } | named


def _folders(files: Mapping[str, bytes]) -> list[_Entity]:
    """Return the folders of the archive; README.md says what is in each, and this module in those of a run."""
    table = _FOLDER.findall(files["README.md"].decode())
    said = {name: _LINK.sub(r"\1", text).replace("`", "") for name, text in table} | _MADE
    inner = [place for given, made in _RUNS.values() for place in (*given, *made) if place.endswith("/")]
    there = {place[: place.index("/") + 1] for place in files if "/" in place}
    named = sorted(there | {one for one in inner if any(place.startswith(one) for place in files)})
    return [
        {"@id": one, "@type": "Dataset", "name": one, "description": said.get(one, f"The folder {one}")}
        for one in named
    ]


def _tables(files: Mapping[str, bytes]) -> list[_Entity]:
    """Return the tables of the data package, as datapackage.json describes them."""
    described = strict_json.parsed(files[PACKAGE])
    return [
        _file(f"data/{one['path']}") | {"name": one["title"], "description": one["description"]}
        for one in described["resources"]
    ]


def _file(place: str) -> _Entity:
    ending = "." + place.rpartition(".")[2]
    media = {"encodingFormat": _MEDIA[ending]} if ending in _MEDIA else {}
    about = {"about": _ref("./")} if place == "README.md" else {}
    return {"@id": place, "@type": "File", "name": place} | media | about


def _workflow(facts: Facts, software: Iterable[_Entity]) -> _Entity:
    return _file(_WORKFLOW) | {
        "@type": ["File", "SoftwareSourceCode", "ComputationalWorkflow"],
        "name": "Re-run the whole study (nox)",
        "description": "Recomputes every derived table, executes the notebooks, renders the article, builds the site",
        "version": facts.version,
        "conformsTo": _ref(_BIOSCHEMAS),
        "programmingLanguage": _ref(_PYTHON),
        "softwareRequirements": _refs(one["@id"] for one in software),
        "input": _refs((_PARAMETERS[_EVIDENCE], _PARAMETERS[_LOCK])),
        "output": _ref(_PARAMETERS[_BUILD]),
    }


def _parameters() -> list[_Entity]:
    return [
        {
            "@id": name,
            "@type": "FormalParameter",
            "name": name.removeprefix("#"),
            "additionalType": "Dataset" if place.endswith("/") else "File",
            "workExample": _ref(place),
        }
        for place, name in _PARAMETERS.items()
    ]


def _program(facts: Facts) -> _Entity:
    return _file(_PROGRAM) | {
        "@type": ["File", "SoftwareSourceCode"],
        "name": "python -m analysis",
        "description": facts.project["description"],
        "version": facts.version,
        "programmingLanguage": _ref(_PYTHON),
    }


def _action(facts: Facts, place: str, **said: Any) -> _Entity:
    agents = _refs(map(_author_id, facts.cited["authors"]))
    return {"@id": place, "@type": "CreateAction", "agent": agents} | said


def _whole_run(facts: Facts) -> _Entity:
    return _action(
        facts,
        "#run",
        name="nox",
        description="The whole study was run again. It says no time, so that the same commit gives the same archive.",
        instrument=_ref(_WORKFLOW),
        object=_refs((_EVIDENCE, _LOCK)),
        result=_ref(_BUILD),
    )


def _run(facts: Facts, name: str, files: Collection[str]) -> _Entity:
    given, made = _RUNS[name]
    return _action(
        facts,
        f"#run-{name}",
        name=f"python -m analysis {name}",
        description=_DONE[name],
        instrument=_ref(_PROGRAM),
        object=_refs(given),
        result=_refs(one for one in made if one in files or one.endswith("/")),
    )


def _codings(facts: Facts, coders: Iterable[Mapping[str, str]]) -> list[_Entity]:
    """Return how the evidence was coded: what each session of the language model saw and did, in its own words."""
    return [
        _action(
            facts,
            f"#coded-by-{one['coder_id']}",
            name=f"Coding of {one['coder_id']}",
            description=one["description"],
            instrument=_ref(_MODEL),
            object=_ref("data/evidence/extracts.csv"),
            result=_ref("data/evidence/codings.csv"),
        )
        for one in coders
        if one["kind"] == "language-model"
    ]


def _software(name: str) -> _Entity:
    return {
        "@id": f"https://pypi.org/project/{name}/{version(name)}/",
        "@type": "SoftwareApplication",
        "name": name,
        "version": version(name),
        "url": f"https://pypi.org/project/{name}/",
    }


def _author_id(author: Mapping[str, str]) -> str:
    return author.get("orcid") or f"#{metadata.name(dict(author)).lower().replace(' ', '-')}"


def _people(facts: Facts) -> list[_Entity]:
    ours = [
        {"@id": _author_id(one), "@type": "Organization" if "name" in one else "Person", "name": metadata.name(one)}
        for one in facts.cited["authors"]
    ]
    theirs = [
        {"@id": _author_id(one), "@type": "Person", "name": metadata.name(one)} for one in facts.article["authors"]
    ]
    return [*ours, *theirs]


def _context(facts: Facts) -> list[_Entity]:
    article = {
        "@id": metadata.RESOLVER + facts.article["doi"],
        "@type": "ScholarlyArticle",
        "name": facts.article["title"],
        "author": _refs(map(_author_id, facts.article["authors"])),
        "datePublished": str(facts.article["year"]),
    }
    licences = [
        {
            "@id": f"{SPDX}{one}",
            "@type": "CreativeWork",
            "name": LICENCES[one][1],
            "description": f"The licence of {LICENCES[one][2]}: {LICENCES[one][0]}",
        }
        for one in facts.cited["license"]
    ]
    profiles = [
        {"@id": place, "@type": ["CreativeWork", "Profile"], "name": name, "version": place.rpartition("/")[2]}
        for place, name in PROFILES.items()
    ]
    python = {
        "@id": _PYTHON,
        "@type": ["ComputerLanguage", "SoftwareApplication"],
        "name": "Python",
        "url": _PYTHON,
        "version": platform.python_version(),
    }
    bioschemas = {"@id": _BIOSCHEMAS, "@type": "CreativeWork", "name": "Bioschemas: ComputationalWorkflow"}
    model = {
        "@id": _MODEL,
        "@type": "SoftwareApplication",
        "name": claim_annotations.MODEL,
        "url": _MODEL,
        "version": "not recorded",
    }
    return [article, *licences, *profiles, bioschemas, python, model]
