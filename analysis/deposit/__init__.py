"""The whole, run again and certified.

`rerun_comparison` compares a second run of everything with an earlier one; `certificate_page` and `codecheck_manifest`
say what it found, for a reviewer to sign, and `certificate_bundle` puts them together with the results.
May import: every package but `cli`.
"""
