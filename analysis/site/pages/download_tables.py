"""The page of downloads: what there is, in which formats, how large, and where the archive of everything comes from."""

from analysis.display.html_elements import row, table, text
from analysis.site.files import downloads, source_archive
from analysis.site.html import permalinks
from analysis.site.pages import citing
from analysis.study import loading
from analysis.support import paths, provenance

#: What the page of downloads offers first: what it is, its format, its place.
OFFERED = (
    ("Everything: data, code, texts and tests", "ZIP", source_archive.PLACE),
    ("All tables, with description and coding log", "ZIP of CSV", f"{downloads.FOLDER}/{downloads.ARCHIVE}"),
    ("All tables in one database, with keys and dictionary", "SQLite", f"{downloads.FOLDER}/{downloads.DATABASE}"),
    ("All tables for data frames", "ZIP of Parquet", f"{downloads.FOLDER}/{downloads.PARQUETS}"),
    ("Tables of evidence, a sheet each", "XLSX", f"{downloads.FOLDER}/{downloads.EVIDENCE}.xlsx"),
    ("Derived tables, a sheet each", "XLSX", f"{downloads.FOLDER}/{downloads.DERIVED}.xlsx"),
    ("Description for programs (Data Package)", "JSON", f"{downloads.FOLDER}/{loading.DESCRIPTION}"),
    ("How to cite compendium and article", "BibTeX", f"{citing.FOLDER}/{citing.BIBTEX}"),
    ("The same for Zotero and Pandoc", "CSL-JSON", f"{citing.FOLDER}/{citing.CSL}"),
    ("The same for EndNote and Mendeley", "RIS", f"{citing.FOLDER}/{citing.RIS}"),
)


def offered(here: str, to_download: dict[str, bytes]) -> str:
    """Return what there is to download as a table: what it is, its format, its size."""
    there = to_download | dict(citing.files())
    rows = [
        (_link(here, place, what), text(kind), size(len(there[place])))
        for what, kind, place in OFFERED
        if place in there
    ]
    return table("What there is to download", ("What", "Format", "Size"), map(row, rows))


def where_from(to_download: dict[str, bytes]) -> str:
    """Return where the archive of everything comes from: version, commit and day; or that there is none."""
    version = text(downloads.package()["version"])
    if source_archive.PLACE not in to_download:
        return f"Version {version}. There is no archive of all files, since this site was not built in a clone."
    commit, _, changed = provenance.commit(paths.ROOT).partition(", ")
    beyond = " The site was built with changes that are not committed, and not in the archive." if changed else ""
    return (
        f"The archive of everything holds version {version}, commit <code>{commit[:12]}</code> of "
        f"{source_archive.day()}: every file of the repository, without its history.{beyond}"
    )


def tables_to_download(here: str, to_download: dict[str, bytes]) -> str:
    """Return each table: its kind, its rows, what is in it, and its files with their sizes."""

    def linked(name: str, place: str) -> str:
        place = f"{downloads.FOLDER}/{place}"
        return _link(here, place, f"{name}, {size(len(to_download[place]))}".replace(" ", "\N{NO-BREAK SPACE}"))

    rows = [
        (
            f"<code>{text(one.name)}</code>",
            text(kind),
            str(len(one.rows)),
            text(one.description),
            linked("CSV", f"{kind}/{one.name}.csv"),
            linked("Parquet", downloads.in_parquet(kind, one.name)),
        )
        for kind in (downloads.EVIDENCE, downloads.DERIVED)
        for one in downloads.sheets(kind)
    ]
    return table("Every table", ("Table", "Kind", "Rows", "What is in it", "CSV", "Parquet"), map(row, rows))


def size(count: int) -> str:
    """Return a number of bytes for readers.

    >>> size(800), size(23_456), size(1_234_567)
    ('1 KB', '23 KB', '1.2 MB')
    """
    return f"{count / 1e6:.1f} MB" if count >= 1e6 else f"{max(1, round(count / 1e3))} KB"


def _link(here: str, place: str, name: str) -> str:
    return f'<a href="{permalinks.from_page(here, place)}" download>{text(name)}</a>'
