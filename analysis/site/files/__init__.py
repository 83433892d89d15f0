"""The files beside the pages: downloads, archives, workbooks, charts as pictures."""
