"""What readers do on the page on which texts are coded: begin, select, give codes, save files."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import browser

Use = Callable[..., Any]
#: The interview of the first card.
FIRST = "#start .wb-cards button"
TEXT = ".transcript"


def using(chromium: browser.Browser, site: Path) -> Use:
    """Return a way to open the page, which fails where the console says anything or another host is asked."""
    page = site / "teaching" / "workbench.html"

    def soon(task: Callable[[Any], Any]) -> Callable[[Any], Any]:
        def done(tab: Any) -> Any:
            tab.set_default_timeout(10_000)
            result = task(tab)
            tab.evaluate("dispatchEvent(new Event('pagehide'))")  # kept now, and not once the next test begins
            return result

        return done

    return lambda task, **given: chromium.use(page.as_uri(), soon(task), site.as_uri(), **given)


def begin(page: Any, pseudonym: str = "ana", codes: str = "none") -> None:
    """Open the first interview of the site, with no codes or with those of its set."""
    page.fill("#wb-pseudonym", pseudonym)
    page.check(f"#start input[value={codes}]")
    page.click(FIRST)
    page.wait_for_selector(TEXT)


def paste(page: Any, words: str, name: str = "A talk", pseudonym: str = "ana") -> None:
    """Open a text of one's own."""
    page.fill("#wb-pseudonym", pseudonym)
    page.click("#start summary:text('Paste a text')")
    page.fill("#start details textarea", words)
    page.fill("#start details input", name)
    page.click("text=Code this text")
    page.wait_for_selector(TEXT)


def select(page: Any, words: str) -> None:
    """Select words in the text, as a finger or a mouse would."""
    page.focus(TEXT)
    browser.pause(page, 80)  # the text first goes back to where it was left
    page.evaluate(
        """([within, words]) => {
            for (const line of document.querySelectorAll(`${within} p`)) {
                const at = line.textContent.indexOf(words);
                if (at < 0) continue;
                return getSelection().setBaseAndExtent(line.firstChild, at, line.firstChild, at + words.length);
            }
            throw new Error(`no line has: ${words}`);
        }""",
        [TEXT, words],
    )
    page.wait_for_function(
        "words => document.querySelector('.wb-place')?.textContent.includes(words.slice(0, 20))", arg=words
    )


def give(page: Any, code: str) -> None:
    """Give a code to what is selected, by typing its name."""
    page.focus(TEXT)
    page.keyboard.press("Enter")
    page.wait_for_selector("dialog[open] [role=combobox]")
    page.keyboard.type(code)
    page.keyboard.press("Enter")
    page.wait_for_selector("dialog[open]", state="detached")


def said(page: Any) -> str:
    """Return what the page said last."""
    return str(page.inner_text("#wb-said"))


def file_of(page: Any, button: str) -> bytes:
    """Save one of the files of the menu and return it."""
    page.click("text=Save and export")
    with page.expect_download() as told:
        page.click(f"dialog[open] button:has-text('{button}')")
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog[open]", state="detached")
    return Path(told.value.path()).read_bytes()


def work_of(page: Any) -> dict[str, Any]:
    """Return the work as its file has it."""
    work: dict[str, Any] = json.loads(file_of(page, "Your work"))
    return work


def coded(work: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the words of each coding and its code, in the order of places."""
    names = {code["guid"]: code["name"] for code in work["codes"]}
    texts = {text["guid"]: text["content"] for text in work["texts"]}
    return [
        (texts[one["text"]][one["start"] : one["end"]], names[one["code"]])
        for one in sorted(work["codings"], key=lambda one: (one["text"], one["start"], one["end"]))
    ]
