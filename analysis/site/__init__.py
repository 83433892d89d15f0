"""The documentation site: what its pages draw from the data, through macros.

MkDocs reads the pages in `docs/`; a page calls a macro (`{{ codes_of("power") }}`), the macro calls a
function of `pages`, and that takes every figure from the packages below. `files` makes what goes with the pages
(tables to download, archives), `html` the links and names on them, and `building` hands all of it to MkDocs.
Nothing generated is kept in `docs/`. May import: every package but `cli` and `deposit`.
"""
