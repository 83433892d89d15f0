"""Teaching the method: exercises that check themselves, learners' codings, a class of them, and simulated studies.

Here lives what a lesson needs and no analysis does. Its notebooks are in `notebooks/teaching`, its pages in
`docs/teaching`. May import: `reanalysis`, `display`, `wording`, `agreement`, `statistics`, `counting`, `study`,
`support`.
"""
