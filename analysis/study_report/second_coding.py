"""How many passages a second coding needs, so that its figure of agreement is as certain as is wanted."""

from collections.abc import Iterator

import pandas as pd

from analysis.agreement import Bootstrap, readers, sample_sizes
from analysis.agreement.sample_sizes import passages_needed
from analysis.counting import frequencies
from analysis.display.html_elements import bullets, frame, paragraph, text
from analysis.study import code_tree, simulated_label
from analysis.study.evidence import Evidence
from analysis.study_report.asked import Asked, LeftOut
from analysis.support import formatting

#: Kappa that may be expected, and the lower end that its interval should not fall below.
WANTED = ((0.6, 0.4), (0.7, 0.6), (0.8, 0.6), (0.8, 0.7), (0.9, 0.8))
REACHES = (0.1, 0.05)  # of an interval on each side, for passages like those compared already


def needed(evidence: Evidence, asked: Asked) -> str | LeftOut:
    """Return the number of passages for a common, a middling and a rare code of each facet."""
    shares = {facet: found for facet in asked.facets if (found := _shares(evidence, facet, asked.levels[facet]))}
    if not shares:
        return LeftOut("no code holds for some passages and not for others")
    rows = [
        (facet, f"{which}: {name}", share) for facet, found in shares.items() for which, (name, share) in found.items()
    ]
    table = pd.DataFrame(
        {
            "Code": [code for _, code, _ in rows],
            "Share of passages": [f"{share:.1%}" for *_, share in rows],
            **{
                f"{expected:.1f} expected, {bound:.1f} at least": [
                    f"{passages_needed(expected, bound, share):,}" for *_, share in rows
                ]
                for expected, bound in WANTED
            },
        },
        index=pd.Index([facet for facet, *_ in rows], name="Facet"),
    )
    caption = "Passages that two coders have to code, by the kappa that is expected and the lower end that is wanted"
    from_own = [line for facet in asked.facets for line in _from_own(evidence, facet, asked.levels[facet])]
    return (
        paragraph(
            "A figure of agreement is uncertain where few passages were coded twice, most of all for a rare code. The "
            "table shows how many passages two coders need, if agreement beyond chance turns out as expected, so that "
            "its one-sided interval at 95% begins at the lower end (Donner and Eliasziw 1992; Donner and Rotondi 2010)."
        )
        + frame(simulated_label.captioned(evidence, caption), table)
        + bullets(
            map(
                text,
                (
                    "It supposes two coders who judge independently and use the code equally often, one code against "
                    "the rest, passages that are independent and drawn at random from all. Passages of one interview "
                    "are alike, so more are needed.",
                    "For several codes, take the rarest that matters. The numbers hold for many passages; with fewer "
                    "than about 30 they are rough.",
                    "What agreement is good enough, no formula says. It is a decision to be made, with its reason, "
                    "before the second coding.",
                    *from_own,
                ),
            )
        )
    )


def _shares(evidence: Evidence, facet: str, level: str) -> dict[str, tuple[str, float]]:
    """Return the name of the commonest, the middling and the rarest code, with their shares of the coded passages."""
    had = frequencies.supporting(evidence, facet, level)
    counts = had["code"].value_counts(sort=True) / max(had["extract_id"].nunique(), 1)
    counts = counts[counts < 1]
    names = code_tree.names(evidence.codes, facet)
    picked = {"commonest": 0, "middling": len(counts) // 2, "rarest": len(counts) - 1}
    found = {
        which: (names[str(counts.index[place])], float(counts.iloc[place]))
        for which, place in picked.items()
        if len(counts)
    }
    if len(counts) < len(picked):
        found.pop("middling", None)
    return found if len(counts) > 1 else dict(list(found.items())[:1])


def _from_own(evidence: Evidence, facet: str, level: str) -> Iterator[str]:
    """Say how many passages like those compared would narrow the interval of alpha."""
    coders = readers.independent(evidence, facet)
    if len(coders) < 2:
        return
    given = readers.chosen(evidence, facet, coders, level)
    sizes = readers.together(evidence, facet, given)
    sizes = sizes[sizes["coefficient"].eq("krippendorff-alpha") & sizes["method"].ne(Bootstrap().method)]
    se = {method: error for method, error in zip(sizes["method"], sizes["se"], strict=True) if error > 0}
    if not se:
        return
    paired = int(sizes["paired"].iloc[0])
    ends = {
        reach: sorted({sample_sizes.scaled(paired, 1.96 * error, reach) for error in se.values()}) for reach in REACHES
    }
    told = " and ".join(
        f"±{reach} takes {formatting.span(found[0], found[-1])} passages like these" for reach, found in ends.items()
    )
    yield (
        f"{facet}: on the {paired:,} passages that were compared, Krippendorff's alpha has an interval of about "
        f"±{formatting.rounded(1.96 * max(se.values()))}. By the rule that it narrows with the square root of their "
        f"number, {told}: one end of each range takes passages as independent, the other one interviewees."
    )
