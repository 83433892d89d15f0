"""Short hand-ins as pasted texts and QR codes: what one side packs the other reads, and codes are those of the library."""

import hashlib
import json
import re
from pathlib import Path

import drawn_classes
import page_scripts
import pytest
from browser import Browser

from analysis.support import paths
from analysis.teaching import lesson_hand_ins

LIBRARY = paths.ROOT / "docs" / "vendor" / "lean-qr" / "lean-qr.js"
SCRIPTS = ["sha256.js", "hand-in-codes.js", "../vendor/lean-qr/lean-qr.js"]


@pytest.mark.parametrize("seed", range(3))
def test_what_a_page_packs_is_read_here_and_the_other_way_round(chromium: Browser, tmp_path: Path, seed: int) -> None:
    given = drawn_classes.hand_in("Zoë 🙂", {"9.7": {"text": "ß – “words” \u2028 " * (seed * 300 + 1)}})
    ask = "async ({ one, text }) => [await compendium.handInCodes.packed(one), await compendium.handInCodes.unpacked(text)]"
    mail = f"> {lesson_hand_ins.packed(given)[:40]}\n> {lesson_hand_ins.packed(given)[40:]}"
    there, back = page_scripts.answer(chromium, tmp_path, SCRIPTS, ask, {"one": given, "text": mail})
    (read,) = lesson_hand_ins.from_text(there, "mail.txt").hand_ins
    assert read.answers["9.7"].value == given["answers"]["9.7"]["value"]
    assert json.loads(back[0]) == given


def test_a_text_that_was_cut_or_changed_or_unpacks_to_far_too_much_is_noticed(
    chromium: Browser, tmp_path: Path
) -> None:
    whole = lesson_hand_ins.packed(drawn_classes.hand_in("kim", {}))
    large = lesson_hand_ins.packed({"x": "0" * (lesson_hand_ins.LARGEST + 100)})
    texts = [whole[:-1], f"{whole[:30]}A{whole[31:]}x", "PIC1.", large]
    ask = "async texts => Promise.all(texts.map(text => compendium.handInCodes.unpacked(text)))"
    assert page_scripts.answer(chromium, tmp_path, SCRIPTS, ask, texts) == [[None]] * 4


def test_the_library_is_the_published_file() -> None:
    *_, published = LIBRARY.read_bytes().removesuffix(b"}\n").split(b"\n", 3)
    digest = "1aaa80f2ea87616a47e9ad358bb11b37ae55358ecf0c8086d2ad2a912cb183ad"
    assert hashlib.sha256(published).hexdigest() == digest


def test_a_code_is_the_one_that_another_library_has_read(chromium: Browser, tmp_path: Path) -> None:
    text = f"PIC1.{'abcXYZ019-_' * 30}.0123abcd"
    ask = """text => {
      const svg = compendium.handInCodes.qrCode(text, 'Your hand-in');
      return [svg.getAttribute('viewBox'), svg.querySelector('path').getAttribute('d'), svg.getAttribute('aria-label'),
        compendium.handInCodes.qrCode('x'.repeat(compendium.handInCodes.LONGEST_QR + 1), '')];
    }"""
    box, drawn, label, too_long = page_scripts.answer(chromium, tmp_path, SCRIPTS, ask, text)
    size, edge = int(box.split()[2]), 4
    dark = {
        (int(x) + at, int(y))
        for x, y, length in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", drawn)
        for at in range(int(length))
    }
    inside = range(edge, size - edge)
    bits = "".join(str(int((x, y) in dark)) for y in inside for x in inside)
    # The reader of the package qr 0.7.0 gave the text again from this pattern.
    assert (
        hashlib.sha256(bits.encode()).hexdigest() == "6e06ba9ee261d6ba3e02475e7209392863c4286fdcde4283998f9a9b4ecc6739"
    )
    assert all(x in inside and y in inside for x, y in dark), "the quiet zone is light"
    assert (label, too_long) == ("Your hand-in", None)
