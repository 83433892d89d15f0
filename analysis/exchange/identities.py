"""Identifiers for what comes without: the same thing always gets the same GUID."""

from uuid import UUID, uuid5

# Of this project alone, so that no other program's identifiers can be the same by chance.
_OURS = UUID("0f3c9a4e-6d0b-5d86-9a53-2f0f2f1a7c11")


def guid_of(*path: str) -> str:
    """Return the GUID of a thing named by a path, such as study, table and key.

    >>> guid_of("codes", "trust") == guid_of("codes", "trust"), guid_of("codes", "trust") == guid_of("codes/trust")
    (True, False)
    """
    return str(uuid5(_OURS, "\x1f".join(path))).upper()
