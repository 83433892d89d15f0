"""What every package needs and none owns: errors, paths, files, formatting, provenance.

Here lives what works on files and texts of any kind. `paths` has every place of the compendium, once. Whatever handles
passages, codes or counts belongs above.
May import: no other package of the compendium.
"""
