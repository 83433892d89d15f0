"""Names, links and addresses on the pages, and HTML that was made elsewhere.

Pieces of HTML that know nothing of the site belong to `display`. May import: `display`, `study`, `support`.
"""
