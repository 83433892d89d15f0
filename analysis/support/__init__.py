"""What every package needs and none owns: errors, paths, files, formatting, provenance.

Here lives what knows nothing of coded studies. Whatever has the words of one (passage, code, facet) belongs above.
May import: no other package of the compendium.
"""
