"""The pages of the lessons on the site: what they show, what they load, and their keys, which load when asked for."""

from collections.abc import Iterator, Mapping
from typing import Any

from analysis.display.captioned_tables import escaped
from analysis.display.html_elements import heading
from analysis.study.evidence import Evidence
from analysis.teaching import lesson_building, lesson_files
from analysis.teaching.lesson_pages import answer_keys, engine_words, lesson_assets, lesson_blocks, student_data

FOLDER = "teaching/lessons"
#: What every page of a lesson has in its front matter: a text of its own, and no connection to anywhere.
FRONT_MATTER: Mapping[str, Any] = {
    "explain_terms": False,
    "policy": "connect-src 'self'; worker-src 'self' blob:; form-action 'none'; object-src 'none'; base-uri 'none'",
    "styles": [f"styles/{lesson_assets.STYLE}"],
    "scripts": [f"scripts/{script}" for script in lesson_assets.SCRIPTS],
}


def lesson(evidence: Evidence, name: str) -> str:
    """Return a lesson of the compendium as its page on the site shows it."""
    built = lesson_building.bundled(name, evidence)
    title = engine_words.words(built.language)["lesson"].format(number=built.number)
    parts = [f"# {escaped(f'{title}: {built.title}')}"]
    for block in lesson_blocks.blocks(built, key=key_script(name)):
        if isinstance(block, lesson_blocks.Heading):
            parts.append(heading(2, block.title, block.place).strip())
        else:
            parts.append(block)
    return "\n\n".join(parts)


def key_script(name: str) -> str:
    """Return the name of the script that has the key of a lesson."""
    return f"{name}.key.js"


def files(evidence: Evidence) -> Iterator[tuple[str, bytes]]:
    """Yield the data of each lesson for students, and its key as a file and as a script: place and content."""
    for name in lesson_files.bundled():
        built = lesson_building.bundled(name, evidence)
        yield f"{FOLDER}/{name}.lesson.json", student_data.as_json(built).encode()
        yield f"{FOLDER}/{name}.key.json", answer_keys.as_json(built).encode()
        yield f"{FOLDER}/{key_script(name)}", answer_keys.as_script(built).encode()
