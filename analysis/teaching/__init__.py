"""Teaching the method: exercises that check themselves, learners' codings, a class of them, and simulated studies.

A lesson is a file in `lessons/` (`lesson_files`, `lesson_building`), of which pages, paper, notebooks and class views
are made. The notebooks in `notebooks/teaching` open it with `opened_lessons`; they and the tasks in pandas and R are
written by `lesson_notebooks`. Nothing is loaded before it is asked for. May import: `reanalysis`, `rendering`,
`exchange`, `disclosure`, `display`, `wording`, `agreement`, `statistics`, `counting`, `study`, `support`.
"""
