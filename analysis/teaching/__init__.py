"""Teaching the method: exercises that check themselves, learners' codings, a class of them, and simulated studies.

Each notebook in `notebooks/teaching` has a module (`NAME_lesson`), which computes its figures and right answers, and
its texts in `lessons/NAME.toml`. Pages for instructors are in `docs/teaching`. Notebooks import these modules from here
(`from analysis.teaching import coding_lesson`); nothing is loaded before. No notebook uses `interviews`, the invented
texts to code. May import: `reanalysis`, `exchange`, `disclosure`, `display`, `wording`, `agreement`, `statistics`,
`counting`, `study`, `support`.
"""
