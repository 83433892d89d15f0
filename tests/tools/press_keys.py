"""Press the keys that students press in JupyterLab, for a hint and a solution of every teaching notebook.

Not part of the test suite, because JupyterLab takes a minute for each notebook on a slow machine. To repeat it by hand, in an environment with the
groups `notebooks`, `lab` and `tests`, from the root of the repository: `python tests/tools/press_keys.py [SCREENSHOTS]`.
It works on a copy in a temporary folder and ends with exit code 1 where something was not shown.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parents[1] / "helpers")]

from browser import FLAGS, program  # noqa: E402

from analysis.support import paths  # noqa: E402
from analysis.teaching import working_copy  # noqa: E402

WAIT = 240_000


@contextmanager
def jupyterlab(folder: Path, home: Path) -> Iterator[str]:
    """Serve a folder in JupyterLab, with settings of its own, and give the address."""
    quiet = home / "settings" / "@jupyterlab" / "apputils-extension"
    quiet.mkdir(parents=True)
    settings = {"fetchNews": "false", "checkForUpdates": False}
    (quiet / "notification.jupyterlab-settings").write_text(json.dumps(settings), encoding="utf-8")
    places = {
        "JUPYTER_CONFIG_DIR": home / "config",
        "JUPYTER_DATA_DIR": home / "data",
        "JUPYTER_RUNTIME_DIR": home / "runtime",
        "JUPYTERLAB_SETTINGS_DIR": home / "settings",
        "JUPYTERLAB_WORKSPACES_DIR": home / "workspaces",
        "PYTHONPATH": paths.ROOT,
    }
    options = ("--no-browser", "--allow-root", "--IdentityProvider.token=", "--LabApp.extension_manager=readonly")
    command = [sys.executable, "-m", "jupyterlab", *options, str(folder)]
    env = os.environ | {name: str(place) for name, place in places.items()}
    with subprocess.Popen(command, env=env, stderr=subprocess.PIPE, text=True) as server:
        try:
            said = server.stderr or ()
            port = next(found[1] for line in said if (found := re.search(r"http://localhost:(\d+)/", line)))
            yield f"http://127.0.0.1:{port}/"  # the browser of the tests looks no name up
        finally:
            server.terminate()
            server.communicate()


def ran(page: Any, line: str, keys: str = "Shift+Enter") -> str:
    """Click into the cell of a line, press keys that run it, and return what is shown below it once it has run."""
    cell = page.locator(".jp-CodeCell").filter(has=page.locator(".cm-line", has_text=line)).first
    cell.scroll_into_view_if_needed()
    cell.locator(".cm-content").click()
    prompt = cell.locator(".jp-InputArea-prompt")
    before = prompt.inner_text()
    page.keyboard.press(keys)
    other = "([one, before]) => /\\d/.test(one.innerText) && one.innerText !== before"
    page.wait_for_function(other, arg=[prompt.element_handle(), before], timeout=WAIT)
    return str(cell.locator(".jp-OutputArea").inner_text())


def pressed_in(page: Any, notebook: Path, pictures: Path | None) -> Iterator[str]:
    """Yield what was not shown as it should be in a notebook, a line each.

    The first exercise is left untouched: in passing, its cells say what they have; then each gives it with one key.
    """
    page.locator(".jp-NotebookPanel .jp-CodeCell").first.wait_for(timeout=WAIT)
    page.get_by_text("| Idle").wait_for(timeout=WAIT)
    source = "\n".join("".join(cell["source"]) for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"])
    number = re.findall(r'lesson\.hint\("([\d.]+)"\)', source)[0]
    for _ in range(2):  # the title, the setup
        page.keyboard.press("Shift+Enter")
    steps = [
        (f'lesson.check("{number}"', "Shift+Enter", "not tried"),
        (f'lesson.hint("{number}")', "Shift+Enter", r"has \w+ hints"),
        (f'lesson.solution("{number}")', "Shift+Enter", "has a solution"),
        (f'lesson.hint("{number}")', "Shift+Enter", "hint 1 of"),
        (f'lesson.hint("{number}")', "Control+Enter", "hint 2 of"),
        (f'lesson.solution("{number}")', "Control+Enter", "has a solution"),
        (f'lesson.solution("{number}")', "Control+Enter", r"(, solution|, the record)"),
    ]
    for line, keys, expected in steps:
        shown = ran(page, line, keys)
        if not re.search(expected, shown):
            yield f"{notebook.name}: {line}: {keys}: expected {expected!r}, and there is {shown[:200]!r}"
        else:
            print(f"{notebook.name}: {line}: {keys}: {shown.splitlines()[1]}")
    if pictures:
        page.screenshot(path=pictures / f"{notebook.stem}.png")


def main(pictures: Path | None) -> int:
    """Press the keys in every notebook; return the exit code."""
    from playwright.sync_api import sync_playwright

    problems: list[str] = []
    with tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
        folder = Path(home) / "notebooks"
        working_copy.bring(into=folder)
        with jupyterlab(folder, Path(home)) as address:
            browser = playwright.chromium.launch(executable_path=program(), args=FLAGS)
            for notebook in sorted(folder.glob("*.ipynb")):
                page = browser.new_page(viewport={"width": 1280, "height": 900})
                page.goto(f"{address}doc/tree/{notebook.name}")
                problems += pressed_in(page, notebook, pictures)
                page.close()
            browser.close()
        shutil.rmtree(folder)
    print("\n".join(problems) or "Every hint and every solution that was asked for was shown.")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else None))
