"""The documentation site: what its pages draw from the data, through macros.

MkDocs reads the pages in `docs/`; a page calls a macro (`{{ codes_under("structural") }}`), the macro calls a function
of this package, and that takes every figure from `analysis`. Files beside the pages (tables to download, pictures,
scripts of charts) are made by `made` and handed to MkDocs by `hooks`. Nothing generated stands in `docs/`.
"""
