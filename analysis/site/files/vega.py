"""The scripts that draw interactive charts: Vega, Vega-Lite and Vega-Embed, as one file of the site."""

import hashlib
from importlib.metadata import version

from analysis.support import atomic_writes, paths

PLACE = "scripts/vega-embed.js"
# The one name that other scripts need. What the package offers by default also exports two names that are empty.
_SNIPPET = "window.vegaEmbed = vegaEmbed;"


def runtime() -> bytes:
    """Return the script, which gives pages the function `vegaEmbed`.

    Bundling takes seconds, so the result is kept in `build/` under the version of the package that made it.
    """
    import vl_convert

    made_by = f"{version('vl-convert-python')} {_SNIPPET}"
    kept = paths.BUILD / "vega" / f"vega-embed-{hashlib.sha256(made_by.encode()).hexdigest()[:16]}.js"
    if not kept.is_file():
        atomic_writes.write_text(kept, vl_convert.javascript_bundle(_SNIPPET))
    return kept.read_bytes()
