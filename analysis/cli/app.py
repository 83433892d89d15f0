"""The command line: every command by its name, and what is said where one cannot do its work.

Exit codes: 0 as asked, 1 a check failed, 2 the input cannot be used, 130 stopped by Ctrl-C.
"""

import atexit
import gc
import io
import sys
from collections.abc import Callable

try:
    import typer
    from typer.exceptions import TyperException
except ModuleNotFoundError:
    sys.exit("analysis: its packages are not installed here. Activate an environment that nox made (.nox/verify).")

from analysis.cli import (
    certificate_command,
    deposit_commands,
    document_commands,
    evidence_commands,
    lesson_commands,
    quotation_commands,
    study_commands,
    teaching_commands,
)
from analysis.support import paths, safe_files
from analysis.support.errors import CompendiumError
from analysis.support.stated_purpose import purpose
from analysis.support.terminal import say, say_lines

# The modules of the subjects load pandas and more; each command imports what it uses, so that help is instant.


def _group(about: str) -> typer.Typer:
    """Return a group of commands; its help is plain text, since loading rich would take twice the time of it."""
    return typer.Typer(
        help=about, no_args_is_help=True, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False
    )


def _add(group: typer.Typer, command: Callable[..., None], name: str | None = None) -> None:
    """Add a command to a group; its name is that of the function, and its help what the function says of itself."""
    group.command(name, help=purpose(command))(command)


app = _group("Check and explore the re-analysis, build its documents, and work with your own coded study.")
study = _group("Import, check, report on, publish or export your own study.")
lesson = _group("Check and build lessons, the compendium's and your own.")
archive = _group("Make, check or release the archive to deposit.")
quotations = _group("Check quotations against a copy of the article.")

for command in (
    evidence_commands.verify,
    evidence_commands.derive,
    evidence_commands.counts,
    evidence_commands.agreement,
    evidence_commands.reread,
    evidence_commands.trace,
    document_commands.notebooks,
    document_commands.article,
    document_commands.site,
    document_commands.reproduce,
    certificate_command.certificate,
    teaching_commands.teach,
):
    _add(app, command)
_add(app, teaching_commands.in_class, "class")
_add(app, study_commands.disclosure)
app.add_typer(study, name="study")
app.add_typer(lesson, name="lesson")
app.add_typer(archive, name="archive")
app.add_typer(quotations, name="quotations")

_add(study, study_commands.import_study, "import")
_add(study, study_commands.check)
_add(study, study_commands.report)
_add(study, study_commands.publish)
_add(study, study_commands.export_study, "export")

_add(lesson, lesson_commands.build)
_add(lesson, lesson_commands.check)
_add(lesson, lesson_commands.study)

_add(archive, deposit_commands.make)
_add(archive, deposit_commands.check)
_add(archive, deposit_commands.release)

_add(quotations, quotation_commands.verify)
_add(quotations, quotation_commands.restore)
_add(quotations, quotation_commands.annotate)
_add(quotations, quotation_commands.seal)


def main() -> None:
    """Run the command line; report a problem with the input in one message, without a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal need not have every character that a name has
            stream.reconfigure(errors="backslashreplace")
    gc.set_threshold(50_000)  # commands make many objects that stay: looking for garbage took a fifth of their time
    atexit.register(gc.freeze)  # and at the end it would take seconds once more
    try:
        sys.exit(app(standalone_mode=False))
    except TyperException as refused:
        _refuse(refused)
        sys.exit(refused.exit_code)
    except typer.Abort:
        sys.exit("analysis: stopped, as you asked.")
    except CompendiumError as error:
        say_lines(f"analysis: {error}", err=True)
    except ModuleNotFoundError as missing:
        installed = paths.COMMAND == paths.PROGRAM
        remedy = (
            "Install the program again, with what it needs."
            if installed and not paths.IN_CHECKOUT
            else "Run the task with nox in a clone of the repository, or activate the environment that it made there "
            "(.nox/verify)."
        )
        say(f"analysis: the package {missing.name!r} is not installed here. {remedy}", err=True)
    except OSError as fault:
        place = fault.filename or "a file, perhaps one in the folder for temporary files (TMPDIR)"
        say(f"analysis: {place}: {fault.strerror or fault}. {safe_files.advice(fault)}", err=True)
    sys.exit(2)


def _refuse(refused: TyperException) -> None:
    """Report an error in the command itself; Typer would print what was typed as it is, for a terminal to obey."""
    context, message = getattr(refused, "ctx", None), refused.format_message()
    if context and message == context.get_help():  # a group of commands was called without one
        say_lines(message)
    elif message:
        remedy = f" Try '{context.command_path} --help'." if context else ""
        say(f"analysis: {message.rstrip('.')}.{remedy}", err=True)
