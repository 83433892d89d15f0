"""A lesson as a page of its own: one file with its style and scripts in it, which asks no other file or host."""

from analysis.display.html_elements import text
from analysis.teaching.built_lessons import BuiltLesson
from analysis.teaching.lesson_pages import lesson_assets, standing_pages
from analysis.teaching.lesson_pages.engine_words import words
from analysis.teaching.lesson_pages.lesson_blocks import Heading, blocks


def page(lesson: BuiltLesson) -> str:
    """Return the page of a lesson for students, with everything it needs; its key is another file (`answer_keys`)."""
    title = f"{words(lesson.language)['lesson'].format(number=lesson.number)}: {lesson.title}"
    body = "\n".join(_block(one) for one in blocks(lesson, to=_elsewhere))
    return standing_pages.page(lesson.language, title, body, [lesson_assets.STYLE], lesson_assets.scripts())


def _block(block: Heading | str) -> str:
    return f'<h2 id="{block.place}">{text(block.title)}</h2>' if isinstance(block, Heading) else block


def _elsewhere(address: str) -> str:
    """Return an address on the web, and nothing for a page of the site, which is not beside this one."""
    return address if ":" in address or address.startswith("#") else ""
