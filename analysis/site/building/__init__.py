"""Building the site with MkDocs: macros, hooks, links, and showing it while it is worked on.

What the pages and files hold belongs to `pages` and `files`. May import: the rest of the site, and every package but
`cli`.
"""
