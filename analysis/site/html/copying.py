"""A button that puts a text on the reader's clipboard; `docs/scripts/theme.js` shows and obeys it."""

from analysis.display.html_elements import text


def copy_button(label: str, copied: str) -> str:
    """Return a button that copies a text. It stays hidden where there are no scripts.

    >>> copy_button("Copy the key", "F14")
    '<button type="button" class="copy" data-copy="F14" hidden>Copy the key</button>'
    """
    # A line break in an attribute would end a block of Markdown where the next line is empty.
    content = text(copied).replace("\n", "&#10;")
    return f'<button type="button" class="copy" data-copy="{content}" hidden>{text(label)}</button>'
