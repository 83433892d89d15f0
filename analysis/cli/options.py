"""Options and arguments that several commands share."""

from pathlib import Path
from typing import Annotated, Any

import typer

from analysis.support import paths
from analysis.support.errors import CompendiumError, Fault


class CheckoutError(CompendiumError):
    """A command that needs a checkout of the repository, and there is none."""


def need_checkout(command: str, instead: str = "") -> None:
    """Raise CheckoutError unless there is a checkout; `instead` says what the user can do without one."""
    if not paths.IN_CHECKOUT:
        problem = "this needs the files of the repository, and the current folder is not in a clone of it"
        raise CheckoutError(Fault(command, problem, f"Change to a clone{instead}."))


def from_checkout(context: typer.Context, parameter: Any, value: Path) -> Path:
    """Return the path that was given to a command; its default is in the checkout, and needs one."""
    source = context.get_parameter_source(parameter.name)
    if source is not None and source.name.startswith("DEFAULT"):
        given = f"give --{parameter.name}" if parameter.param_type_name == "option" else f"name a {parameter.name}"
        command = context.command_path.removeprefix(context.find_root().command_path).strip()
        need_checkout(command, f", or {given}")
    return value


Data = Annotated[
    Path, typer.Option("--data", help="Folder of the data package.", show_default="data", callback=from_checkout)
]
Copy = Annotated[Path, typer.Argument(help="Your copy of the article: text, HTML or PDF.", show_default=False)]
AsCsv = Annotated[bool, typer.Option("--csv", help="Print a tidy table as CSV.")]
