"""The whole as one archive to deposit: packed, described to catalogues and machines, checked, and released.

CITATION.cff states who, what, when and under which licences, once. `stated_facts` reads it and names every file that
says otherwise. `catalogue_records` and `research_object` say the same in the forms that repositories read,
`packed_archive` puts them into the archive with all files, `fresh_build` makes these from a clean clone,
`checked_archive` looks at an archive that somebody has, and `releases` numbers versions.

`rerun_comparison` compares a second run of everything with an earlier one; `certificate_page` and `codecheck_manifest`
say what it found, for a reviewer to sign, and `certificate_bundle` puts them together with the results.

May import: every package but `cli`.
"""
