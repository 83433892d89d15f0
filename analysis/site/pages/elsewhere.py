"""Links that start the compendium on another machine, where the address of its repository is known."""

from urllib.parse import quote, urlsplit

from analysis.display.html_elements import bullets, text

NOTEBOOK = "notebooks/01-evidence.ipynb"


def start_links(repository: str) -> str:
    """Return what starts the repository at an address elsewhere; without an address, that there is none."""
    if not repository:
        return "<p>This copy of the site was built without the address of a repository, so it has no such links.</p>"
    links = addresses(repository)
    listed = bullets(f'<a href="{text(address)}">{text(name)}</a>' for name, address in links.items())
    return f"{listed}<p>Each leads to the service of another host, which has its own terms.</p>"


def addresses(repository: str) -> dict[str, str]:
    """Return the address at each service that takes repositories of this host.

    >>> list(addresses("https://github.com/someone/power"))
    ['Binder: notebooks in a browser, nothing to install', 'GitHub Codespaces', 'Google Colab: the first notebook']
    """
    cleaned = repository.rstrip("/").removesuffix(".git")
    host, path = urlsplit(cleaned).hostname, urlsplit(cleaned).path.strip("/")
    at_binder = {"github.com": f"gh/{path}", "gitlab.com": f"gl/{quote(path, safe='')}"}
    where = at_binder.get(host or "", f"git/{quote(cleaned, safe='')}")
    binder = f"https://mybinder.org/v2/{where}/HEAD?urlpath=lab/tree/notebooks"
    found = {"Binder: notebooks in a browser, nothing to install": binder}
    if host == "github.com":
        found["GitHub Codespaces"] = f"https://codespaces.new/{path}"
        colab = f"https://colab.research.google.com/github/{path}/blob/HEAD/{NOTEBOOK}"
        found["Google Colab: the first notebook"] = colab
    return found
