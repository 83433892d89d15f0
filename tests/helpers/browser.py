"""Looking at pages in a real browser that reaches no other host."""

import math
import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

# Quiet, without what a fresh profile would fetch.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--renderer-process-limit=1",  # started once for all tests
    # Every core has a test at work: scripts that are compiled beside theirs, or memory that is freed often, only add to it.
    "--js-flags=--single-threaded --min-semi-space-size=32",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # No other host is found. Answering each request instead would keep the browser from storing anything.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--no-proxy-server",
]

# Rules of axe: those of WCAG 2.2 with the size of targets, which axe does not ask about by itself; and those about colours.
ALL: Mapping[str, Any] = {"rules": {"target-size": {"enabled": True}}}
ALL_BUT_CONTRAST: Mapping[str, Any] = {
    "rules": {"target-size": {"enabled": True}, "color-contrast": {"enabled": False}}
}
#: Those of its rules whose answer depends on where and how large something is.
PLACES: Mapping[str, Any] = {
    "runOnly": {
        "type": "rule",
        "values": ["color-contrast", "link-in-text-block", "scrollable-region-focusable", "target-size"],
    }
}
COLOURS: Mapping[str, Any] = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}

# What axe asks of targets and of boxes that scroll, it asks of each of thousands, at great cost. So those are marked of which
# it can find anything: targets less than 24 px high or wide, or under another, of which the middle is within 12 px of
# another one, or within 24 px of the middle of another small one; and boxes whose content is larger than they are.
MARK_PLACES = """within => {
  const size = 24, rounded = 0.2, marked = 'data-target-at-risk', scrolls = 'data-box-that-scrolls';
  for (const mark of [marked, scrolls]) document.querySelectorAll(`[${mark}]`).forEach(one => one.removeAttribute(mark));
  const parts = [...document.querySelectorAll(within ?? 'body')];
  const small = new Set(), over = new Set(), near = new Map();
  const plain = ':is(a:not([href]), div, section, pre, table, figure, details, summary, ul, ol, p, span):not([role])';
  const targets = [...document.querySelectorAll(`:is(
    a, button, input, select, textarea, [tabindex], [contenteditable]):not(${plain}, [role=region], [role=group])`)].filter(
    one => one.checkVisibility({ visibilityProperty: true })).map(one => {
      const { left, top, right, bottom, width, height } = one.getBoundingClientRect();
      return { one, left, top, right, bottom, width, height, x: left + width / 2, y: top + height / 2 };
    }).filter(at => at.width && at.height).sort((at, other) => at.top - other.top);
  const apart = (at, other) => Math.max(other.left - at.right, at.left - other.right, other.top - at.bottom, at.top - other.bottom);
  for (const at of targets) if (Math.min(at.width, at.height) < size + rounded) small.add(at);
  targets.forEach((at, place) => {
    for (let next = place + 1; next < targets.length && targets[next].top < at.bottom + size; next++) {
      const other = targets[next], space = apart(at, other);
      if (space >= size) continue;
      for (const [one, beside] of [[at, other], [other, at]]) near.set(one, [...(near.get(one) ?? []), beside]);
      if (space < 0) over.add(at).add(other);
    }
  });
  const toEdge = (at, { left, top, right, bottom }) =>
    Math.hypot(Math.max(left - at.x, at.x - right, 0), Math.max(top - at.y, at.y - bottom, 0));
  const close = (at, other) => over.has(at) || over.has(other) || toEdge(at, other) < size / 2 + rounded
    || (small.has(other) && Math.hypot(other.x - at.x, other.y - at.y) < size + rounded);
  for (const at of targets.filter(each => small.has(each) || over.has(each)))
    if (near.get(at)?.some(other => close(at, other)) && parts.some(part => part.contains(at.one))) at.one.setAttribute(marked, '');
  for (const one of [...document.querySelectorAll('*')].filter(
    one => one.scrollWidth >= one.clientWidth + 13 || one.scrollHeight >= one.clientHeight + 13)) one.setAttribute(scrolls, '');
  axe.configure({ rules: [
    { id: 'target-size', selector: `[${marked}]` },
    { id: 'scrollable-region-focusable', selector: `[${scrolls}]:not(select, textarea)` }] });
}"""
# What axe asks about colours. Of text that is set in the same way on the same ground there may be thousands of pieces, each
# of which takes axe milliseconds, and all with the same answer: so three of each kind are marked, the first and the last
# among them, and none of a kind that is known. Answers which kinds these are.
MARK_TEXTS = """([within, known]) => {
  const parts = document.querySelectorAll(within ?? 'body');
  const marked = 'data-text-of-its-kind', grounds = new Map([[null, '']]), kinds = new Map();
  document.querySelectorAll(`[${marked}]`).forEach(one => one.removeAttribute(marked));
  const ground = one => {
    if (!grounds.has(one)) {
      const style = getComputedStyle(one);
      const apart = ['absolute', 'fixed', 'sticky'].includes(style.position) || style.transform !== 'none';
      const own = [style.backgroundColor, style.backgroundImage, style.opacity, style.filter, style.mixBlendMode, apart && one.className];
      const same = own.join() === 'rgba(0, 0, 0, 0),none,1,none,normal,false';
      grounds.set(one, ground(one.parentElement) + (same ? '' : own.join()));
    }
    return grounds.get(one);
  };
  // 18 points, or 14 in bold: the size decides on nothing else
  const large = ({ fontSize, fontWeight }) => Math.ceil(parseFloat(fontSize) * 72) / 96 >= (fontWeight >= 700 ? 14 : 18);
  const add = (one, ...style) => {
    const kind = [...style, ground(one)].join();
    kinds.get(kind)?.push(one) ?? kinds.set(kind, [one]);
  };
  const all = named => [...parts].flatMap(part => [...part.querySelectorAll(named)]);
  for (const one of new Set([...parts, ...all('*')])) {
    if (!Array.prototype.some.call(one.childNodes, child => child.nodeType === Node.TEXT_NODE && child.data.trim())) continue;
    if (!one.checkVisibility({ visibilityProperty: true })) continue;
    const style = getComputedStyle(one), { color, textShadow, webkitTextFillColor } = style;
    add(one, color, large(style), textShadow, webkitTextFillColor);
  }
  for (const one of all('a[href]')) {
    const styles = [one, one.parentElement].map(each => getComputedStyle(each));
    add(one, 'link', ...styles.flatMap(each => [each.color, each.textDecoration, each.fontWeight]));
  }
  for (const one of all('input, select, textarea')) {
    const style = getComputedStyle(one);
    add(one, 'field', style.color, large(style));
  }
  for (const each of known) kinds.delete(each);
  for (const alike of kinds.values())
    for (const one of [alike[0], alike[alike.length >> 1], alike.at(-1)]) one.setAttribute(marked, '');
  axe.configure({ rules: [
    { id: 'color-contrast', selector: `[${marked}]` }, { id: 'link-in-text-block', selector: `a[href][${marked}]` }] });
  return [...kinds.keys()];
}"""
# What fades in or changes its colour has another one on the way, and a busy machine shows it.
ARRIVED = """() => document.getAnimations().forEach(one => {
  if (one.effect.getComputedTiming().endTime < Infinity) one.finish();
})"""
AXE = """async ([within, options]) => (await axe.run(within ?? document, options)).violations.map(one =>
  `${one.id} (${one.help}): ${one.nodes.slice(0, 5).map(node => node.target.join(' ')).join('; ')}`)"""


@dataclass
class Visit:
    """What was seen of a page: what it asked other places for, what it said in its console, and what axe found.

    `too_wide` is by how many pixels the page can be scrolled sideways.
    """

    asked: list[str] = field(default_factory=list)
    console: list[str] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    too_wide: int = 0


Visiting = Callable[..., Visit]


def program() -> str:
    """Return the path of Chromium. Without it the test is skipped; where checks must be complete, it fails.

    The shell without windows comes first: it is the same browser, and shows a page in a third of the time.
    """
    found = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    if found is None:
        missing = "there is neither chromium-headless-shell nor chromium on the PATH"
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    return found


@contextmanager
def serving(folder: Path, missing: Path | None = None) -> Iterator[str]:
    """Serve a folder on this machine, and give its address; `missing` is shown for what is not there."""
    handler = partial(_Silent, missing=missing, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()


class _Silent(SimpleHTTPRequestHandler):
    def __init__(self, *given: Any, missing: Path | None, **named: Any) -> None:
        self.missing = missing
        super().__init__(*given, **named)

    def send_error(self, code: int, *told: Any) -> None:
        if code != HTTPStatus.NOT_FOUND or self.missing is None:
            super().send_error(code, *told)
            return
        content = self.missing.read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        """Say nothing: what a page asks for is seen by the browser."""


@contextmanager
def opened() -> Iterator["Browser"]:
    """Open a browser that tests share.

    It has a thread of its own, because Playwright keeps an event loop running in its thread, and notebooks cannot
    be executed beside one.
    """
    executable = program()
    with ThreadPoolExecutor(1) as thread:
        playwright, browser = thread.submit(_launched, executable).result()
        try:
            yield Browser(thread, browser)
        finally:
            thread.submit(browser.close).result()
            thread.submit(playwright.stop).result()


@dataclass(frozen=True)
class Browser:
    """A browser that reaches files below a folder, or one server on this machine, and nothing else."""

    thread: ThreadPoolExecutor
    browser: Any
    kept: list["Tab"] = field(default_factory=list)
    blank: list["Tab"] = field(default_factory=list)

    def visit(
        self, file: Path, width: int, scheme: str, below: Path | None = None, asking: Mapping[str, Any] = ALL
    ) -> Visit:
        """Open a page, by itself or with the files `below` a folder, and say what was seen; axe is asked for some rules."""
        allowed = (below or file).resolve().as_uri()
        seen = Visit()

        def examine(page: Any) -> None:
            seen.too_wide, seen.violations = too_wide(page), violations(page, asking=asking)

        self.use(file.resolve().as_uri(), examine, allowed, width, scheme, seen)
        return seen

    def use(
        self,
        address: str,
        task: Callable[[Any], Any],
        allowed: str,
        width: int = 1440,
        scheme: str = "light",
        seen: Visit | None = None,
        **context: Any,
    ) -> Any:
        """Open an address and return what `task` makes of its page; addresses that do not begin as `allowed` are noted.

        `seen` takes what the page asked for and said; without it, either fails the test. `context` goes to Playwright
        (`java_script_enabled=False`); without any, visits share a tab, of which each finds nothing that another left.
        """
        said = seen or Visit()
        (result,) = self._walk([(address, said)], task, allowed, width, scheme, context)
        if seen is None:
            assert (said.asked, said.console) == ([], [])
        return result

    def use_each(
        self,
        addresses: Sequence[str],
        task: Callable[[Any], Any],
        allowed: str,
        width: int = 1440,
        scheme: str = "light",
        **context: Any,
    ) -> list[tuple[Any, Visit]]:
        """Open addresses one after another in one tab; return what `task` makes of each, and what was seen of it.

        A page takes a third less time than with `use`, but finds what the pages before it have stored.
        """
        visits = [Visit() for _ in addresses]
        walk = list(zip(addresses, visits, strict=True))
        return list(zip(self._walk(walk, task, allowed, width, scheme, context), visits, strict=True))

    def within_blank(self, file: Path, task: Callable[[Any], Any]) -> Any:
        """Return what `task` makes of an empty frame within a blank page, which stays open: a frame takes a third of a visit.

        `file` is the page, if none is open. What the frame asks for or says fails the test; nothing of it is kept.
        """
        return self.thread.submit(_framed, self, file, task).result()

    def _walk(self, *given: Any) -> list[Any]:
        return self.thread.submit(_walked, self, *given).result()


def _launched(executable: str) -> tuple[Any, Any]:
    from playwright.sync_api import sync_playwright

    playwright = sync_playwright().start()
    try:
        return playwright, playwright.chromium.launch(executable_path=executable, args=FLAGS)
    except BaseException:
        playwright.stop()
        raise


@dataclass
class Tab:
    """A tab of a browser; `seen` takes what its page asks for, if that does not begin as `allowed`, and what it says."""

    page: Any
    allowed: str = ""
    seen: Visit = field(default_factory=Visit)

    def __post_init__(self) -> None:
        """Listen to the page."""
        self.page.on("request", self.note)
        self.page.on("console", lambda message: self.seen.console.append(f"{message.type}: {message.text}"))
        self.page.on("pageerror", lambda error: self.seen.console.append(f"error: {error}"))

    def note(self, request: Any) -> None:
        """Note what a page asks for and may not."""
        if not request.url.startswith((self.allowed, "data:", "blob:")):
            self.seen.asked.append(request.url)

    def clear(self) -> None:
        """Take away what a visit leaves: what pages stored, other tabs, permissions, and how the page was shown."""
        context = self.page.context
        for other in [one for one in context.pages if one is not self.page]:
            other.close()
        self.page.evaluate("localStorage.clear(); sessionStorage.clear()")
        self.seen = Visit()
        self.page.mouse.move(0, 0)
        self.page.goto("about:blank")
        self.page.emulate_media(media="null", forced_colors="null")
        self.page.set_default_timeout(30_000)
        context.clear_cookies()
        context.clear_permissions()


@contextmanager
def _tab(browser: Browser, context: dict[str, Any]) -> Iterator[Tab]:
    """Give a tab: the one that is kept, which saves starting a process, or a new one where a context is asked for.

    One in which a visit failed is not kept.
    """
    kept = not context
    tab = browser.kept.pop() if kept and browser.kept else Tab(browser.browser.new_context(**context).new_page())
    try:
        yield tab
        if kept:
            tab.clear()
            browser.kept.append(tab)
    finally:
        if tab not in browser.kept:
            tab.page.context.close()


def _walked(
    browser: Browser,
    walk: list[tuple[str, Visit]],
    task: Callable[[Any], Any],
    allowed: str,
    width: int,
    scheme: str,
    context: dict[str, Any],
) -> list[Any]:
    results = []
    with _tab(browser, context) as tab:
        tab.allowed = allowed
        tab.page.set_viewport_size({"width": width, "height": 900})
        tab.page.emulate_media(color_scheme=scheme)
        for address, seen in walk:
            tab.seen = seen  # what is said and asked for meanwhile belongs to this visit
            tab.page.goto(address, wait_until="load")
            results.append(task(tab.page))
    return results


def _framed(browser: Browser, file: Path, task: Callable[[Any], Any]) -> Any:
    if not browser.blank:
        browser.blank.append(Tab(browser.browser.new_context().new_page(), file.as_uri()))
        browser.blank[0].page.goto(file.as_uri())
    tab = browser.blank[0]
    tab.seen = Visit()
    element = tab.page.evaluate_handle("() => document.body.appendChild(document.createElement('iframe'))")
    try:
        result = task(element.content_frame())
    finally:
        tab.page.evaluate("element => { element.remove(); localStorage.clear(); sessionStorage.clear() }", element)
    assert (tab.seen.asked, tab.seen.console) == ([], [])
    return result


def pause(page: Any, milliseconds: int) -> None:
    """Wait by the clock of a page, so that what the page put off for a shorter time has been done, however slow it is."""
    page.evaluate("time => new Promise(done => setTimeout(done, time))", milliseconds)


def asked_in(scheme: str) -> Mapping[str, Any]:
    """Return the rules to ask about in a scheme: all of them in the light, and in the dark what may differ there."""
    return ALL if scheme == "light" else COLOURS


def violations(
    page: Any,
    within: str | None = None,
    asking: Mapping[str, Any] = ALL,
    known: set[str] | None = None,
    targets: str | None = None,
) -> list[str]:
    """Return what axe finds on a page, or within some of its parts, by a choice of rules.

    Colours are asked about for each kind of text, and not for each piece of it. `known` are kinds of which nothing was
    found on other pages; those of this page, or part, join them, if nothing is found. The size of targets is asked
    about in a part of them, `targets`, where there is one. Neither known kinds nor targets apart cost what most of the
    time is spent on, which is to find out what is drawn where.
    """
    from axe_playwright_python.base import AXE_SCRIPT

    if page.evaluate("!window.axe"):
        page.evaluate(AXE_SCRIPT)
    page.evaluate(ARRIVED)
    kinds = page.evaluate(MARK_TEXTS, [within, list(known or ())])
    if asking is COLOURS and not kinds:
        return []
    if asking is not COLOURS:
        page.evaluate(MARK_PLACES, targets or within)
    # Axe is not to fetch style sheets, which it cannot from files, nor to describe what is as it should be.
    found: list[str] = page.evaluate(AXE, [within, {**asking, "preload": False, "resultTypes": ["violations"]}])
    if known is not None and not found:
        known.update(kinds)
    return found


ROUNDS = 20
# A fixed piece of work, and the milliseconds that it takes on an idle core of the machine that targets are for. Where other
# work or an older machine makes it slower, a page may take longer in proportion.
WORK = """() => {
    const start = performance.now()
    let sum = 0
    for (let i = 0; i < 2e6; i++) sum = (sum * 31 + i) % 1000003
    return sum < 0 ? 0 : performance.now() - start
}"""
IDLE = 10.5


def at_work(page: Any, steps: Sequence[Callable[[], object]], target: float) -> tuple[list[float], list[float]]:
    """Return for how many milliseconds each step keeps the thread of a page at work, and would on an idle core.

    Other work on the machine only adds to a time, so it is the best of some rounds, the last of them the first in which
    every step stays below the target.
    """
    so_far = time_at_work(page)
    best, at_idle = [math.inf] * len(steps), [math.inf] * len(steps)
    for _ in range(ROUNDS):
        for at, step in enumerate(steps):
            before = so_far()
            step()
            taken = so_far() - before
            best[at] = min(best[at], taken)
            at_idle[at] = min(at_idle[at], taken / max(1, page.evaluate(WORK) / IDLE))
        if max(at_idle) < target:
            break
    return best, at_idle


def time_at_work(page: Any) -> Callable[[], float]:
    """Milliseconds that the page's thread has worked so far: scripts, styles, layout and paint, not the wait for frames.

    By the clock an answer ends with a frame, so 34 ms of work would take 50 and one millisecond more 67.
    """
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")

    def so_far() -> float:
        metrics = {metric["name"]: metric["value"] for metric in session.send("Performance.getMetrics")["metrics"]}
        return float(metrics["TaskDuration"]) * 1000

    return so_far


def using_without(browser: Browser, address: str, script: str, task: Callable[[Any], Any], allowed: str) -> Any:
    """Open an address where a script fails to load, which the console may say and nothing else; return what `task` makes of it."""

    def opened(page: Any) -> Any:
        page.route(f"**/{script}", lambda route: route.abort())
        page.reload()
        return task(page)

    seen = Visit()
    result = browser.use(address, opened, allowed, seen=seen, reduced_motion="reduce")  # in a tab that is not kept
    assert seen.asked == []
    assert all("net::ERR_FAILED" in line for line in seen.console), seen.console
    return result


def too_wide(page: Any) -> int:
    """Return by how many pixels a page can be scrolled sideways."""
    pixels: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return pixels
