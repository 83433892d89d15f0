"""What passages say: a gist for readers, and a blind gist to code from, which gives no code away."""

import hashlib

from analysis.study.evidence import Evidence

#: The columns of `extracts` that say in a sentence or two what a passage says. A study may do without the second.
GIST, BLIND = "gist", "blind_gist"


def to_code_from(evidence: Evidence) -> dict[str, str]:
    """Return what each passage is coded from, by its key: its blind gist, or its gist where it has no blind one."""
    plain = evidence.extracts[GIST]
    blind = evidence.extracts.get(BLIND, plain).astype(str)
    words = blind.where(blind != "", plain)
    return dict(zip(evidence.extracts["extract_id"].tolist(), words.tolist(), strict=True))


def are_blind(evidence: Evidence) -> bool:
    """Tell whether a study has blind gists."""
    return BLIND in evidence.extracts and bool(evidence.extracts[BLIND].astype(str).any())


def fingerprint(gist: str) -> str:
    """Return what stands for a gist in the log of checks: 16 hex digits, which change with every character of it.

    >>> fingerprint("Service users check whether research makes sense.")
    'f8b7198300b90051'
    """
    return hashlib.sha256(gist.encode()).hexdigest()[:16]
