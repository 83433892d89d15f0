"""What the pages of the site say: a module for each page or part of one.

Nothing is computed here that the packages below can compute, and no file is written. May import: `html` and `files` of
the site, and every package but `cli`.
"""
