"""The files beside the pages: downloads, archives, workbooks, charts as pictures.

What a page says of a file belongs to `pages`. May import: `html` and `pages` of the site, and every package but `cli`.
"""
