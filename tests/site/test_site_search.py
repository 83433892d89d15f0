"""A search for the word that a reader has in mind finds the page that answers it, whatever the page calls it."""

import browser
import pytest

#: What is typed, and the page or place that must come first.
FIRST = {
    "limitations": "methods/limits.html",
    "caveats": "methods/limits.html",
    "generalisability": "methods/limits.html",
    "sample size": "methods/limits.html",
    "github": "reuse/architecture.html",
    "repository": "reuse/architecture.html",
    "excel": "data/index.html",
    "spreadsheet": "data/index.html",
    "SPSS": "data/index.html",
    "RStudio": "data/index.html",
    "download": "data/index.html",
    "variables": "data/dictionary.html",
    "anonymity": "methods/integrity.html",
    "anonymous": "methods/integrity.html",
    "ethics": "methods/integrity.html",
    "reproducibility": "methods/integrity.html",
    "tokenism": "evidence/passages.html#F03",
    "install": "reuse/index.html",
    "main findings": "index.html",
    "results": "index.html",
    "normative power": "codebook/power.html",
    "structural power": "codebook/power.html",
    "NVivo": "reuse/recipes.html",
    "ATLAS.ti": "reuse/recipes.html",
    "MAXQDA": "reuse/recipes.html",
    "how to cite": "cite/index.html",
    "BibTeX": "cite/index.html",
    "licence": "cite/index.html",
    "license": "cite/index.html",
    "inter-rater reliability": "methods/agreement.html",
    "kappa": "methods/agreement.html",
    "Krippendorff": "methods/agreement.html",
    "p-value": "methods/counting.html",
    "significance": "methods/counting.html",
    "sensitivity analysis": "methods/counting.html",
    "PPI": "methods/glossary.html#ppi",
    "glossary": "methods/glossary.html",
    "gist": "methods/glossary.html#gist",
    "stance": "methods/glossary.html#stance",
    "jupyter": "notebooks/index.html",
    "AI": "methods/stages.html",
    "contact": "cite/respond.html",
    "mistake": "cite/respond.html",
    "what is new": "cite/changelog.html",
    "coding scheme": "data/coding-log.html",
    "codebook": "codebook/index.html",
    "interview": "teaching/interviews.html",
    "transcript": "teaching/interviews.html",
    "code a transcript": "teaching/workbench.html",
    "memo": "methods/glossary.html#memo",
    "lesson plan": "teaching/index.html",
    "syllabus": "teaching/course.html",
    "make my own lesson": "teaching/make-a-lesson.html",
    "hand-ins of a class": "teaching/class.html",
}

# The worker that the page itself asks, with the index that the page itself loads.
SEARCH = """async queries => {
  document.dispatchEvent(new Event('search-wanted'));
  const { base, search } = JSON.parse(document.getElementById('__config').textContent);
  const index = await (await fetch(`${base}/search/search_index.json`)).json();
  const worker = new Worker(new URL(search, location.href));
  const ask = message => new Promise(done => {
    worker.addEventListener('message', ({ data }) => done(data.data), { once: true });
    worker.postMessage(message);
  });
  await ask({ type: 0, data: { ...index, options: { suggest: false } } });
  const found = {};
  for (const query of queries) {
    const { items } = await ask({ type: 2, data: query });
    found[query] = items.slice(0, 3).map(parts => {
      const best = parts.reduce((one, other) => (other.score > one.score ? other : one));
      return best.location || 'index.html';
    });
  }
  return found;
}"""


@pytest.fixture(scope="module")
def found(chromium: browser.Browser, served: str) -> dict[str, list[str]]:
    """The first three pages that the search of the site finds, for each of the queries."""
    results: dict[str, list[str]] = chromium.use(
        f"{served}index.html", lambda page: page.evaluate(SEARCH, [*FIRST]), served
    )
    return results


@pytest.mark.parametrize("query", FIRST)
def test_the_page_that_answers_comes_first(found: dict[str, list[str]], query: str) -> None:
    assert found[query], "nothing is found"
    first, wanted = found[query][0], FIRST[query]
    assert (first if "#" in wanted else first.partition("#")[0]) == wanted, found[query]


def test_at_least_forty_queries_are_asked() -> None:
    assert len(FIRST) >= 40
