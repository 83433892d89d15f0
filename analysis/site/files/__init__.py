"""The files beside the pages (downloads, archives, workbooks), and stored ones that pages quote.

What a page says of a file belongs to `pages`. May import: `html` of the site, and every package but `cli`.
"""
