"""Quarto runs this first: it writes what Quarto needs beside the article and its supplement, and git ignores."""

from pathlib import Path

from analysis.rendering import beside_quarto

for name in ("article.qmd", "supplement.qmd"):
    beside_quarto.write_for(Path(__file__).with_name(name))
