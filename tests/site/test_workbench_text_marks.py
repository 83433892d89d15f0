"""Tints in the text and bars beside it: overlaps stay legible, every coding is seen, and drawing them is quick."""

from pathlib import Path
from typing import Any

import browser
import pytest
import text_pane
from browser import Browser
from example_counts import some
from text_pane import CODES, TEXT, coding


def layers(chromium: Browser, folder: Path, codings: list[tuple[int, int, str]], only: str = "") -> dict[str, Any]:
    given = [{"start": start, "end": end, "code": code} for start, end, code in codings]
    made = text_pane.use(
        chromium,
        folder,
        lambda page: page.evaluate("([codings, only]) => [...wb.layers(codings, only)]", [given, only]),
    )
    return {kind: [(place["start"], place["end"]) for place in places] for kind, places in made}


def test_no_two_tints_lie_on_each_other(chromium: Browser, tmp_path: Path) -> None:
    codings = [(0, 10, "a"), (5, 20, "b"), (8, 12, "c"), (8, 12, "c"), (30, 40, "a"), (40, 50, "a")]
    assert layers(chromium, tmp_path, codings) == {
        "a": [(0, 5), (30, 50)],
        "two": [(5, 8), (10, 12)],
        "many": [(8, 10)],
        "b": [(12, 20)],
    }


def test_a_single_code_is_shown_over_the_others(chromium: Browser, tmp_path: Path) -> None:
    codings = [(0, 10, "a"), (5, 20, "b"), (15, 30, "a")]
    assert layers(chromium, tmp_path, codings, "b") == {"others": [(0, 5), (20, 30)], "b": [(5, 20)]}


def test_bars_that_touch_are_in_lanes_of_their_own_and_those_without_one_are_counted(
    chromium: Browser, tmp_path: Path
) -> None:
    boxes = [(0, 90), (0, 60), (10, 20), (70, 80), (100, 120)]
    given = [{"top": top, "bottom": bottom} for top, bottom in boxes]
    made = text_pane.use(chromium, tmp_path, lambda page: page.evaluate("boxes => wb.lanesOf(boxes, 2)", given))
    placed = {(one["box"]["top"], one["box"]["bottom"]): (one["lane"], one["lanes"]) for one in made["placed"]}
    assert placed == {(0, 90): (0, 2), (0, 60): (1, 2), (70, 80): (1, 2), (100, 120): (0, 1)}
    assert [(group["top"], len(group["boxes"])) for group in made["more"]] == [(10, 1)]


def test_each_coding_has_a_bar_at_its_lines_with_the_name_of_its_code(chromium: Browser, tmp_path: Path) -> None:
    codings = [coding(TEXT, "How was it?", "heard"), coding(TEXT, "They wrote it down.", "money")]

    def task(page: Any) -> Any:
        bars = page.locator(".transcript-bar")
        return (
            [bars.nth(n).get_attribute("title") for n in range(bars.count())],
            [bars.nth(n).inner_text() for n in range(bars.count())],
            [bars.nth(n).bounding_box()["y"] for n in range(bars.count())],
            [text_pane.point_of(page, words)[1] for words in ("How was it?", "They wrote it down.")],
            [bars.nth(n).bounding_box()["height"] for n in range(bars.count())],
        )

    titles, names, tops, middles, heights = text_pane.use(chromium, tmp_path, task, codings=codings)
    assert (titles, names) == (["Voice > Heard", "Money"], ["Heard", "Money"])
    for top, middle, height in zip(tops, middles, heights, strict=True):
        assert abs(top + height / 2 - middle) < 3


def underlines(page: Any) -> int:
    """Return how many lines are drawn under words of the text."""
    return str(page.get_attribute(".transcript-underlines path", "d")).count("M")


def test_a_press_on_a_bar_goes_to_its_coding_and_again_to_the_next_there(chromium: Browser, tmp_path: Path) -> None:
    codings = [coding(TEXT, "How was it?", "heard"), coding(TEXT, "How was", "money")]

    def task(page: Any) -> Any:
        box = page.locator(".transcript-bar").first.bounding_box()
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        for _ in range(3):
            page.mouse.click(x, y)
        pointed = page.locator(".transcript-bar.is-pointed")
        lines = underlines(page)
        return text_pane.calls(page, "coding"), text_pane.selected(page), pointed.inner_text(), lines

    went, words, name, lines = text_pane.use(chromium, tmp_path, task, codings=codings)
    first, second = (one["guid"] for one in codings)
    assert went == [[first], [second], [first]]
    assert (words, name, lines > 0) == ("How was it?", "Heard", True)


def test_a_narrow_margin_says_how_many_more_codings_there_are(chromium: Browser, tmp_path: Path) -> None:
    content = text_pane.interview(300)
    codings = text_pane.many(content, 60)

    def task(page: Any) -> Any:
        more = page.locator(".transcript-more")
        more.first.wait_for()
        sizes = more.evaluate_all("all => all.map(one => one.getBoundingClientRect().toJSON())")
        shown = page.locator(".transcript-bar").count()
        counts = [int(text[1:]) for text in more.all_inner_texts()]
        largest = more.nth(counts.index(max(counts)))
        largest.click()
        largest.click()
        return shown, sum(counts), sizes, browser.too_wide(page), text_pane.calls(page, "coding")

    shown, hidden, sizes, wide, went = text_pane.use(chromium, tmp_path, task, content, codings=codings, width=390)
    assert shown + hidden == 60
    assert wide <= 0
    assert all(size["width"] >= 24 and size["height"] >= 24 for size in sizes)
    assert went[0] != went[1]


@pytest.mark.parametrize("width", some([390, 1440, 700], 2))
def test_bars_stay_at_their_lines_when_the_width_or_the_size_of_type_changes(
    width: int, chromium: Browser, tmp_path: Path
) -> None:
    content = text_pane.interview(400)
    codings = [coding(content + "The end.", "The end.", "money")]

    def task(page: Any) -> Any:
        page.set_viewport_size({"width": width, "height": 700})
        page.evaluate("document.documentElement.style.fontSize = '150%'")
        browser.pause(page, 120)
        box = page.locator(".transcript-bar").bounding_box()
        browser.pause(page, 50)
        bar = page.locator(".transcript-bar").evaluate("one => one.getBoundingClientRect().top + one.offsetHeight / 2")
        text = page.evaluate(
            "(() => { const one = view.range(given.codings[0]).getBoundingClientRect(); return one.top + one.height / 2 })()"
        )
        return box is not None, abs(bar - text)

    seen, apart = text_pane.use(chromium, tmp_path, task, content + "The end.", codings=codings)
    assert seen
    assert apart < 3


def test_paragraphs_that_were_not_read_to_their_end_have_a_mark(chromium: Browser, tmp_path: Path) -> None:
    script = "[...document.querySelectorAll('#text p')].map(one => one.classList.contains('is-unread'))"
    read = [[0, TEXT.index("\n\nInterviewer: And")], [TEXT.index("They wrote"), len(TEXT)]]

    def task(page: Any) -> Any:
        page.evaluate("read => view.paint({ read })", read)
        return page.evaluate(script)

    assert text_pane.use(chromium, tmp_path, task) == [False, False, True, True, False]


def test_without_highlights_bars_and_underlines_say_it_all(chromium: Browser, tmp_path: Path) -> None:
    """As in Firefox before 140."""
    codings = [coding(TEXT, "How was it?", "heard"), coding(TEXT, "They wrote it down.", "money")]
    without = (
        "delete CSS.highlights; Object.defineProperty(CSS, 'highlights', { value: undefined }); delete window.Highlight"
    )

    def task(page: Any) -> Any:
        page.focus("#text")
        page.keyboard.press("n")
        page.fill("#search input", "they")
        return page.locator(".transcript-bar").count(), underlines(page)

    assert text_pane.use(chromium, tmp_path, task, codings=codings, first=without) == (2, 1)


def test_a_colour_that_is_none_asks_no_other_host(chromium: Browser, tmp_path: Path) -> None:
    """Codes come from files of others; `use` fails where a page asks for what is elsewhere."""
    colours = ["url(https://example.org/a.png)", "red; background: url(https://example.org/b.png)", "", None]
    codes = [{**CODES[0], "guid": str(n), "colour": colour} for n, colour in enumerate(colours)]
    codings = [{**coding(TEXT, "How was it?", code["guid"])} for code in codes]

    def task(page: Any) -> Any:
        browser.pause(page, 100)
        bars = page.locator(".transcript-bar")
        return bars.evaluate_all(
            "bars => [...new Set(bars.map(bar => getComputedStyle(bar, '::before').backgroundImage))]"
        )

    assert text_pane.use(chromium, tmp_path, task, codings=codings, codes=codes) == ["none"]


# --- contrast


def luminance(channels: list[float]) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    parts = [part / 255 for part in channels]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: list[float], other: list[float]) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", ["default", "slate"])
def test_text_on_any_tint_has_the_contrast_of_the_standard(scheme: str, chromium: Browser, tmp_path: Path) -> None:
    """Whatever the colour of a code is: the corners of the cube of colours have the least and the greatest luminance."""
    corners = [f"#{red}{green}{blue}" for red in ("00", "ff") for green in ("00", "ff") for blue in ("00", "ff")]
    codes = [{**CODES[0], "guid": colour, "name": colour, "colour": colour} for colour in corners]
    words = TEXT.replace("\n", " ").split()[: len(corners)]
    codings = [
        {"guid": colour, "code": colour, "memo": "", "start": at, "end": at + 1} for at, colour in enumerate(corners)
    ]
    assert len(words) == len(corners)
    names = [*(colour[1:] for colour in corners), "two", "many", "others", "found", "found-now", "left"]

    def task(page: Any) -> Any:
        return page.evaluate(
            """names => {
                const paragraph = document.querySelector("#text p")
                const style = (name) => { const { backgroundColor, color } = getComputedStyle(paragraph, name); return [color, backgroundColor] }
                return [getComputedStyle(document.body).backgroundColor, ...names.map((name) => style(`::highlight(transcript-${name})`)), style("::selection")]
            }""",
            names,
        )

    paper, *tints = text_pane.use(chromium, tmp_path, task, codings=codings, codes=codes, scheme=scheme)
    ground, _ = channels(paper)
    for name, (ink, tint) in zip([*names, "selection"], tints, strict=True):
        colour, strength = channels(tint)
        assert strength > 0, name
        mixed = [strength * one + (1 - strength) * other for one, other in zip(colour, ground, strict=True)]
        assert contrast(channels(ink)[0], mixed) >= 4.5, name


def channels(colour: str) -> tuple[list[float], float]:
    """Return red, green, blue and the strength of a colour as browsers write it."""
    red, green, blue, *strength = (float(part) for part in colour[colour.index("(") + 1 : -1].split(","))
    return [red, green, blue], strength[0] if strength else 1.0


# --- accessibility and look


@pytest.mark.parametrize("scheme", ["default", "slate"])
def test_nothing_is_found_by_axe(scheme: str, chromium: Browser, tmp_path: Path) -> None:
    content = text_pane.interview(300)
    given = {"codings": text_pane.many(content, 40), "scheme": scheme}

    def task(page: Any) -> Any:
        page.focus("#text")
        page.keyboard.press("n")
        page.fill("#search input", "they")
        return browser.violations(page)

    assert text_pane.use(chromium, tmp_path, task, content, **given) == []


def test_forced_colours_tell_what_is_coded_from_what_is_selected_and_leave_bars(
    chromium: Browser, tmp_path: Path
) -> None:
    codings = [coding(TEXT, "How was it?", "heard")]

    def task(page: Any) -> Any:
        page.emulate_media(forced_colors="active")
        ground = "(one, part) => getComputedStyle(one, part).backgroundColor"
        paragraph, bar = page.locator("#text p").first, page.locator(".transcript-bar")
        parts = ["::highlight(transcript-1e88e5)", "::selection", "::highlight(transcript-speaker)"]
        return [paragraph.evaluate(ground, part) for part in parts], bar.evaluate(ground, "::before")

    (coded, chosen, speaker), bar = text_pane.use(chromium, tmp_path, task, codings=codings)
    assert len({coded, chosen, speaker}) == 3
    assert bar == "rgb(30, 136, 229)"


# --- speed


@pytest.fixture(scope="module")
def coded() -> tuple[str, list[dict[str, Any]]]:
    content = text_pane.interview(2500)
    return content, text_pane.many(content, 400)


def test_a_mark_shows_at_once_among_400(coded: tuple[str, Any], chromium: Browser, tmp_path: Path) -> None:
    content, codings = coded

    def task(page: Any) -> Any:
        mark = """n => {
            const more = { guid: `more-${n}`, code: "money", start: 40 * n, end: 40 * n + 90, memo: "" }
            view.paint({ codings: [...given.codings, more] })
            return new Promise(done => requestAnimationFrame(() => setTimeout(done)))
        }"""
        numbers = iter(range(1, 100))
        return browser.at_work(page, [lambda: page.evaluate(mark, next(numbers))], 50)

    best, idle = text_pane.use(chromium, tmp_path, task, content, codings=codings)
    assert max(idle) < 50, f"{best} ms, on an idle core {idle}"


def test_a_text_with_400_codings_is_rendered_at_once(coded: tuple[str, Any], chromium: Browser, tmp_path: Path) -> None:
    content, codings = coded

    def task(page: Any) -> Any:
        again = """() => {
            (globalThis.shown ?? view).destroy()
            globalThis.shown = wb.textView({ host: find("text"), margin: find("margin"), content: given.content })
            shown.paint(given)
            return new Promise(done => requestAnimationFrame(() => setTimeout(done)))
        }"""
        return browser.at_work(page, [lambda: page.evaluate(again)], 300), page.locator(".transcript-bar").count()

    (best, idle), bars = text_pane.use(chromium, tmp_path, task, content, codings=codings)
    assert max(idle) < 300, f"{best} ms, on an idle core {idle}"
    assert bars > 50, "those near what is in sight"


@pytest.mark.thorough
def test_a_text_of_200_000_words_opens_and_stays_usable(chromium: Browser, tmp_path: Path) -> None:
    content = text_pane.interview(200_000)
    codings = [*text_pane.many(content[:60000], 200), coding(content + "The end.", "The end.", "money")]

    def task(page: Any) -> Any:
        page.set_default_timeout(30_000)
        took = page.evaluate("took")
        page.focus("#text")
        page.keyboard.press("s")
        step = browser.at_work(page, [lambda: page.keyboard.press("s"), lambda: page.keyboard.press("ArrowDown")], 100)
        page.keyboard.press("Control+End")
        browser.pause(page, 300)
        bars = page.locator(".transcript-bar").all_inner_texts()
        return took / max(1, page.evaluate(browser.WORK) / browser.IDLE), step, bars

    took, (_, idle), bars = text_pane.use(chromium, tmp_path, task, content + "The end.", codings=codings)
    assert took < 3000
    assert max(idle) < 100
    assert bars == ["Money"], "only what is in sight has bars"
