"""The interviews to code, as pages show them: what there is, what was planted where, and two reference codings."""

from analysis.display import html_elements
from analysis.display.html_elements import bullets, folded, heading, paragraph, row, table, text
from analysis.site.files import interview_files, interview_pages
from analysis.site.html import permalinks
from analysis.site.site_error import SiteError
from analysis.support import formatting
from analysis.teaching import interviews, reference_agreement
from analysis.teaching.interviews import CODERS, Coding, Interview, InterviewSet, Turn

WORKBENCH = "teaching/workbench.html"
PLACE = ("Turn", "Line")
LINES_OF_PLANS = (30, 40, 50, 60, 90)  # up to which a class codes
LONGEST_QUOTE = 90  # characters of a passage that are shown whole


def workbench_interviews(here: str) -> str:
    """Return the list of interviews that the page on which texts are coded can load, as the page carries it."""
    listed = [
        {
            "slug": one.slug,
            "name": one.name,
            "set": of.title,
            "words": one.words,
            "about": one.about,
            "codes": len(of.codes),
            "script": permalinks.from_page(here, f"{interview_files.FOLDER}/{one.slug}.js"),
        }
        for of in interviews.sets()
        for one in of.interviews
    ]
    return html_elements.script("workbench-interviews", listed)


def counted(what: str) -> str:
    """Return how many `interviews`, `sets`, or `words` (the fewest and the most of an interview) there are."""
    known = [one for of in interviews.sets() for one in of.interviews]
    words = [one.words for one in known]
    figures = {
        "interviews": formatting.in_words(len(known)),
        "sets": formatting.in_words(len(interviews.sets())),
        "words": f"{min(words):,} to {max(words):,}",
    }
    if what not in figures:
        raise SiteError(f"No count of {what!r} is known. Choose among {formatting.listed([*figures])}.")
    return figures[what]


def offered(here: str) -> str:
    """Return a section for each set: its notice, its interviews with their files, and its codebook."""
    return "".join(_offered(of, here) for of in interviews.sets())


def opening(slug: str, turns: int) -> str:
    """Return the first turns of an interview, as a quotation with its notice."""
    of, one = _named(slug)
    said = "".join(_turn(one, turn) for turn in one.turns[:turns])
    return f"<blockquote>{said}</blockquote>{paragraph(of.notice)}"


def for_instructors(here: str) -> str:
    """Return a section for each interview: what it is good for, what was planted where, and both reference codings.

    The search does not know what is planted and coded, so that no student comes upon it by accident.
    """
    return "".join(_for_instructors(one, here) for of in interviews.sets() for one in of.interviews)


def agreement() -> str:
    """Return for each set how far the reference codings agree on turns, code by code and overall."""
    return "".join(map(_agreement, interviews.sets()))


def _named(slug: str) -> tuple[InterviewSet, Interview]:
    """Return an interview by its slug, with its set."""
    known = {one.slug: (of, one) for of in interviews.sets() for one in of.interviews}
    if slug not in known:
        raise SiteError(f"There is no interview {slug!r}. Choose among {formatting.listed([*known])}.")
    return known[slug]


# --- what there is


def _turn(one: Interview, turn: Turn) -> str:
    label = f"{turn.speaker}:"
    words = one.content[turn.start : turn.end].removeprefix(label)
    return f"<p><strong>{text(label)}</strong>{text(words)}</p>"


def _offered(of: InterviewSet, here: str) -> str:
    rows = [
        row([_read(one, here), text(one.about), f"{one.words:,}", _files(one, here), _code(one, here)])
        for one in of.interviews
    ]
    heads = ("Interview", "About", "Words", "Files", "Code it")
    listed = table(f"{of.title}: interviews", heads, rows, ("", "prose", "figure", "", ""))
    book = f"{interview_files.FOLDER}/{of.name}-codebook"
    codes = formatting.counted(len(of.codes), "code")
    shown = ", ".join((_link(here, f"{book}.html", "to read and print"), _link(here, f"{book}.qdc", "REFI-QDA")))
    return f"{heading(2, of.title, of.name)}{paragraph(of.notice)}{listed}<p>Codebook of {codes}: {shown}.</p>"


def _read(one: Interview, here: str) -> str:
    return _link(here, f"{interview_files.FOLDER}/{one.slug}.html", one.name)


def _files(one: Interview, here: str) -> str:
    forms = {"docx": "Word", "txt": "text"}
    return ", ".join(_link(here, f"{interview_files.FOLDER}/{one.slug}.{form}", name) for form, name in forms.items())


def _code(one: Interview, here: str) -> str:
    return _link(here, f"{WORKBENCH}#start={one.slug}", "In the browser")


def _link(here: str, place: str, name: str) -> str:
    return f'<a href="{text(permalinks.from_page(here, place))}">{text(name)}</a>'


# --- for instructors


def _for_instructors(one: Interview, here: str) -> str:
    aims = f"<p>{_read(one, here)}: {text(one.about)}</p>{bullets(map(text, one.objectives))}"
    stops = paragraph(_stops(one))
    planted = folded(f"What is planted in it, {formatting.counted(len(one.planted), 'place')}", _planted(one))
    codings = folded(f"Reference codings, {len(one.codings)} in all", _codings(one))
    # A section: the search would take the end of a table's own `div` for the end of what it leaves out.
    return f"{heading(3, one.name, one.slug)}{aims}{stops}<section data-search-exclude>{planted}{codings}</section>"


def _planted(one: Interview) -> str:
    rows = [
        row([*_place(one, found.start), text(found.kind), _quoted(found.words), text(found.why)])
        for found in sorted(one.planted, key=lambda found: found.start)
    ]
    return table(f"Planted: {one.name}", (*PLACE, "Kind", "Words", "Why"), rows, ("", "", "", "prose", "prose"))


def _codings(one: Interview) -> str:
    rows = (
        row([*_place(one, turn.start), *cells], kinds=["", *["prose"] * len(cells)])
        for turn in one.turns
        if any(cells := [_given(one, coder, turn.start, turn.end) for coder in CODERS])
    )
    head = (*PLACE, *map(_coder, CODERS))
    return table(f"Reference codings: {one.name}", head, rows, ("", "", *["prose"] * len(CODERS)))


def _stops(one: Interview) -> str:
    """Return in which turn each line is up to which a class codes."""
    starts = [start for start, _ in interview_pages.lines(one)]
    places = [(line, _place(one, starts[line - 1])[0]) for line in LINES_OF_PLANS if line <= len(starts)]
    if not places:
        return ""
    first, *others = places
    listed = formatting.listed([f"{first[0]} is in turn {first[1]}", *(f"{line} in {turn}" for line, turn in others)])
    return f"Of the lines that the plans name, {listed}."


def _place(one: Interview, start: int) -> tuple[str, str]:
    """Return the turn, as the page on which texts are coded numbers it, and the line of the page to print."""
    turn = sum(turn.start <= start for turn in one.turns)
    return str(turn), str(interview_pages.line_at(one, start))


def _given(one: Interview, coder: str, start: int, end: int) -> str:
    """Return what a coder gave in a turn, where its passages begin."""
    found = [given for given in one.codings if given.coder == coder and start <= given.start < end]
    return bullets(_coding(one, given) for given in sorted(found, key=lambda given: (given.start, given.end)))


def _coding(one: Interview, given: Coding) -> str:
    words = _quoted(one.content[given.start : given.end])
    return f"<strong>{text(given.code)}</strong> {words} <small>{text(given.reason)}</small>"


def _quoted(words: str) -> str:
    """Return words as a quotation on one line; of many, the first and the last."""
    line = " ".join(words.split())
    if len(line) > LONGEST_QUOTE:
        half = LONGEST_QUOTE // 2
        line = f"{line[:half].rpartition(' ')[0]} … {line[-half:].partition(' ')[2]}"
    return f"<q>{text(line)}</q>"


def _coder(coder: str) -> str:
    kind, letter = coder.split("-")
    return f"{kind.capitalize()} {letter.upper()}"


def _agreement(of: InterviewSet) -> str:
    if {given.coder for one in of.interviews for given in one.codings} != {*CODERS}:
        return ""
    given = reference_agreement.turns_of(of)
    every, coded = (reference_agreement.overall(given, uncoded=uncoded) for uncoded in (True, False))
    rows = [
        row(
            [text(found["code"]), *(str(found[part]) for part in (*CODERS, "both")), formatting.rounded(found["alpha"])]
        )
        for found in reference_agreement.per_code(of).to_dict("records")
    ]
    heads = ("Code", *(f"Turns, {_coder(coder)}" for coder in CODERS), "Turns, both", "Alpha")
    summary = (
        f"Over all codes, Krippendorff’s alpha is {formatting.rounded(every.value or 0)} in {every.units:,} turns, and "
        f"{formatting.rounded(coded.value or 0)} in the {coded.units:,} to which either gave a code."
    )
    listed = table(f"{of.title}: the reference codings, turn by turn", heads, rows, ("", *["figure"] * 4))
    return f"{heading(3, of.title, f'agreement-{of.name}')}{paragraph(summary)}{folded('Code by code', listed)}"
