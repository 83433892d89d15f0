"""What reaches a terminal: plain text, with characters that would steer the terminal shown as escapes."""

import re
import sys

#: Control characters, line separators, marks that turn the direction of text, invisible marks, half characters.
_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
)


def visible(text: object) -> str:
    r"""Return text on one line, each character that a terminal would obey or hide as an escape.

    >>> visible("a\x1b[2Jb\nc")
    'a\\x1b[2Jb\\nc'
    """
    return _UNSEEN.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), str(text))


def say(line: object, err: bool = False) -> None:
    """Print one line, to standard error where `err` says so."""
    import typer

    typer.echo(visible(line), err=err)


def say_lines(text: str, err: bool = False) -> None:
    """Print text of several lines; a value in it must be `visible` already, so that it cannot begin a line."""
    for line in text.split("\n"):
        say(line, err)


def pass_on(text: str) -> None:
    """Print a table for programs as it is, and to a terminal with its control characters visible."""
    if sys.stdout is None:
        return
    if sys.stdout.isatty():
        say_lines(text.removesuffix("\n"))
    else:
        sys.stdout.write(text)
