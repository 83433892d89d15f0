"""Lessons as pages: what students get as HTML and data, the key that is kept from them, and the engine's words.

What a lesson says is in `analysis.teaching.built_lessons`; the scripts of the pages are in `docs/scripts/lesson`. The
modules here import teaching's exercises and display, and nothing of the site.
"""
