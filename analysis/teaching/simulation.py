"""Coded studies that are made up from a seed, for teaching and benchmarks. Nothing here is evidence.

How a study is made. Each interviewee has an own cell of the table of kinds of power by stage, drawn from the table of
probabilities; a passage falls into it with the probability `own_cell`, and otherwise into a newly drawn cell. So each
passage follows the table, while passages of one interviewee resemble each other. Readers then code every passage
independently, each with some errors and some gaps, and an author may publish a selection (`select`).

How it is marked. The ids of passages and interviewees begin with S, those of codes and coders with `simulated`, names
and descriptions say it, and so do the facts of the study, which `is_simulated` reads. Charts of the study carry the
mark in the picture and in the caption; a table gets it with `marked`. A study that is written as a data package
(`package.write`) says it in its description, which `study.load` reads.

Only uniform numbers and permutations are taken from the generator (PCG64), from a stream of its own for each step: the
same seed gives the same study on every platform, and the same passages whatever readers make of them.
"""

import dataclasses
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.random import PCG64, Generator, SeedSequence
from numpy.typing import NDArray

from analysis.study import code_tree
from analysis.study.evidence import Evidence, Study
from analysis.study.loading import check
from analysis.study.simulated_label import MARK, is_simulated
from analysis.support import formatting
from analysis.support.errors import CompendiumError

RECORD = "simulated-record"  # the coder who knows how each passage was made
ROUNDING = 1e-9  # by how much probabilities that are written as decimals may differ from 1
_READER = "Reads each passage with simulated errors."
_UNREAD = -1

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]


class SimulateError(CompendiumError):
    """A study that cannot be simulated, or a selection that cannot be made, as asked."""


@dataclass(frozen=True)
class Parameters:
    """What a simulated study is made of. Values that do not fit raise SimulateError, with all problems at once.

    Attributes
    ----------
    interviewees : int
        How many people are interviewed.
    passages : int
        How many passages they have together, each of them at least one.
    unevenness : float
        How unevenly: passages beyond the first go to the k-th most talkative person :math:`k^{-u}` times as often as to
        the most talkative.
    profile : tuple of tuples of float, shape (kinds of power, stages)
        The probability of each cell, together 1.
    first_order : int
        How many first-order codes each kind of power has; the k-th is :math:`1 / k` times as common as the first.
    own_cell : float
        The probability that a passage falls into the own cell, and has the own first-order code, of its interviewee.
    alternatives : tuple of float
        The probabilities that the words of a passage allow no other stage, one other, two others, and so on.
    coders : int
        How many readers there are beside the coding of record.
    power_error, stage_error : float, or tuple of float, one for each code
        The probability that a reader chooses another kind of power, or another stage, than that of record; all others
        are equally likely.
    missing : float
        The probability that a reader leaves a passage uncoded on a facet.
    """

    interviewees: int = 48
    passages: int = 480
    unevenness: float = 0.5
    profile: tuple[tuple[float, ...], ...] = ((0.16, 0.10, 0.08), (0.10, 0.14, 0.08), (0.08, 0.12, 0.14))
    first_order: int = 5
    own_cell: float = 0.3
    alternatives: tuple[float, ...] = (0.7, 0.3)
    coders: int = 2
    power_error: float | tuple[float, ...] = 0.1
    stage_error: float | tuple[float, ...] = 0.15
    missing: float = 0.0

    def __post_init__(self) -> None:
        """Refuse parameters that do not fit."""
        if faults := tuple(_faults(self)):
            raise SimulateError(*faults)

    @property
    def powers(self) -> list[str]:
        """The ids of the kinds of power."""
        return [f"simulated-power-{n}" for n in range(1, len(self.profile) + 1)]

    @property
    def stages(self) -> list[str]:
        """The ids of the stages."""
        return [f"simulated-stage-{n}" for n in range(1, len(self.profile[0]) + 1)]


@dataclass(frozen=True)
class Preference:
    """What an author prefers when choosing passages to publish. Values that do not fit raise SimulateError.

    Attributes
    ----------
    story : float
        A passage that fits the story weighs :math:`1 + s` times as much as another. The story is the diagonal of the
        table: the first kind of power in the first stage, the second in the second, and so on.
    eloquence : float
        A passage of the k-th most eloquent interviewee weighs :math:`k^{-e}` times as much as one of the most eloquent.
        Who is eloquent is drawn, whatever they say.
    """

    story: float = 0.0
    eloquence: float = 0.0

    def __post_init__(self) -> None:
        """Refuse a preference that is not a number from 0 upwards."""
        for name, value in dataclasses.asdict(self).items():
            if not 0 <= value < math.inf:
                raise SimulateError(f"{name} is {value!r} in a preference. Choose 0 for none, or a higher number.")


NO_PREFERENCE = Preference()


# --- studies


def study(parameters: Parameters, seed: int) -> Evidence:
    """Simulate a coded study from a seed, 0 or higher; it is validated. Raises SimulateError for a seed below zero.

    The facet `power` has the levels `dimension` and `first-order`, the facet `stage` one level. The coder
    `simulated-record` says how each passage was made, with the stages that it also allows as alternatives, and is the
    coding of record; `simulated-reader-1` and so on are independent. Passages are in the order of their interviewees.

    >>> made = study(Parameters(interviewees=4, passages=10), seed=1)
    >>> len(made.extracts), made.study.interviews, is_simulated(made)
    (10, 4, True)
    """
    people, cells, others, *readers = _generators(seed, 3 + parameters.coders)
    speakers = _speakers(parameters, people)
    power, first_order, stage = _passages(parameters, speakers, cells)
    blocks = [
        _Block(RECORD, "power", _first_order_ids(parameters)[power, first_order]),
        _Block(RECORD, "stage", _ids(parameters.stages)[stage]),
        *_alternatives(parameters, stage, others),
    ]
    for n, rng in enumerate(readers, start=1):
        blocks += _reader(parameters, f"simulated-reader-{n}", (power, first_order, stage), rng)
    made = Evidence(study=_facts(parameters), **_tables(parameters, speakers, blocks))
    check(made)
    return made


def passages(parameters: Parameters, seed: int) -> pd.DataFrame:
    """Return how each passage of `study(parameters, seed)` was made, and nothing else: for trials over many seeds.

    The columns are `extract_id, interviewee, row` (the kind of power) and `column` (the stage): what
    `analysis.counting.crosstabs.cases` returns of the study, with who speaks, in a small part of the time.

    >>> passages(Parameters(interviewees=2, passages=3), seed=1)
      extract_id interviewee                row             column
    0         S1         SP1  simulated-power-2  simulated-stage-3
    1         S2         SP1  simulated-power-2  simulated-stage-2
    2         S3         SP2  simulated-power-3  simulated-stage-3
    """
    speakers, power, stage = cells(parameters, seed)
    return pd.DataFrame(
        {
            "extract_id": _numbered("S", parameters.passages),
            "interviewee": _numbered("SP", parameters.interviewees)[speakers],
            "row": _ids(parameters.powers)[power],
            "column": _ids(parameters.stages)[stage],
        }
    )


def cells(parameters: Parameters, seed: int) -> tuple[Integers, Integers, Integers]:
    """Return of each passage who speaks, in ascending order, the kind of power and the stage, as places from 0.

    This is what `passages` says in names, for trials over many hundreds of seeds.
    """
    people, drawn = _generators(seed, 2)
    speakers = _speakers(parameters, people)
    power, _, stage = _passages(parameters, speakers, drawn)
    return speakers, power, stage


def select(evidence: Evidence, how_many: int, preference: Preference = NO_PREFERENCE, seed: int = 0) -> Evidence:
    """Return what an author publishes of a simulated study: so many passages, chosen with a preference and a seed.

    Passages are drawn one after the other without being put back, each with a probability in proportion to its weight
    (by the coding of record) among those that are left. The result has the published passages in the order of the
    study, with their codings and the interviewees who are quoted; the number of interviews stays that of the study. It
    is as valid as the study.

    Raises
    ------
    SimulateError
        For a study that is not simulated, more passages than there are or none, and a seed below zero.

    Notes
    -----
    Exponential waiting times with the weights as rates: the first `how_many` to arrive are such a sample.

    References
    ----------
    Efraimidis, P. S., & Spirakis, P. G. (2006). Weighted random sampling with a reservoir. Information Processing
    Letters, 97(5), 181-185. https://doi.org/10.1016/j.ipl.2005.11.003

    Examples
    --------
    >>> made = study(Parameters(interviewees=20, passages=200), seed=1)
    >>> published = select(made, 40, Preference(story=3), seed=2)
    >>> len(published.extracts), published.study.interviews
    (40, 20)
    """
    return next(selections(evidence, how_many, preference, [seed]))


def selections(evidence: Evidence, how_many: int, preference: Preference, seeds: Iterable[int]) -> Iterator[Evidence]:
    """Yield what `select` returns for each seed, in a small part of the time."""
    for chosen in chosen_places(evidence, how_many, preference, seeds):
        extracts = evidence.extracts.iloc[chosen].reset_index(drop=True)
        yield dataclasses.replace(
            evidence,
            sources=_kept(evidence.sources, "source_id", extracts),
            extracts=extracts,
            codings=_kept(evidence.codings, "extract_id", extracts),
        )


def chosen_places(
    evidence: Evidence, how_many: int, preference: Preference, seeds: Iterable[int]
) -> Iterator[Integers]:
    """Yield for each seed the places, from 0 and in their order, of the passages that `select` keeps."""
    if not is_simulated(evidence):
        raise SimulateError("This study is not simulated, so no author selects from it here. Make one with 'study'.")
    if not 1 <= how_many <= len(evidence.extracts):
        raise SimulateError(
            f"{how_many} passages cannot be published of {formatting.counted(len(evidence.extracts), 'passage')}. "
            "Choose at least one, and no more than there are."
        )
    speakers, names = pd.factorize(evidence.passages["interviewee"])
    liked = np.where(_fits_the_story(evidence), 1 + preference.story, 1.0)
    for seed in seeds:
        people, passages = _generators(seed, 2)
        weights = liked * _by_rank(len(names), preference.eloquence, people)[speakers]
        arrival = -np.log1p(-passages.random(len(weights))) / weights
        yield np.sort(np.argsort(arrival, kind="stable")[:how_many])


# --- what is drawn


def _generators(seed: int, how_many: int) -> list[Generator]:
    """Return independent generators, one for each step: a step that is left out changes no other."""
    if seed < 0:
        raise SimulateError(f"There is no seed {seed}. Choose a whole number from 0 upwards.")
    return [Generator(PCG64(stream)) for stream in SeedSequence(seed).spawn(how_many)]


def _drawn(weights: Floats, rng: Generator, size: int) -> Integers:
    """Draw places in proportion to their weights."""
    reached = np.cumsum(weights)
    return np.searchsorted(reached[:-1] / reached[-1], rng.random(size), side="right").astype(np.int64)


def _by_rank(size: int, exponent: float, rng: Generator) -> Floats:
    """Return weights that fall with a rank, which is dealt out at random."""
    return np.asarray((1.0 + rng.permutation(size)) ** -exponent)


def _speakers(parameters: Parameters, rng: Generator) -> Integers:
    """Return the interviewee of each passage, in ascending order: everyone says something, the talkative say more."""
    everyone = parameters.interviewees
    talkative = _by_rank(everyone, parameters.unevenness, rng)
    return np.sort(np.concatenate([np.arange(everyone), _drawn(talkative, rng, parameters.passages - everyone)]))


def _passages(parameters: Parameters, speakers: Integers, rng: Generator) -> tuple[Integers, Integers, Integers]:
    """Return the kind of power, the first-order code within it, and the stage of each passage."""
    profile = np.array(parameters.profile)

    def drawn(size: int) -> Integers:
        cell = _drawn(profile.ravel(), rng, size)
        return np.stack([*np.divmod(cell, profile.shape[1]), _drawn(_commonness(parameters), rng, size)])

    own, new = drawn(parameters.interviewees)[:, speakers], drawn(len(speakers))
    power, stage, first_order = np.where(rng.random(len(speakers)) < parameters.own_cell, own, new)
    return power, first_order, stage


def _commonness(parameters: Parameters) -> Floats:
    return 1.0 / np.arange(1, parameters.first_order + 1)


@dataclass(frozen=True, eq=False)
class _Block:
    """Codings of a coder on a facet: the code of each passage, or of those of the given places."""

    coder: str
    facet: str
    codes: NDArray[np.object_]
    places: Integers | None = None
    role: str = "primary"


def _alternatives(parameters: Parameters, stage: Integers, rng: Generator) -> Iterator[_Block]:
    """Yield the other stages that the words of passages allow: the first of them, the second, and so on."""
    allowed = _drawn(np.array(parameters.alternatives), rng, len(stage))
    keys = rng.random((len(stage), len(parameters.stages)))
    keys[np.arange(len(stage)), stage] = -1  # the own stage comes first
    in_order = np.argsort(keys, axis=1, kind="stable")
    for n in range(1, len(parameters.alternatives)):
        places = np.flatnonzero(allowed >= n)
        yield _Block(RECORD, "stage", _ids(parameters.stages)[in_order[places, n]], places, "alternative")


def _reader(
    parameters: Parameters, coder: str, made: tuple[Integers, Integers, Integers], rng: Generator
) -> Iterator[_Block]:
    """Yield an independent reader's codes; another kind of power has a first-order code drawn from its own."""
    power, first_order, stage = made
    read = _read(power, parameters.power_error, len(parameters.powers), parameters.missing, rng)
    other = _drawn(_commonness(parameters), rng, len(power))
    detail = np.where(read == power, first_order, other)
    places = np.flatnonzero(read != _UNREAD)
    yield _Block(coder, "power", _first_order_ids(parameters)[read[places], detail[places]], places)
    read = _read(stage, parameters.stage_error, len(parameters.stages), parameters.missing, rng)
    places = np.flatnonzero(read != _UNREAD)
    yield _Block(coder, "stage", _ids(parameters.stages)[read[places]], places)


def _read(codes: Integers, error: float | tuple[float, ...], size: int, missing: float, rng: Generator) -> Integers:
    """Return the codes, of `size` different ones, with errors in them, and _UNREAD where there is none."""
    errors = np.broadcast_to(np.asarray(error, dtype=np.float64), size)
    mistaken = rng.random(len(codes)) < errors[codes]
    away = 1 + (rng.random(len(codes)) * (size - 1)).astype(np.int64)
    read = np.where(mistaken, (codes + away) % size, codes)
    return np.where(rng.random(len(codes)) < missing, _UNREAD, read)


def _fits_the_story(evidence: Evidence) -> NDArray[np.bool_]:
    """Return for each passage whether its kind of power and its stage have the same place in their order."""
    power, stage = (_place_of_code(evidence, facet) for facet in ("power", "stage"))
    return np.array([power.get(one, -1) == stage.get(one) for one in evidence.extracts["extract_id"].tolist()])


def _place_of_code(evidence: Evidence, facet: str) -> dict[str, int]:
    """Return the place of the code of record of each passage that has one, among those of the top level."""
    top = code_tree.known_level(evidence.codes, facet, None)
    places = {code: place for place, code in enumerate(code_tree.codes_at(evidence.codes, facet, top))}
    up = code_tree.rolled_up(evidence.codes, facet, top)
    columns = (evidence.record[name].tolist() for name in ("extract_id", "facet", "code_id", "role"))
    return {
        extract: places[str(up[code])]
        for extract, of, code, role in zip(*columns, strict=True)
        if of == facet and role == "primary"
    }


def _kept(table: pd.DataFrame, key: str, extracts: pd.DataFrame) -> pd.DataFrame:
    return table[table[key].isin(extracts[key])].reset_index(drop=True)


# --- the tables of a study


def _facts(parameters: Parameters) -> Study:
    return Study(
        article={},
        interviews=parameters.interviewees,
        interviews_from="",
        interviews_to="",
        coding_of_record={"power": (RECORD,), "stage": (RECORD,)},
        simulated=True,
        title=f"{MARK}: a study without interviews",
    )


def _tables(parameters: Parameters, speakers: Integers, blocks: list[_Block]) -> dict[str, pd.DataFrame]:
    """Return the tables of the study, as `Evidence` takes them."""
    sources, extracts = _numbered("SP", parameters.interviewees), _numbered("S", parameters.passages)
    speaker = sources[speakers]
    readers = [f"simulated-reader-{n}" for n in range(1, parameters.coders + 1)]
    return {
        "sources": pd.DataFrame(
            {"source_id": sources, "label": "simulated " + sources, "kind": "interviewee", "title": "", "published": ""}
        ),
        "facets": pd.DataFrame(
            {
                "facet": ["power", "stage"],
                "exclusive": True,
                "ordered": [False, True],
                "description": ["Which kind of power? (simulated)", "At which stage? (simulated)"],
            }
        ),
        "codes": _codes(parameters),
        "extracts": pd.DataFrame(
            {
                "extract_id": extracts,
                "source_id": speaker,
                "section": "simulated",
                "form": "block",
                "repeats": "",
                "gist": "A simulated passage without words, of " + speaker + ".",
            }
        ),
        "fragments": pd.DataFrame(columns=["owner_id", "n", "words", "fingerprint", "cited_as"]),
        "codings": _codings(extracts, blocks),
        "coders": pd.DataFrame(
            {
                "coder_id": [RECORD, *readers],
                "kind": "simulated",
                "description": ["How each passage was made.", *[_READER] * len(readers)],
            }
        ),
    }


def _codes(parameters: Parameters) -> pd.DataFrame:
    """Return the code trees: kinds of power with their first-order codes, and stages."""
    rows = [("power", code, "dimension", "", n) for n, code in enumerate(parameters.powers, start=1)]
    rows += [
        ("power", code, "first-order", power, n)
        for power, below in zip(parameters.powers, _first_order_ids(parameters).tolist(), strict=True)
        for n, code in enumerate(below, start=1)
    ]
    rows += [("stage", code, "stage", "", n) for n, code in enumerate(parameters.stages, start=1)]
    codes = pd.DataFrame(rows, columns=["facet", "code_id", "level", "parent_id", "position"])
    # simulated-power-1-2 is named Simulated power 1.2
    name = codes["code_id"].str.replace(r"(?<=\d)-", ".", regex=True).str.replace("-", " ").str.capitalize()
    return codes.assign(name=name, definition="A simulated code.", include="", exclude="", boundary="")


def _first_order_ids(parameters: Parameters) -> NDArray[np.object_]:
    """Return the ids of first-order codes, a row for each kind of power."""
    below = range(1, parameters.first_order + 1)
    return np.array([[f"{power}-{n}" for n in below] for power in parameters.powers], dtype=object)


def _codings(extracts: NDArray[np.object_], blocks: list[_Block]) -> pd.DataFrame:
    """Return the rows of all coders, passage by passage."""
    everywhere = np.arange(len(extracts))
    places = [everywhere if block.places is None else block.places for block in blocks]
    lengths = [len(block.codes) for block in blocks]

    at = np.concatenate(places)
    coders, facets, roles = (
        np.repeat(_ids(values), lengths)
        for values in zip(*[(block.coder, block.facet, block.role) for block in blocks], strict=True)
    )
    rows = pd.DataFrame(
        {
            "extract_id": extracts[at],
            "coder_id": coders,
            "facet": facets,
            "code_id": np.concatenate([block.codes for block in blocks]),
            "role": roles,
            "stance": "supports",
            "basis": "wording",
            "rationale": "simulated",
        }
    )
    return rows.iloc[np.argsort(at, kind="stable")].reset_index(drop=True)


def _numbered(prefix: str, size: int) -> NDArray[np.object_]:
    """Return ids that sort in the order of their numbers."""
    width = len(str(size))
    return _ids([f"{prefix}{n:0{width}d}" for n in range(1, size + 1)])


def _ids(values: Sequence[str]) -> NDArray[np.object_]:
    return np.array(values, dtype=object)


# --- what does not fit


def _faults(parameters: Parameters) -> Iterator[str]:
    """Yield what is wrong with parameters: what, found, and what to choose."""
    for name, lowest in (("interviewees", 1), ("passages", 1), ("first_order", 1), ("coders", 0)):
        value = getattr(parameters, name)
        if not isinstance(value, int | np.integer) or value < lowest:
            yield f"{name} is {value!r}. Choose a whole number from {lowest} upwards."
    if parameters.passages < parameters.interviewees:
        yield (
            f"passages is {parameters.passages} for {parameters.interviewees} interviewees. "
            "Choose at least as many, since each interviewee has a passage."
        )
    if not 0 <= parameters.unevenness < math.inf:
        yield f"unevenness is {parameters.unevenness!r}. Choose 0 for none, or a higher number."
    for name in ("own_cell", "missing"):
        if not 0 <= (value := getattr(parameters, name)) <= 1:
            yield f"{name} is {value!r}. Choose a probability from 0 to 1."
    stages = {len(row) for row in parameters.profile}
    if len(parameters.profile) < 2 or len(stages) != 1 or min(stages) < 2:
        yield "profile is not a table. Give it two or more rows (kinds of power) of equal length, two or more stages."
        return
    yield from _probability_faults("profile", [value for row in parameters.profile for value in row])
    yield from _probability_faults("alternatives", parameters.alternatives)
    if len(parameters.alternatives) > len(parameters.stages):
        yield (
            f"alternatives has {len(parameters.alternatives)} probabilities. Choose {len(parameters.stages)} at most: "
            "for no other stage up to all others."
        )
    for name, codes in (("power_error", parameters.powers), ("stage_error", parameters.stages)):
        yield from _error_faults(name, getattr(parameters, name), len(codes))


def _probability_faults(name: str, values: tuple[float, ...] | list[float]) -> Iterator[str]:
    total = math.fsum(values)
    if not all(value >= 0 for value in values) or not abs(total - 1) <= ROUNDING:
        yield f"{name} adds up to {total:g}. Choose probabilities from 0 upwards that add up to 1."


def _error_faults(name: str, error: float | tuple[float, ...], codes: int) -> Iterator[str]:
    values = error if isinstance(error, tuple) else (error,) * codes
    if len(values) != codes or not all(0 <= value <= 1 for value in values):
        yield f"{name} is {error!r}. Choose a probability from 0 to 1, or one for each of {codes} codes."
