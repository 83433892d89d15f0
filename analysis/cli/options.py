"""Options and arguments that several commands share."""

from pathlib import Path
from typing import Annotated, Any

import typer

from analysis.support import paths
from analysis.support.errors import CompendiumError, Fault


class CheckoutError(CompendiumError):
    """A command that needs a checkout of the repository, and there is none."""


def need_checkout(command: str, remedy: str = "") -> None:
    """Raise CheckoutError unless the command runs in a checkout of the repository."""
    if not paths.IN_CHECKOUT:
        problem = "this command needs a checkout of the repository, and the current folder is in none"
        raise CheckoutError(Fault(command, problem, f"Change to a clone of it{remedy}."))


def from_checkout(context: typer.Context, parameter: Any, value: Path) -> Path:
    """Return the path of an option; without a checkout it has to be given, since its default is in the checkout."""
    source = context.get_parameter_source(parameter.name)
    if source is not None and source.name.startswith("DEFAULT"):
        name = f"--{parameter.name}" if parameter.param_type_name == "option" else parameter.name
        need_checkout(context.info_name or "", f", or give the folder with {name}")
    return value


Data = Annotated[
    Path, typer.Option("--data", help="Folder of the data package.", show_default="data", callback=from_checkout)
]
Copy = Annotated[Path, typer.Argument(help="Your copy of the article: text, HTML or PDF.", show_default=False)]
AsCsv = Annotated[bool, typer.Option("--csv", help="Print a tidy table as CSV.")]
