"""Running the code cells of a notebook in a kernel of its own."""

import asyncio
import atexit
import contextlib
import os
import re
import signal
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.support import paths

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from analysis.rendering.forked_kernels import Forking

CELL_SECONDS = 300


class CellFailure(Exception):  # noqa: N818 - reported to the user as a fault of the file that holds the cell
    """A cell that raised, took too long, or ended its kernel: its place in the notebook and its message.

    `line` is the line of the cell in which an exception arose, counted from 1, if that is known.
    """

    def __init__(self, cell: int, message: str, line: int | None) -> None:
        super().__init__(message)
        self.cell, self.message, self.line = cell, message, line


async def run(notebook: "NotebookNode", folder: Path, forking: "Forking | None" = None) -> None:
    """Run all cells of a notebook, in `folder`; outputs go into the notebook. Raises CellFailure.

    The kernel is forked, if what forks it is given (see `forked_kernels`).
    """
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    reached = [0]
    try:
        with tempfile.TemporaryDirectory() as private:
            await _run(notebook, folder, Path(private), reached, forking)
    except (CellExecutionError, CellTimeoutError, DeadKernelError, RuntimeError) as fault:
        if _is_stopped():  # which nbclient takes for the death of the kernel
            raise asyncio.CancelledError from None
        whole = re.sub(r"\x1b\[[0-9;]*m", "", str(fault)).strip()
        line = re.search(r"Cell In\[\d+\], line (\d+)", whole)
        raise CellFailure(reached[0], whole.splitlines()[-1], int(line[1]) if line else None) from None


async def _run(
    notebook: "NotebookNode", folder: Path, private: Path, reached: list[int], forking: "Forking | None"
) -> None:
    from jupyter_client.kernelspec import KernelSpecManager
    from jupyter_client.manager import AsyncKernelManager
    from nbclient import NotebookClient

    from analysis.rendering.forked_kernels import ForkedKernel

    on_interrupt = signal.getsignal(signal.SIGINT)

    class Client(NotebookClient):
        """A client that Ctrl-C ends like any program: nbclient's own handler would end one kernel, and go on."""

        async def async_start_new_kernel(self, **kwargs: object) -> None:
            with contextlib.suppress(RuntimeError, ValueError):  # in a thread, or on Windows, there is none
                for number in (signal.SIGINT, signal.SIGTERM):
                    asyncio.get_running_loop().remove_signal_handler(number)
                signal.signal(signal.SIGINT, on_interrupt)
            await super().async_start_new_kernel(**kwargs)

        async def _async_cleanup_kernel(self) -> None:
            # A kernel that is asked to end reports what it can no longer send.
            if _is_stopped() and kernel.provisioner and kernel.provisioner.has_process:
                await kernel.provisioner.kill()
            await super()._async_cleanup_kernel()

    def note(cell_index: int, **_: object) -> None:
        reached[0] = cell_index

    # Without folders to look in, the kernel is the interpreter that runs us: JUPYTER_PATH and a user's settings may
    # offer another program under the same name.
    kernel = AsyncKernelManager(kernel_name="python3", kernel_spec_manager=KernelSpecManager(kernel_dirs=[]))
    if sys.platform != "win32":
        # Sockets in a folder of their own: kernels side by side cannot take each other's ports.
        kernel.transport, kernel.ip = "ipc", f"{private}/kernel"
    if forking:
        kernel.provisioner = ForkedKernel.of(kernel, forking)
    client = Client(
        notebook,
        km=kernel,
        timeout=CELL_SECONDS,
        startup_timeout=CELL_SECONDS,  # a machine with much other work needs longer than the usual minute
        record_timing=False,
        coalesce_streams=True,  # how often a kernel flushes what it prints must not show
        on_cell_start=note,
        resources={"metadata": {"path": str(folder)}},
    )
    env = environment() | {"IPYTHONDIR": str(private / "ipython")}  # no start-up files or history of the user's
    try:
        await client.async_execute(cleanup_kc=True, env=env)  # a kernel that was handed in has to be shut down
    finally:
        if _is_stopped() and client.km:  # the kernel was starting
            await client._async_cleanup_kernel()
        atexit.unregister(client._cleanup_kernel)


def _is_stopped() -> bool:
    """Return whether the run of a notebook is being cancelled, as Ctrl-C does."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


def environment() -> dict[str, str]:
    """Return the environment of kernels, beside a folder that each has to itself."""
    inherited = dict(os.environ)
    if not re.fullmatch("[0-9]{1,10}", inherited.get("SOURCE_DATE_EPOCH", "")):
        inherited.pop("SOURCE_DATE_EPOCH", None)  # a kernel would not start
    return inherited | {
        "PYTHONPATH": str(paths.ROOT),  # cells import `analysis`, wherever they are executed from
        paths.GISTS_ONLY: "1",  # and show no wording that somebody restored privately
        "PYTHONSTARTUP": "",
        # Assertions of cells are checks, warnings would be outputs, and an unknown backend keeps pingouin from loading.
        **dict.fromkeys(("PYTHONOPTIMIZE", "PYTHONWARNINGS", "PYTHONDEVMODE", "MPLBACKEND"), ""),
    }
