"""Works leave the workbench as projects of REFI-QDA and come back as they were."""

from pathlib import Path

from browser import Browser
from coded_works import Work, exported, read_back, two_coders


def test_works_come_back_from_a_project_as_they_were(chromium: Browser, tmp_path: Path) -> None:
    works = two_coders()
    project = exported(chromium, tmp_path, "wb.refi.project(works)", works)
    Path("/tmp/two.qdpx").write_bytes(project)
    found = read_back(chromium, tmp_path, "wb.refi.readProject(bytes)", project)
    assert found["notes"] == []
    assert found["works"] == works
