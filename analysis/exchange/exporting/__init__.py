"""A coded study as a project, new or brought up to date."""
