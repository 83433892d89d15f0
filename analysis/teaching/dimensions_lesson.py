"""Notebook 2, from quotes to dimensions: the exercises and tables of its lesson file."""

from types import SimpleNamespace

from analysis.display.captioned_tables import CaptionedTable
from analysis.study.evidence import Evidence
from analysis.teaching import lesson_building, lesson_tables
from analysis.teaching.lesson_settings import Setting


def exercises(evidence: Evidence) -> SimpleNamespace:
    """Return the exercises by name, in the order of the notebook."""
    return SimpleNamespace(**lesson_building.bundled("dimensions", evidence, private=True).by_name)


def codes_to_group(evidence: Evidence, level: str) -> CaptionedTable:
    """Return the codes of a level with their definitions, in alphabetical order so that the tree does not show."""
    return lesson_tables.TABLES["codes"].make(Setting(evidence), {"facet": "power", "level": level})


def printed_labels(evidence: Evidence) -> CaptionedTable:
    """Return the passages of Table 2 that are compared with their labels."""
    return lesson_building.shown("dimensions", "labels", evidence)
