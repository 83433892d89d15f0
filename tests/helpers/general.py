"""Coded studies of no article, of any shape: what a researcher may bring. Made up here; nothing of it is evidence."""

from typing import Any

import numpy as np
import pandas as pd

from analysis.study.evidence import Evidence, Study
from analysis.study.loading import COLUMNS

Rows = list[tuple[Any, ...]]


def general(
    passages: int = 12,
    sources: int = 4,
    themes: int = 5,
    coders: int = 2,
    exclusive: bool = False,
    kind: str = "interviewee",
    tones: tuple[str, ...] = ("good", "bad"),
    seed: int = 1,
) -> Evidence:
    """Make a study with a facet `theme`, in which several codes may hold, and a facet `tone`, which only the first coder codes.

    Nothing has a definition, gist, title, date, section or form. All coders are of record for `theme` where several
    codes may hold, and the first one elsewhere.
    """
    chance = np.random.default_rng(seed)
    ids, who = [f"x.{n}" for n in range(passages)], [f"Coder_{n}" for n in range(coders)]
    codings: Rows = []
    for extract in ids:
        for coder in who:
            for theme in sorted(chance.choice(themes, size=1 if exclusive else min(2, themes), replace=False)):
                codings.append((extract, coder, "theme", f"t{theme}", "primary", "supports", "wording", ""))
        if tones and chance.random() < 0.8:
            tone = tones[chance.integers(len(tones))]
            codings.append((extract, who[0], "tone", tone, "primary", "supports", "wording", ""))
    codes: Rows = [
        *(("theme", f"t{n}", "theme", "", n + 1, f"Theme {n}", "", "", "", "") for n in range(themes)),
        *(("tone", tone, "tone", "", n, tone.capitalize(), "", "", "", "") for n, tone in enumerate(tones, start=1)),
    ]
    tables: dict[str, Rows] = {
        "sources": [(f"s{n}", f"Source {n}", kind, "", "") for n in range(sources)],
        "facets": [("theme", exclusive, False, ""), ("tone", True, False, "In which tone?")],
        "codes": codes,
        "extracts": [(extract, f"s{n % sources}", "", "", "", "") for n, extract in enumerate(ids)],
        "fragments": [],
        "codings": codings,
        "coders": [(coder, "person", "") for coder in who],
    }
    frames = {name: pd.DataFrame(rows, columns=list(COLUMNS[name])) for name, rows in tables.items()}
    record = {"theme": (who[0],) if exclusive else tuple(who), "tone": (who[0],)}
    return Evidence(study=Study({}, None, "", "", record, title="A study of <any> shape"), **frames)
