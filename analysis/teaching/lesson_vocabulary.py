"""All measures, tables and charts that a lesson file may name."""

from collections.abc import Mapping

from analysis.teaching import (
    claim_vocabulary,
    lesson_figures,
    lesson_measures,
    lesson_tables,
    reading_vocabulary,
    simulated_vocabulary,
)
from analysis.teaching.lesson_figures import Drawn
from analysis.teaching.lesson_measures import Measure
from analysis.teaching.lesson_tables import Shown

MEASURES: Mapping[str, Measure] = {
    **lesson_measures.MEASURES,
    **reading_vocabulary.MEASURES,
    **claim_vocabulary.MEASURES,
    **simulated_vocabulary.MEASURES,
}
TABLES: Mapping[str, Shown] = {
    **lesson_tables.TABLES,
    **reading_vocabulary.TABLES,
    **claim_vocabulary.TABLES,
    **simulated_vocabulary.TABLES,
}
FIGURES: Mapping[str, Drawn] = {
    **lesson_figures.FIGURES,
    **reading_vocabulary.FIGURES,
    **simulated_vocabulary.FIGURES,
}
