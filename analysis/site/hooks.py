"""What MkDocs is told beyond its settings: the files that are made from the data."""

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from analysis.site import made
from analysis.site.macros import stopping, study


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Forget the evidence of an earlier build: it may have changed since."""
    study.cache_clear()
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the files that are made from the data to those in the folder of pages."""
    for place, content in stopping(lambda: list(made.files(study())))():
        files.append(File.generated(config, place, content=content))
    return files
