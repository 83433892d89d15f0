"""The texts of the exercises: a file for each notebook in `lessons/`, filled in with figures (`filled_texts`)."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from analysis.support import formatting
from analysis.support.errors import CompendiumError
from analysis.teaching import filled_texts
from analysis.teaching.comparisons import PatternHint
from analysis.teaching.exercises import Exercise, Wanted

FOLDER = Path(__file__).parent / "lessons"

Kind = TypeVar("Kind", bound=Exercise)


class LessonError(CompendiumError):
    """Texts of a lesson that do not fit what is computed for them."""


@dataclass(frozen=True)
class Answer:
    """What is computed of a figure that an exercise asks for; `mistakes` are other figures, by the names of slips."""

    right: float
    within: float = 0.0
    mistakes: Mapping[str, float] = field(default_factory=dict)


class Lesson:
    """The texts of a notebook, from `lessons/NAME.toml`; in a file they may be wrapped anywhere."""

    def __init__(self, name: str) -> None:
        self.file = FOLDER / f"{name}.toml"
        read = tomllib.loads(self.file.read_text(encoding="utf-8"))
        self.texts: dict[str, Any] = filled_texts.changed(read, lambda text: " ".join(text.split()))

    def exercise(self, kind: type[Kind], key: str, values: Mapping[str, object] | None = None, **computed: Any) -> Kind:
        """Return an exercise of a kind: its texts, with `values` filled in, and the parts that are computed.

        An exercise that is `like` another has its texts, but for those of its own. Raises LessonError for a value that
        no text names, a name without a value, and parts that do not fit.
        """
        own = dict(self.texts[key])
        writer = filled_texts.Writer(values or {})
        try:
            filled = filled_texts.changed(self.texts.get(own.pop("like", ""), {}) | own, writer.fill)
            exercise = kind(**_parts(filled, computed, self.texts.get("pattern", {})))
        except (KeyError, TypeError, ValueError) as fault:
            raise LessonError(f"{self.file.name}, {key}: {fault}. Texts and figures have to fit.") from fault
        if unused := writer.values.keys() - writer.used:
            raise LessonError(f"{self.file.name}, {key}: no text names {formatting.listed(sorted(unused))}.")
        return exercise


def _parts(texts: dict[str, Any], computed: dict[str, Any], patterns: Mapping[str, Any]) -> dict[str, Any]:
    """Return the texts of an exercise, and what is computed for it, under the names that its kind has for them."""
    parts = texts | computed
    if "mistakes" in parts:
        parts["mistakes"] = _remarks(texts, computed["mistakes"])
    if "figures" in parts:
        parts["figures"] = {
            key: Wanted(one["asked"], answer.right, one["again"], answer.within, _remarks(one, answer.mistakes))
            for key, one, answer in _paired(texts["figures"], computed["figures"])
        }
    situations = texts.get("situations", {})
    for part, name in {"situations": "text", "right": "answer", "rules": "rule"}.items():
        if situations and part not in computed:
            parts[part] = {key: one[name] for key, one in situations.items()}
    if statements := parts.pop("statements", {}):
        parts["among"] = {key: one["text"] for key, one in statements.items()}
        parts["right"] = frozenset(key for key, one in statements.items() if one["follows"])
        parts["remarks"] = {key: f"{key}: {one['remark']}" for key, one in statements.items() if "remark" in one}
    if "patterns" in texts:
        parts["patterns"] = [PatternHint(**patterns[name]) for name in texts["patterns"]]
    return parts


def _remarks(texts: Mapping[str, Any], figures: Mapping[str, float]) -> dict[float, str]:
    """Return what is said of the figures that slips lead to."""
    return {figure: remark for _, remark, figure in _paired(texts.get("mistakes", {}), figures)}


def _paired(texts: Mapping[str, Any], computed: Mapping[str, Any]) -> list[tuple[str, Any, Any]]:
    if texts.keys() != computed.keys():
        raise ValueError(f"there are texts for {', '.join(texts)}, and figures for {', '.join(computed)}")
    return [(key, texts[key], computed[key]) for key in texts]
