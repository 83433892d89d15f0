"""The re-analysis of Chen, Croft and Currie (2024), and what any coded study can use of it.

One package for each subject, on floors: `docs/reuse/architecture.md` shows them, `pyproject.toml` has the contract.
"""
