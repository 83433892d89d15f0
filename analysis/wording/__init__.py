"""The wording of passages: fingerprints of it, and a reader's own copy of the article to find it in.

May import: `study`, `support`.
"""
