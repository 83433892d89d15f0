"""What readers see of any study: tables with captions, charts, and pieces of HTML.

What is shown of this re-analysis alone belongs to `reanalysis`; whole pages belong to `site` and `study_report`.
May import: `statistics`, `counting`, `study`, `support`.
"""

from analysis.display.captioned_tables import CaptionedTable, as_markdown, as_text
from analysis.display.figures import Figure

__all__ = ["CaptionedTable", "Figure", "as_markdown", "as_text"]
