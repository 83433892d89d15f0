"""A coded study as a site of its own.

May import: `study_report`, `exchange`, `display`, `counting`, `study`, `support`.
"""
