"""Building the site with MkDocs: macros, hooks, links, messages, and showing it while it is worked on."""
