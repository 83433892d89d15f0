"""Values of a lesson file: figures and names that are computed, each once, by measures and formulas."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from analysis.support import formatting
from analysis.support.errors import CompendiumError
from analysis.teaching import formulas
from analysis.teaching.exercises import did_you_mean
from analysis.teaching.lesson_files import LessonFile, LessonFileError
from analysis.teaching.lesson_measures import Of, Option
from analysis.teaching.lesson_settings import Setting
from analysis.teaching.lesson_vocabulary import MEASURES
from analysis.teaching.toml_places import Path as Place

Made = TypeVar("Made")


class Values(Mapping[str, object]):
    """The values that have names in a part of a lesson, and those of the whole lesson; each is computed when asked for.

    Asking raises KeyError for a name that there is not, and LessonFileError for a value that cannot be computed.
    """

    def __init__(
        self,
        lesson: LessonFile,
        setting: Setting,
        given: Mapping[str, Any],
        place: Place,
        above: "Values | None" = None,
    ) -> None:
        self.lesson, self.setting, self.given, self.place, self.above = lesson, setting, given, place, above
        self.used = set[str]()
        self._found: dict[str, object] = {}
        self._computing = list[str]()

    def __getitem__(self, name: str) -> object:
        if name in self._found:
            self.used.add(name)
            return self._found[name]
        if name not in self.given:
            if self.above is None:
                raise KeyError(name)
            return self.above[name]
        self.used.add(name)
        if name in self._computing:
            circle = " → ".join([*self._computing, name])
            remedy = "Compute one of them without the other."
            raise LessonFileError(
                self.lesson.fault((*self.place, name), f"values refer to each other: {circle}", remedy)
            )
        self._computing.append(name)
        try:
            self._found[name] = self.computed(self.given[name], (*self.place, name))
        finally:
            self._computing.pop()
        return self._found[name]

    def __iter__(self) -> Any:
        return iter({**(dict.fromkeys(self.above) if self.above else {}), **self.given, **self._found})

    def __len__(self) -> int:
        return len(list(iter(self)))

    def put(self, name: str, value: object) -> None:
        """Add a value that is known, and need not be used."""
        self._found[name] = value

    def unused(self) -> list[str]:
        """Return the names of its own values that nothing has asked for."""
        return [name for name in self.given if name not in self.used]

    def computed(self, given: Any, place: Place) -> object:
        """Return what is computed by a measure or formula, or what was given if it is neither.

        Raises LessonFileError for what cannot be computed.
        """
        if not isinstance(given, dict):
            return given
        if "formula" in given:
            return self._by_formula(given, place)
        name = given["measure"]
        if name not in MEASURES:
            remedy = f"The measures are on the page on lesson files{did_you_mean(str(name), MEASURES)}"
            raise LessonFileError(self.lesson.fault((*place, "measure"), "there is no such measure", remedy, name))
        measure = MEASURES[name]
        options = {key: value for key, value in given.items() if key != "measure"}
        return self.called(measure.compute, measure.options, options, place)

    def _by_formula(self, given: Mapping[str, Any], place: Place) -> float:
        spot = (*place, "formula")
        formula = given["formula"]
        if len(given) > 1 or not isinstance(formula, str):
            raise LessonFileError(self.lesson.fault(spot, "a formula is a text by itself", 'Write { formula = "…" }.'))
        for name in formulas.names(formula):
            if name not in self:
                remedy = f"Add it to values{did_you_mean(name, self)}"
                raise LessonFileError(self.lesson.fault(spot, "there is no such value", remedy, name))
        try:
            return formulas.worked_out(formula, self)
        except formulas.FormulaError as fault:
            remedy = "Use numbers, names of values, + - * / ** and brackets."
            raise LessonFileError(self.lesson.fault(spot, str(fault).rstrip("."), remedy, formula)) from None

    def called(
        self,
        compute: Callable[[Setting, Mapping[str, Any]], Made],
        wanted: Mapping[str, Option],
        given: Mapping[str, Any],
        place: Place,
    ) -> Made:
        """Return what a function of the setting makes of some options, which are checked first.

        Raises LessonFileError with every option that cannot be, or with what the function says.
        """
        problems: list[tuple[Place, str, str, object]] = [
            ((*place, key), "there is no such option here", f"Take it out{did_you_mean(key, wanted)}", None)
            for key in given.keys() - wanted.keys()
        ]
        options: dict[str, Any] = {}
        for key, option in wanted.items():
            if key in given:
                options[key] = self._option(option, given[key], (*place, key), options, problems)
            elif option.needed:
                problems.append((place, f"the option {key} is missing", f"Add it: {option.meaning}.", None))
        if problems:
            raise LessonFileError(*(self.lesson.fault(*problem) for problem in problems))
        try:
            return compute(self.setting, options)
        except LessonFileError:
            raise
        except CompendiumError as fault:
            remedy = "Change it, or what it is computed from."
            raise LessonFileError(self.lesson.fault(place, str(fault).rstrip("."), remedy)) from None
        except (KeyError, IndexError, ValueError, ArithmeticError) as fault:
            problem = f"it cannot be computed on this study ({type(fault).__name__}: {fault})"
            raise LessonFileError(
                self.lesson.fault(place, problem, "Take another measure, or change its options.")
            ) from None

    def _option(
        self, option: Option, value: Any, place: Place, so_far: Mapping[str, Any], problems: list[tuple[Any, ...]]
    ) -> Any:
        """Return an option, a named value in place of its name; add what is wrong with it to the problems."""
        if option.of is Of.VALUE:
            if isinstance(value, str) and value not in self:
                problems.append(
                    (place, "there is no such value", f"Add it to values{did_you_mean(value, self)}", value)
                )
                return value
            return self[value] if isinstance(value, str) else value
        plural = option.of in (Of.CODES, Of.PASSAGES, Of.CODERS, Of.TEXTS)
        several = value if plural and isinstance(value, list) else [value]
        if option.of is Of.NUMBER:
            if isinstance(value, bool) or not isinstance(value, int | float):
                problems.append((place, "this has to be a number", f"It is {option.meaning}.", value))
            return value
        if option.of is Of.FLAG:
            if not isinstance(value, bool):
                problems.append((place, "this has to be true or false", f"It is {option.meaning}.", value))
            return value
        if (plural and not isinstance(value, list)) or not all(isinstance(one, str) for one in several):
            expected = "a list of texts" if plural else "a text"
            problems.append((place, f"this has to be {expected}", f"It is {option.meaning}.", None))
            return value
        if option.of is Of.TABLE and value in self.lesson.data.get("tables", {}) and value not in self.setting.tables:
            raise LessonFileError  # what is wrong with the table was reported
        known = self._known(option.of, so_far)
        if known is not None:
            problems.extend(
                (place, f"this is not {_one_of(option.of)}", choose(one, known), one)
                for one in several
                if one not in known
            )
        return value

    def _known(self, of: Of, so_far: Mapping[str, Any]) -> list[str] | None:
        """Return the names that an option may have; None if it may have any."""
        setting, facet = self.setting, so_far.get("facet")
        if of is Of.TABLE:
            return list(setting.tables)
        if of is Of.FACET:
            return setting.facets()
        if of is Of.PASSAGES:
            return setting.passages()
        if of is Of.CODERS:
            return setting.evidence.coders["coder_id"].tolist()
        if of in (Of.LEVEL, Of.CODE, Of.CODES) and facet in setting.facets():
            if of is Of.LEVEL:
                return setting.levels(str(facet))
            codes = setting.evidence.codes
            return list(codes.loc[codes["facet"] == facet, "code_id"])
        return None


def _one_of(of: Of) -> str:
    singular = {Of.CODES: Of.CODE.value, Of.PASSAGES: "a passage of the study", Of.CODERS: "a coder of the study"}
    return singular.get(of, of.value)


def choose(value: str, known: list[str]) -> str:
    """Return the remedy for a name that there is not: those that there are, and the most similar.

    >>> choose("stag", ["stage", "power"])
    'Choose among stage and power; did you mean stage?'
    """
    shown = known if len(known) <= 12 else [*known[:10], f"{len(known) - 10} more"]
    return f"Choose among {formatting.listed(shown, 'none that there are')}{did_you_mean(value, known)}"
