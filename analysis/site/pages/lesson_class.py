"""The page *A class* of the site: the lessons that hand-ins are read against, and where their keys load from."""

from analysis.site.pages import lesson_page
from analysis.study.evidence import Evidence
from analysis.teaching import class_documents, lesson_building, lesson_files
from analysis.teaching.lesson_pages import student_data


def lesson_class(evidence: Evidence) -> str:
    """Return the place of the page, with the students' data of all lessons."""
    lessons = [(name, lesson_building.bundled(name, evidence)) for name in lesson_files.bundled()]
    return class_documents.place(
        {"data": student_data.data(built), "keyScript": f"lessons/{lesson_page.key_script(name)}"}
        for name, built in lessons
    )
