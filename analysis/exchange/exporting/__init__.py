"""A coded study as a project, new or brought up to date.

Writing the project to a file belongs to `refi_qda`. May import: the modules beside this package, `refi_qda`,
`importing`, `study`.
"""
