"""The files of the teaching pages: the notebooks one by one, and in an archive everything that they need to run."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

from analysis import paths

FOLDER = "teaching"
ARCHIVE = "power-in-co-production-class.zip"
# What of the repository a class needs; never the restored wording, nor what learners wrote.
_NEEDED = (
    "README.md",
    "LICENSE*",
    "CITATION.cff",
    "noxfile.py",
    "pyproject.toml",
    "requirements.txt",
    "analysis/**/*.py",
    "analysis/rendering/templates/*",
    "data/*.*",
    "data/evidence/*.csv",
    "data/derived/*.csv",
    "docs/teaching/*.md",
    "notebooks/teaching/*.ipynb",
    "notebooks/teaching/requirements.txt",
)
_EARLIEST = (1980, 1, 1, 0, 0, 0)  # of the format; the same files give the same archive


def files(root: Path = paths.ROOT) -> Iterator[tuple[str, bytes]]:
    """Yield the teaching notebooks as stored, their requirements and the archive: place and content."""
    notebooks = root / paths.TEACHING.relative_to(paths.ROOT)
    for file in sorted([*notebooks.glob("*.ipynb"), notebooks / "requirements.txt"]):
        yield f"{FOLDER}/{file.name}", file.read_bytes()
    yield f"{FOLDER}/{ARCHIVE}", archive(root)


def archive(root: Path) -> bytes:
    """Return a ZIP file in whose one folder `nox -s teach` and the teaching notebooks run."""
    found = {file for pattern in _NEEDED for file in root.glob(pattern) if file.is_file()}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as bundle:
        for file in sorted(found):
            entry = zipfile.ZipInfo(f"power-in-co-production/{file.relative_to(root).as_posix()}", _EARLIEST)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            bundle.writestr(entry, file.read_bytes())
    return packed.getvalue()
