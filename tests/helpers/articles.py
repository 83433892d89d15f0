"""Small articles to render: settings, words, and one that has everything of the subset."""

from pathlib import Path

from analysis import rendering

FRONT = """---
title: A study
lang: en-GB
bibliography: references.bib
link-citations: true
number-sections: true
{more}---
"""
REFERENCES = """@article{lukes2005,
  author = {Lukes, Steven}, title = {Power}, journal = {A Journal}, year = {2005}, volume = {1}, pages = {1--9}
}
"""
DRAW = """
```{python}
#| include: false
from pathlib import Path
from IPython.display import Markdown
import vl_convert
n = 41
svg = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="60"><rect width="300" height="60" fill="white"/>'
    '<text x="10" y="40" font-family="DejaVu Sans">Drawn</text></svg>'
)
Path("figures").mkdir(exist_ok=True)
Path("figures/one.svg").write_text(svg)
Path("figures/one.png").write_bytes(vl_convert.svg_to_png(svg))
```
"""
WHOLE = (
    DRAW
    + """
## First {#sec-first}

There are `{python} n` of `{python} "a *star*, [b] (c)"`, `{python} Markdown("**bold**")`, @fig-one, @tbl-one and
[@tbl-two; @fig-one], number [-@fig-one]. See @sec-second and @sec-deep, [the words](#sec-first), @eq-sum.
It is said [@lukes2005, p. 3] by @lukes2005.[^note] Inline $x^2$ is math, "quoted" is quoted. <!-- a comment -->

[^note]: A footnote with *emphasis*.

```{python}
#| output: asis
print(f'![Caption with {n} things.](figures/one){{#fig-one fig-alt="{n} circles, \\\\"drawn\\\\""}}')
```

```{python}
#| label: tbl-one
#| tbl-cap: "Counts of *things*."
#| tbl-colwidths: [75, 25]
Markdown("| What | Number |\\n|:--|--:|\\n| = sign | 1 |\\n| - dash | 2 |\\n| + plus | 3 |\\n| 1. first | 4 |\\n| / slash | 5 |")
```

## Second {#sec-second}

| Left | Right |
|:-----|------:|
| a    | `{python} n` |

: By hand, `{python} n` of them. {#tbl-two}

### Deep {#sec-deep}

$$
\\sum_i x_i = 1
$$ {#eq-sum}

::: {.callout-note title="Mind"}
What *matters*.
:::

::: {.callout-warning}
## Headed
Beware.
:::

> A quotation.

- one
- two

1. first
2. second

```{python}
#| echo: true
print("said")
```

## References {.unnumbered}

::: {#refs}
:::
"""
)
WHOLE_FRONT = """subtitle: By example
author:
  - name: Ann Author
    orcid: 0000-0002-1825-0097
    affiliation: Somewhere & Co.
abstract: |
  What it is about: *power*.
keywords: [power, co-production]
license: CC BY
execute:
  echo: false
citeproc: true
format:
  html:
    embed-resources: true
    default-image-extension: svg
    html-math-method: mathml
    toc: true
    toc-depth: 2
  docx:
    default-image-extension: png
  typst:
    default-image-extension: svg
    papersize: a4
  jats:
    default-image-extension: png
"""
LINES_BEFORE = FRONT.format(more="").count("\n")


def written(folder: Path, body: str, more: str = "") -> Path:
    """Write an article with its references into a folder; `more` are further settings."""
    folder.mkdir(parents=True, exist_ok=True)
    source = folder / "article.qmd"
    source.write_text(FRONT.format(more=more) + body, encoding="utf-8")
    (folder / "references.bib").write_text(REFERENCES, encoding="utf-8")
    return source


def rendered(folder: Path, body: str, more: str = "") -> Path:
    """Render an article with the embedded renderer; return the folder of what came out."""
    source = written(folder / "paper", body, more)
    rendering.render(source, folder / "out", "embedded", tell=lambda _: None)
    return folder / "out"
