"""A project as a coded study: what becomes a facet, a passage, an interviewee, a coder."""
