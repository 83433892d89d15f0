"""REFI-QDA 1.0: projects (.qdpx) and codebooks (.qdc) read, checked against the grammar, and written.

What is particular to the standard lives here; what any coded project has is in `exchange.project`, and what becomes of
one in a study in `importing`. May import: the modules beside this package, `support`.
"""
