"""What a lesson is built on: a coded study, the words in which passages are shown, its own tables, its language."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from analysis.exchange import commands
from analysis.exchange.importing.facets import Choices
from analysis.study import code_tree, gists, loading
from analysis.study.evidence import Evidence
from analysis.support import paths
from analysis.support.errors import CompendiumError
from analysis.teaching import passage_texts
from analysis.teaching.made_up_tables import MadeUp
from analysis.teaching.passage_texts import Shown
from analysis.wording import fingerprints

#: Words in the captions of what is computed for a lesson; another language than these has the English ones.
WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {"made up": "Made up", "table": "table", "passage": "Passage", "all": "all", "code": "Code",
           "codebook": "Codebook", "gist": "Gist", "wording": "Wording", "passages": "Passages to code",
           "name": "Name", "definition": "Definition", "include": "Include", "exclude": "Exclude",
           "boundary": "Boundary", "codes": "Codes",
           "keeps out": "Keeps out", "coefficients": "coefficients of tables {}",
           "prevalence": "Prevalence of {}", "bias": "Bias towards {}"},
    "de": {"made up": "Erfunden", "table": "Tabelle", "passage": "Textstelle", "all": "alle", "code": "Code",
           "codebook": "Codebuch", "gist": "Inhalt", "wording": "Wortlaut", "passages": "Textstellen zum Codieren",
           "name": "Name", "definition": "Definition", "include": "Dazu gehört", "exclude": "Nicht dazu gehört",
           "boundary": "Grenzfall", "codes": "Codes",
           "keeps out": "Nicht dazu gehört:", "coefficients": "Koeffizienten der Tabellen {}",
           "prevalence": "Prävalenz von {}", "bias": "Neigung zu {}",
           "percent-agreement": "Prozentuale Übereinstimmung", "cohen-kappa": "Cohens Kappa", "scott-pi": "Scotts Pi",
           "krippendorff-alpha": "Krippendorffs Alpha", "gwet-ac": "Gwets AC1"},
    "es": {"made up": "Inventado", "table": "tabla", "passage": "Fragmento", "all": "todos", "code": "Código",
           "codebook": "Libro de códigos", "gist": "Contenido", "wording": "Texto",
           "passages": "Fragmentos para codificar", "name": "Nombre", "definition": "Definición",
           "include": "Incluye", "exclude": "Excluye", "boundary": "Caso límite", "codes": "Códigos",
           "keeps out": "Excluye:", "coefficients": "coeficientes de las tablas {}",
           "prevalence": "Prevalencia de {}", "bias": "Inclinación a {}",
           "percent-agreement": "Porcentaje de acuerdo", "cohen-kappa": "Kappa de Cohen", "scott-pi": "Pi de Scott",
           "krippendorff-alpha": "Alfa de Krippendorff", "gwet-ac": "AC1 de Gwet"},
}  # fmt: skip


class LessonStudyError(CompendiumError):
    """A study that a lesson cannot be built on."""


@dataclass(frozen=True)
class Setting:
    """A study with the wording of its passages where it may be shown, the tables of a lesson, and its language.

    `private` says whether the wording of the compendium's own passages is shown where it was restored on this machine.
    """

    evidence: Evidence
    language: str = "en"
    tables: Mapping[str, MadeUp] = field(default_factory=dict)
    wording: Mapping[str, str] = field(default_factory=dict)
    private: bool = False

    @property
    def words(self) -> Mapping[str, str]:
        """The words of captions in the language of the lesson."""
        return WORDS.get(self.language, WORDS["en"])

    def shown(self, extract: str) -> Shown:
        """Return the words in which a passage is shown to be read."""
        return self._shown(extract, blind=False)

    def shown_to_code(self, extract: str) -> Shown:
        """Return the words in which a passage is shown to be coded: those of a blind gist, where there is one."""
        return self._shown(extract, blind=True)

    def _shown(self, extract: str, blind: bool) -> Shown:
        if self.wording:
            return Shown(self.wording.get(extract, ""), self.words["wording"])
        if self.private:
            show = passage_texts.shown_to_code if blind else passage_texts.shown
            return show(self.evidence, extract)
        return Shown(_gists(self.evidence, blind)[extract], self.words["gist"])

    def passages(self) -> list[str]:
        """Return the keys of the passages of the study."""
        return list(self.evidence.places)

    def facets(self) -> list[str]:
        """Return the facets of the study that have codes."""
        return list(dict.fromkeys(self.evidence.codes["facet"].tolist()))

    def levels(self, facet: str) -> list[str]:
        """Return the levels of a facet from the top down."""
        return code_tree.levels(self.evidence.codes, facet)

    def codes(self, facet: str, level: str | None = None) -> list[str]:
        """Return the codes at a level of a facet (the top if None), in the order of the tree."""
        return code_tree.codes_at(self.evidence.codes, facet, level)


@lru_cache(maxsize=16)
def _gists(evidence: Evidence, blind: bool) -> Mapping[str, str]:
    if blind:
        return gists.to_code_from(evidence)
    extracts = evidence.extracts
    return dict(zip(extracts["extract_id"].tolist(), extracts[gists.GIST].tolist(), strict=True))


def study_of(file: Path, lesson: Mapping[str, Any]) -> tuple[Evidence, Mapping[str, str]]:
    """Return the study that a lesson file names, and the wording of its passages if the lesson shows it.

    Raises CompendiumError for a study that is not there or cannot be used.
    """
    wanted = lesson.get("show", "gist") == "wording"
    if "study" not in lesson:
        if wanted:
            raise LessonStudyError("The wording of the article is not for publication. Show gists, or name your study.")
        return own_study(), {}
    place = file.parent / lesson["study"]
    if place.is_file():
        return _imported(place, lesson.get("study_import", {}), wanted)
    loaded = loading.load(place)
    if not wanted:
        return loaded, {}
    if not loaded.fragments.empty:
        raise LessonStudyError("The wording of this study is sealed, so it is not for publication. Show gists.")
    return loaded, fingerprints.restored(loaded, place / paths.PRIVATE / "wording.csv")


@lru_cache(maxsize=1)
def own_study() -> Evidence:
    """Return the study of the compendium."""
    return loading.load()


def _imported(file: Path, chosen: Mapping[str, Any], wanted: bool) -> tuple[Evidence, Mapping[str, str]]:
    """Return the study of a project of another program."""
    choices = Choices(
        tuple(chosen.get("facets", ())),
        tuple(chosen.get("exclusive", ())),
        chosen.get("interviewee", ""),
        tuple(chosen.get("record", ())),
    )
    made = commands.coded(commands.read(file), choices)
    loading.check(made.evidence, file)
    table = made.wording()
    return made.evidence, dict(zip(table["owner_id"], table["wording"], strict=True)) if wanted else {}
