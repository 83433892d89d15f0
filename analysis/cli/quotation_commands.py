"""The commands for quotations: their wording is not published, but can be found in a copy of the article."""

import dataclasses

import typer

from analysis.cli.options import Copy, Data
from analysis.support import paths
from analysis.support.terminal import say


def verify(copy: Copy, data: Data = paths.DATA) -> None:
    """Look for every quotation in a copy of the article.

    Searched are the fragments of passages and of first-order labels.
    """
    from analysis.study import loading
    from analysis.wording import fingerprints

    loaded = loading.load(data)
    findings = fingerprints.verify(copy, loaded)
    for finding in findings:
        if finding.answer != "found":
            say(f"{finding.owner_id}, piece {finding.n}: {finding.answer}")
    whole = True
    passages = set(loaded.extracts["extract_id"])
    for what, owners in (
        ("passages", list(loaded.extracts["extract_id"])),
        ("first-order labels", sorted({f.owner_id for f in findings} - passages)),
    ):
        answers = {owner: [f.answer for f in findings if f.owner_id == owner] for owner in owners}
        found = sum(bool(given) and set(given) == {"found"} for given in answers.values())
        say(f"{found} of {len(owners)} {what} found with every piece.")
        whole = whole and found == len(owners)
    if not whole:
        raise typer.Exit(1)


def restore(copy: Copy, data: Data = paths.DATA) -> None:
    """Copy the wording into the private table.

    It is cut out of your copy of the article. Git ignores the table.
    """
    from analysis.study import loading
    from analysis.wording import fingerprints

    target = data / "private" / "wording.csv"
    table = fingerprints.restore(copy, loading.load(data), target)
    say(f"{len(table)} pieces of wording written to {paths.shown(target)}. Keep them to yourself.")


def annotate(copy: Copy, data: Data = paths.DATA) -> None:
    """Write the claims as annotations on the wording in your copy of the article.

    These are Web Annotations (W3C): each claim with its verdict, on the quotations that bear on it. Git ignores the
    file.
    """
    import json

    from analysis.reanalysis import claim_annotations
    from analysis.study import loading
    from analysis.support import atomic_writes
    from analysis.wording import fingerprints

    loaded = loading.load(data)
    made = claim_annotations.collection(loaded, found=fingerprints.located(copy, loaded))
    target = data / "private" / "claim-annotations.jsonld"
    atomic_writes.write_text(target, json.dumps(made, ensure_ascii=False, indent=1) + "\n", private=True)
    say(f"{made['total']} claims annotated in {paths.shown(target)}. It has quotations: keep it to yourself.")


def seal(copy: Copy, data: Data = paths.DATA) -> None:
    """Fingerprint the private wording.

    It is checked against a copy of the article; the fingerprints go into evidence/fragments.csv.
    """
    from analysis.study import loading
    from analysis.support import atomic_writes, csv_tables
    from analysis.wording import fingerprints

    loaded = loading.load(data, sealed=False)
    fragments = fingerprints.seal(copy, loaded, data / "private" / "wording.csv")
    loading.check(dataclasses.replace(loaded, fragments=fragments), data)
    target = data / "evidence" / "fragments.csv"
    atomic_writes.write_text(target, csv_tables.exact(fragments))
    say(f"{len(fragments)} fragments sealed in {paths.shown(target)}.")
