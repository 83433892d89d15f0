"""A project as a coded study: what becomes a facet, a passage, an interviewee, a coder.

Reading a project from a file belongs to `refi_qda`, `taguette` and `csv_table`; writing the study is done by
`exchange.commands`. May import: the modules beside this package, `study`, `support`.
"""
