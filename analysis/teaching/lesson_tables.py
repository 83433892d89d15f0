"""The tables that a lesson file may show: by name, each a pure function of a setting and its options.

`TABLES` is the whole vocabulary; a module with further ones adds to it here. A lesson's own tables are shown by their
names.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import pandas as pd

from analysis import agreement
from analysis.agreement import agreement_tables
from analysis.display.captioned_tables import CaptionedTable
from analysis.reanalysis import tables_for_readers
from analysis.study import code_tree
from analysis.support import formatting
from analysis.teaching.exercises import plain
from analysis.teaching.filled_texts import in_language
from analysis.teaching.lesson_measures import FACET, LEVEL, Of, Option, Options
from analysis.teaching.lesson_settings import Setting


@dataclass(frozen=True)
class Shown:
    """A table that may be shown: what it has, in words, its options, and the function that makes it."""

    meaning: str
    options: Mapping[str, Option]
    make: Callable[[Setting, Options], CaptionedTable] = field(repr=False)


def boundary_notes(setting: Setting, facet: str) -> dict[str, str]:
    """Return the boundary case of each code; empty where it names a passage, whose code it would reveal."""
    codes = setting.evidence.codes[setting.evidence.codes["facet"] == facet]
    keys = set(setting.passages())
    notes = zip(codes["code_id"].tolist(), codes["boundary"].tolist(), strict=True)
    return {code: "" if keys & set(_words(note)) else note for code, note in notes}


def _words(text: str) -> list[str]:
    return "".join(letter if letter.isalnum() or letter in "-_" else " " for letter in text).split()


def codebook(setting: Setting, options: Options) -> CaptionedTable:
    """Return the codes of a facet with their rules, to code from; boundary cases that name passages are left out."""
    facet, level, words = options["facet"], options.get("level"), setting.words
    chosen = setting.codes(facet, level)
    codes = setting.evidence.codes[setting.evidence.codes["facet"] == facet].set_index("code_id").loc[chosen]
    codes = codes.assign(boundary=pd.Series(boundary_notes(setting, facet)))
    columns = [name for name in ("definition", "include", "exclude", "boundary") if codes[name].astype(bool).any()]
    if any(plain(name) != code for code, name in codes["name"].items()):
        columns.insert(0, "name")
    table = codes[columns].rename(columns=words).rename_axis(words["code"])
    caption = f"{words['codebook']}: {facet}"
    return CaptionedTable(table, f"{caption}, {level}" if level and level != facet else caption)


def _codes(setting: Setting, options: Options) -> CaptionedTable:
    facet, level = options["facet"], options.get("level")
    chosen = sorted(setting.codes(facet, level))
    codes = setting.evidence.codes[setting.evidence.codes["facet"] == facet].set_index("code_id").loc[chosen]
    table = codes[["name", "definition"]].rename(columns=setting.words).rename_axis(setting.words["code"])
    return CaptionedTable(table, f"{setting.words['codes']}: {level or facet}")


def _passages(setting: Setting, options: Options) -> CaptionedTable:
    extracts = options["passages"]
    shown = [setting.shown_to_code(extract) for extract in extracts]
    index = pd.Index(extracts, name=setting.words["passage"])
    table = pd.DataFrame({shown[0].kind: [one.text for one in shown]}, index=index)
    return CaptionedTable(table, options.get("caption", setting.words["passages"]))


def _labels(setting: Setting, options: Options) -> CaptionedTable:
    facet, words = options["facet"], setting.words
    codes = setting.evidence.codes[setting.evidence.codes["facet"] == facet].set_index("code_id")
    record = setting.evidence.record
    rows = record[(record["facet"] == facet) & (record["role"] == "primary")]
    given = dict(zip(rows["extract_id"].tolist(), rows["code_id"].tolist(), strict=True))
    names = code_tree.names(setting.evidence.codes, facet)
    shown = {
        one: [setting.shown(one).text, names[given[one]], codes.at[given[one], "definition"]]
        for one in options["passages"]
    }
    heads = [setting.shown(options["passages"][0]).kind, words["code"], words["definition"]]
    table = pd.DataFrame.from_dict(shown, orient="index", columns=heads).rename_axis(words["passage"])
    return CaptionedTable(table, options["caption"])


def _coefficients(setting: Setting, options: Options) -> CaptionedTable:
    words, columns = setting.words, {}
    for name in options["tables"]:
        made = setting.tables[name]
        sizes = agreement.estimates(made.ratings())
        usual = map(agreement.labelled, sizes["coefficient"], sizes["weights"])
        labels = [words.get(key, label) for key, label in zip(sizes["coefficient"], usual, strict=True)]
        values = dict(zip(labels, sizes["value"], strict=True))
        first = agreement.prevalence_and_bias(made.ratings()).set_index("code").loc[made.codes[0]]
        values |= {words[one].format(made.codes[0]): first[one] for one in ("prevalence", "bias")}
        columns[f"{name}: {made.about}"] = {
            label: in_language(formatting.rounded(value), setting.language) for label, value in values.items()
        }
    caption = f"{words['made up']}: {words['coefficients'].format(', '.join(options['tables']))}"
    return CaptionedTable(pd.DataFrame(columns), caption)


def _first_choices(setting: Setting, options: Options) -> CaptionedTable:
    found = agreement_tables.confusion(setting.evidence, options["facet"], *options["coders"])
    return CaptionedTable(found, f"First choices, {options['facet']}")


def _agreement(setting: Setting, options: Options) -> CaptionedTable:
    sizes = agreement_tables.agreement_sizes(setting.evidence, options["facet"], tuple(options["coders"]))
    return CaptionedTable(sizes, f"Agreement on {options['facet']}, standard errors in brackets")


def _choices(setting: Setting, options: Options) -> CaptionedTable:
    """Return what coders chose for some passages, what they also allowed, and why."""
    rows: list[tuple[str, ...]] = []
    for extract, facet in zip(options["passages"], options["facets"], strict=True):
        text = setting.shown(extract).text
        found = _chosen(setting, extract, facet, options["coders"])
        rows += [("" if number else extract, "" if number else text, *row) for number, row in enumerate(found)]
    kind = setting.shown(options["passages"][0]).kind
    shown = pd.DataFrame(rows, columns=["Passage", kind, "Reader", "Chosen", "Also allowed", "Why"])
    return CaptionedTable(shown.set_index("Passage"), options["caption"])


def _chosen(setting: Setting, extract: str, facet: str, coders: list[str]) -> list[tuple[str, ...]]:
    names, codings = code_tree.names(setting.evidence.codes, facet), setting.evidence.codings
    rows = codings[(codings["extract_id"] == extract) & (codings["facet"] == facet)]
    found: list[tuple[str, ...]] = []
    for coder in coders:
        own = rows[rows["coder_id"] == coder]
        if (own["role"] == "primary").any():
            first, others = own[own["role"] == "primary"].iloc[0], own[own["role"] == "alternative"]
            pairs = others[["code_id", "rationale"]].to_numpy().tolist()
            also = "; ".join(f"{names[code]} ({why})" for code, why in pairs)
            found.append((coder, f"{facet}: {names[first['code_id']]}", also, str(first["rationale"])))
    return found


def _tree(setting: Setting, _options: Options) -> CaptionedTable:
    return CaptionedTable(tables_for_readers.coding_structure(setting.evidence), "The tree of codes")


def _table_2(setting: Setting, _options: Options) -> CaptionedTable:
    return CaptionedTable(tables_for_readers.table_2(setting.evidence).rename_axis("Passage"), "Table 2, with gists")


_PASSAGES = Option(Of.PASSAGES, "the passages")
_CAPTION = Option(Of.TEXT, "the caption")
_CODERS = Option(Of.CODERS, "two coders")
TABLES: dict[str, Shown] = {
    "codebook": Shown(
        "The codes of a facet with their rules. A boundary case that names a passage is left out.",
        {"facet": FACET, "level": LEVEL},
        codebook,
    ),
    "codes": Shown(
        "The codes of a facet with their definitions, in the order of the alphabet, so that the tree does not show.",
        {"facet": FACET, "level": LEVEL},
        _codes,
    ),
    "passages": Shown(
        "Passages to code.",
        {"passages": _PASSAGES, "caption": Option(Of.TEXT, "the caption", needed=False)},
        _passages,
    ),
    "labels": Shown(
        "Passages beside the name and definition of their code of record.",
        {"passages": _PASSAGES, "facet": FACET, "caption": _CAPTION},
        _labels,
    ),
    "coefficients": Shown(
        "All coefficients of made-up tables of two coders, with prevalence and bias of the first code.",
        {"tables": Option(Of.TEXTS, "the names of the tables")},
        _coefficients,
    ),
    "first-choices": Shown(
        "Which codes of one coder the other coded as which.", {"facet": FACET, "coders": _CODERS}, _first_choices
    ),
    "agreement": Shown("Every coefficient of two coders.", {"facet": FACET, "coders": _CODERS}, _agreement),
    "choices": Shown(
        "What coders chose for some passages, what they also allowed, and why.",
        {
            "passages": _PASSAGES,
            "facets": Option(Of.TEXTS, "the facet of each passage"),
            "coders": Option(Of.CODERS, "the coders"),
            "caption": _CAPTION,
        },
        _choices,
    ),
    "tree-of-codes": Shown("The article's tree of codes, with its passages; for the compendium's study.", {}, _tree),
    "table-2": Shown("Table 2 of the article, with gists; for the compendium's study.", {}, _table_2),
}
