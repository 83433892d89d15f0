"""Lighthouse's scores of the built site, mobile and served compressed, beside their targets.

Run from the checkout after `nox -s site`: `python tests/bench/bench_site.py [PAGE ...]`; without a page, those that the tabs
lead to and the heaviest ones. Needs Chromium, and Lighthouse (`npm install --prefix build lighthouse`), which is no
dependency: without it, this says so.
"""

import gzip
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

ROOT = Path(__file__).parents[2]
SITE = ROOT / "build" / "site"
FLAGS = "--headless=new --no-sandbox --disable-gpu --disable-background-networking"
TARGETS = {"performance": 98, "accessibility": 100, "best-practices": 100, "seo": 100}
HEAVIEST = 5  # pages looked at beside those of the tabs


class Compressing(SimpleHTTPRequestHandler):
    """Serves files compressed, as hosts do."""

    def do_GET(self) -> None:
        file = Path(self.translate_path(self.path))
        if not file.is_file():
            self.send_error(404)
            return
        content = gzip.compress(file.read_bytes())
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(file)))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        """Say nothing: the scores are what is asked for."""


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Serve a folder compressed, and give its address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Compressing, directory=str(folder))) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def chosen() -> list[str]:
    """Return the pages of the tabs, and of the others the heaviest."""
    tabs = ["index.html", *sorted(f"{page.parent.name}/index.html" for page in SITE.glob("*/index.html"))]
    tabs.remove("methods/index.html")  # which has moved
    others = sorted(SITE.rglob("*.html"), key=lambda page: page.stat().st_size, reverse=True)
    names = [page.relative_to(SITE).as_posix() for page in others]
    return tabs + [name for name in names if name not in tabs][:HEAVIEST]


def scores(lighthouse: str, chromium: str, address: str) -> dict[str, int]:
    """Return the score in each category, from 0 to 100."""
    command = [lighthouse, address, "--quiet", "--output=json", f"--chrome-flags={FLAGS}"]
    ran = subprocess.run(
        [*command, f"--only-categories={','.join(TARGETS)}"],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "CHROME_PATH": chromium},
    )
    found = json.loads(ran.stdout)["categories"]
    return {name: round(100 * found[name]["score"]) for name in TARGETS}


def main(names: list[str]) -> None:
    lighthouse = shutil.which(
        "lighthouse", path=os.pathsep.join([str(ROOT / "build/node_modules/.bin"), os.environ["PATH"]])
    )
    chromium = shutil.which("chromium")
    if lighthouse is None or chromium is None:
        print("Lighthouse: not asked; it needs chromium, and: npm install --prefix build lighthouse")
        return
    with serving(SITE) as address:
        for name in names or chosen():
            found = scores(lighthouse, chromium, address + name)
            summary = ", ".join(
                f"{what} {score}" + ("" if score >= TARGETS[what] else f" (target: {TARGETS[what]})")
                for what, score in found.items()
            )
            print(f"{name}: {summary}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
