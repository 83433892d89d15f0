"""The commands: `python -m analysis` and `power-in-coproduction`.

Here live options, messages and exit codes. What a command does belongs to the package of its subject.
May import: every package. Nothing imports it but `__main__`.
"""
