"""Kernels that are forked from one program, which has imported what notebooks use: each would import it for a second.

Run as a program, this module is that one. It reads a line of JSON for each kernel that is wanted, and answers with the
number of its process. This is for Linux; elsewhere Jupyter starts each kernel as a program of its own.
"""

import contextlib
import gc
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import IO, Any, cast

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

#: What the program imports. Nothing of this starts a thread, which a fork would not have.
LOADED = (
    *("ipykernel.ipkernel", "ipykernel.kernelapp"),
    *("altair", "pandas.io.formats.style", "rich.table"),
    "analysis.display.charts",
)
_ONE_THREAD = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
_BEFORE_OPTIONS = "ipykernel_launcher"  # in the command with which Jupyter starts a kernel


class Forking:
    """The program that forks kernels; it is started for the first one."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = {**environment, **_ONE_THREAD}
        self._program: subprocess.Popen[str] | None = None

    def fork(self, options: list[str], folder: str, environment: Mapping[str, str]) -> int | None:
        """Return the number of the process of a new kernel; None where the program cannot give any."""
        try:
            if self._program is None:
                command, pipe = [sys.executable, "-m", __name__], subprocess.PIPE
                self._program = subprocess.Popen(  # noqa: S603
                    command, stdin=pipe, stdout=pipe, env=self._environment, text=True, start_new_session=True
                )
            ask, answers = cast("IO[str]", self._program.stdin), cast("IO[str]", self._program.stdout)
            ask.write(f"{json.dumps([options, folder, dict(environment)])}\n")
            ask.flush()
            return int(answers.readline())
        except (OSError, ValueError):  # it could not be started, or has ended
            return None

    def end(self) -> None:
        """End the program."""
        if self._program:
            self._program.kill()
            with contextlib.suppress(OSError):
                self._program.communicate()


@contextlib.contextmanager
def forking(kernels: int, environment: Mapping[str, str]) -> Iterator[Forking | None]:
    """Give what forks kernels, as long as they are needed; None where it would save nothing, or cannot be.

    `environment` is that of a kernel: variables that Python reads when it starts cannot be set for a fork.
    """
    if kernels < 2 or sys.platform != "linux":
        yield None
        return
    program = Forking(environment)
    try:
        yield program
    finally:
        program.end()


class ForkedKernel(LocalProvisioner):
    """What starts, watches and ends a kernel for Jupyter, which is forked if that can be."""

    forking: Forking

    @classmethod
    def of(cls, manager: AsyncKernelManager, forking: Forking) -> "ForkedKernel":
        """Return this for the kernel of a manager."""
        found = cls(kernel_id=manager.kernel_id, kernel_spec=manager.kernel_spec, parent=manager)
        found.forking = forking
        return found

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Have a kernel forked; start one where there is none."""
        options = cmd[cmd.index(_BEFORE_OPTIONS) + 1 :]
        self.pid = self.forking.fork(options, str(kwargs["cwd"]), kwargs["env"])
        if self.pid is None:
            return await super().launch_kernel(cmd, **kwargs)
        self.pgid, self.cwd = self.pid, kwargs["cwd"]
        self.process = _Process(self.pid)  # type: ignore[assignment]
        return self.connection_info


class _Process:
    """A process that another one has forked, under the names of `subprocess.Popen`, as far as Jupyter uses them."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int) -> None:
        self.pid = pid

    def poll(self) -> int | None:
        """Return None as long as it runs; how it ended, only its parent knows."""
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return 0
        return None

    def wait(self) -> int:
        """Return at once: Jupyter asks `poll` before."""
        return 0

    def send_signal(self, number: int) -> None:
        """Send it a signal."""
        os.kill(self.pid, number)


def main() -> None:
    """Fork the kernels that are asked for, until nobody can ask any more."""
    os.environ["JPY_PARENT_PID"] = str(os.getpid())  # kernels end with it; ipykernel reads it when it is imported
    for name in LOADED:
        import_module(name)
    # Imported outside a notebook, pandas takes its output for a terminal's, and shows as many columns as fit there.
    import_module("pandas").set_option("display.max_columns", 20)
    gc.set_threshold(50_000)  # see analysis.cli.app
    gc.freeze()  # looking for garbage would write to all that is loaded, and kernels would no longer share it
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the system forgets kernels that have ended
    for wanted in sys.stdin:
        if pid := os.fork():
            sys.stdout.write(f"{pid}\n")
            sys.stdout.flush()
        else:
            _be_kernel(*json.loads(wanted))


def _be_kernel(options: list[str], folder: str, environment: dict[str, str]) -> None:
    """Be what `python -m ipykernel_launcher` would be with these options in a folder, until the end of the process."""
    from ipykernel.kernelapp import IPKernelApp

    os.setsid()  # an interrupt at the terminal is not for kernels
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # nor is it a fault while one starts; for cells it is set again
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)  # the pipe is for answers
    os.environ.clear()
    os.environ.update(environment)
    del sys.path[0]  # the folder in which this program was started
    os.chdir(folder)
    sys.argv[:] = [f"{_BEFORE_OPTIONS}.py", *options]
    IPKernelApp.launch_instance()
    sys.exit()


if __name__ == "__main__":
    main()
