"""The wording of passages: fingerprints of it, and a reader's own copy of the article to find it in.

Start from `fingerprints`: `verify` and `restore` take a copy of the article, `restored` and `seal` the private wording.
Whether wording has got into public files is looked into by `disclosure`; the gists and codes of passages belong to
`study`. May import: `study`, `support`.
"""
