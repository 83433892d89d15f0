"""Building the site with MkDocs: macros, hooks, links, files beside the pages, and a server to work with.

What the pages and files hold belongs to `pages` and `files`. May import: the rest of the site, and every package but
`cli`.
"""
