"""The commands for lessons: a lesson file is checked and built, and the study that it names is shown."""

from pathlib import Path
from typing import Annotated

import typer

from analysis.support import paths
from analysis.support.terminal import say

LessonFile = Annotated[Path, typer.Argument(help="A lesson file (.toml).", show_default=False)]


def check(file: LessonFile) -> None:
    """Check a lesson file.

    Everything that is wrong is reported with its line and what to do: keys, texts, passages, codes, minutes.
    """
    from analysis.support import formatting
    from analysis.teaching import lesson_building

    lesson = lesson_building.built(file)
    exercises = lesson.exercises()
    said = "a study that is invented" if lesson.study.invented else lesson.study.title
    say(f"{lesson.title} (lesson {lesson.number}, {lesson.language}), on {said}")
    for number, exercise in exercises.items():
        say(f"  {number} {exercise.title}: {exercise.kind}, {formatting.counted(exercise.minutes, 'minute')}")
    for plan in lesson.plans:
        done = {number for step in plan.steps for number in (*step.exercises, *step.aloud)}
        left = [number for number in exercises if number not in done]
        rest = f"without {formatting.listed(left)}" if left else "with every exercise"
        say(f"  In {plan.minutes} minutes: {rest}")
    say(f"{file.name} is valid: {formatting.counted(len(exercises), 'exercise')}.")


def study(file: LessonFile) -> None:
    """Show what a lesson can use of its study.

    Listed are the facets with their levels, codes and definitions, the coders, and the passages with their keys and
    words. The lesson file may be incomplete: its study is all that is looked at.
    """
    from analysis.teaching import lesson_files, lesson_settings

    lesson = lesson_files.read(file)
    evidence, wording = lesson_settings.study_of(lesson.file, lesson.data)
    setting = lesson_settings.Setting(evidence, wording=wording)
    say(f"{evidence.study.title}{' (invented)' if evidence.study.simulated else ''}")
    for facet in setting.facets():
        for level in setting.levels(facet):
            say(f"  facet {facet}, level {level}:")
            meant = evidence.codes[evidence.codes["facet"] == facet].set_index("code_id")["definition"]
            for code in setting.codes(facet, level):
                say(f"    {code}: {meant[code] or '(no definition)'}")
    say(f"  coders: {', '.join(evidence.coders['coder_id'])}")
    for extract in setting.passages():
        say(f"  {extract}: {setting.shown_to_code(extract).text or '(no words that may be shown)'}")
    if not any(setting.shown_to_code(extract).text for extract in setting.passages()):
        say('The passages have no gists. With show = "wording" in the lesson file, students see what was said.')


def build(
    lesson: Annotated[
        str, typer.Argument(help="A lesson file (.toml), or the name of a lesson that comes along.", show_default=False)
    ],
    to: Annotated[Path, typer.Option(help="A new folder, or one that was built before.", show_default=False)],
    licence: Annotated[
        str, typer.Option(help="The licence of your texts, for the small print.", show_default="none stated")
    ] = "",
) -> None:
    """Build a lesson: a folder for students, and one for instructors.

    The first has the page of the lesson and what to print, with no solution and no record of codes. The second has the
    guide, the slides and the key besides.
    """
    from analysis.teaching import lesson_release

    paper = lesson_release.named(lesson, licence)
    lesson_release.write(paper, to, tell=lambda what: say(f"{what} …"))
    for folder in (lesson_release.STUDENTS, lesson_release.INSTRUCTORS):
        say(f"For {folder}: {paths.shown(to / folder)}")
