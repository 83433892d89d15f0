"""PDFs that Typst sets: tagged (PDF/UA-1), in the fonts of the project, the same bytes each time."""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.support import chart_fonts
from analysis.support.errors import CompendiumError

if TYPE_CHECKING:
    import typst


class TypesettingError(CompendiumError):
    """A document that Typst cannot set, or warns of."""


def pdf(file: Path, epoch: int = 0, system_fonts: bool = False) -> bytes:
    """Return the PDF of a source, which may include what is in its folder; `epoch` is the time that it is dated by.

    Raises TypesettingError with what Typst says, for warnings too.
    """
    import typst

    try:
        made, warnings = typst.compile_with_warnings(
            str(file),
            root=str(file.parent),
            font_paths=_fonts(system_fonts),
            ignore_system_fonts=not system_fonts,
            format="pdf",
            pdf_standards="ua-1",
            timestamp=epoch,
        )
    except typst.TypstError as fault:
        raise TypesettingError(f"Typst cannot set it: {fault.message}") from None
    if warnings:
        raise TypesettingError(f"Typst warns: {'; '.join(warning.message for warning in warnings)}")
    return bytes(made)


@cache  # to look for them takes a tenth of the time of a short document
def _fonts(system_fonts: bool) -> "typst.Fonts":
    """Return the fonts of the project, and those of the machine if asked for."""
    import typst

    return typst.Fonts(system_fonts, font_paths=[str(folder) for folder in chart_fonts.folders()])
