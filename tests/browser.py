"""Looking at pages in a real browser that reaches no other host."""

import os
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

# Quiet, without what a fresh profile would fetch.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass
class Visit:
    """What was seen of a page: what it asked other places for, what it said in its console, and what axe found.

    `too_wide` is by how many pixels the page can be scrolled sideways.
    """

    asked: list[str] = field(default_factory=list)
    console: list[str] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    too_wide: int = 0


Visiting = Callable[[Path, int, str], Visit]


def program() -> str:
    """Return the path of Chromium. Without it the test is skipped; where checks must be complete, it fails."""
    found = shutil.which("chromium")
    if found is None:
        missing = "there is no chromium on the PATH"
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    return found


@contextmanager
def opened() -> Iterator[Visiting]:
    """Open a browser; the function that comes of it visits a page at a width in a colour scheme.

    The browser has a thread of its own, because Playwright keeps an event loop running in its thread, and
    notebooks cannot be executed beside one.
    """
    executable = program()
    with ThreadPoolExecutor(1) as thread:
        playwright, browser = thread.submit(_launched, executable).result()
        try:
            yield lambda page, width, scheme: thread.submit(_visit, browser, page, width, scheme).result()
        finally:
            thread.submit(browser.close).result()
            thread.submit(playwright.stop).result()


def _launched(executable: str) -> tuple[Any, Any]:
    from playwright.sync_api import sync_playwright

    playwright = sync_playwright().start()
    try:
        return playwright, playwright.chromium.launch(executable_path=executable, args=FLAGS)
    except BaseException:
        playwright.stop()
        raise


def _visit(browser: Any, file: Path, width: int, scheme: str) -> Visit:
    from axe_playwright_python.sync_playwright import Axe

    seen = Visit()
    with browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme) as context:
        page = context.new_page()
        address = file.resolve().as_uri()

        def answer(route: Any) -> None:
            if route.request.url == address:
                route.continue_()
            else:
                seen.asked.append(route.request.url)
                route.abort()

        page.route("**/*", answer)
        page.on("console", lambda message: seen.console.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: seen.console.append(f"error: {error}"))
        page.goto(address, wait_until="load")
        seen.too_wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        for found in Axe().run(page).response["violations"]:
            places = "; ".join(" ".join(map(str, node["target"])) for node in found["nodes"][:5])
            seen.violations.append(f"{found['id']} ({found['help']}): {places}")
    return seen
