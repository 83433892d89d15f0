"""Taguette itself, running on this machine and used through the addresses that its own pages use."""

import json
import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, ProxyHandler, Request, build_opener

import pytest

from analysis.support import paths

# Several people can only use a server, whose settings are a Python program.
SETTINGS = """\
import signal
from taguette.web.base import Application

signal.alarm(300)  # it ends by itself, should nobody be left to stop it
Application.check_messages = lambda self: None  # it would ask another host for news
NAME, EMAIL, DOMAIN, SECRET_KEY = "Test", "test@localhost", "localhost", "of this test only"
BIND_ADDRESS, PORT, DATABASE = "127.0.0.1", {port}, "sqlite:///taguette.sqlite3"
TOS_FILE, MAIL_SERVER, X_HEADERS, COOKIES_PROMPT = None, {{}}, False, False
"""
DATABASE = "taguette.sqlite3"
PASSWORD = "of this test only"  # noqa: S105
_BOUNDARY = "a-line-that-is-in-no-document"


def program() -> str:
    """Return the path of Taguette; tests that need it are skipped where it is not installed."""
    found = shutil.which("taguette", path=os.pathsep.join([str(paths.BUILD / "taguette" / "bin"), os.environ["PATH"]]))
    if found is None:
        pytest.skip("Taguette is neither in build/taguette, where .ci/run puts it, nor on the PATH")
    return found


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """Run Taguette with its files in a folder; give its address."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    (folder / "settings.py").write_text(SETTINGS.format(port=port), encoding="utf-8")
    command = [program(), "server", "settings.py"]
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "LC_ALL": "C", "TORNADO_SHUTDOWN_TIME": "0"}
    with (
        (folder / "log.txt").open("w", encoding="utf-8") as log,
        subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            start_new_session=True,  # without a terminal, on which it would ask for a password
        ) as process,
    ):
        try:
            if not any(f":{port}/" in line for line in process.stdout or ()):
                pytest.fail(f"Taguette did not start: {(folder / 'log.txt').read_text(encoding='utf-8')[-1000:]}")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()


@dataclass(frozen=True)
class Person:
    """Somebody who is logged in at Taguette."""

    address: str
    cookies: CookieJar
    opener: OpenerDirector

    def get(self, path: str) -> bytes:
        """Return what is at a path."""
        with self.opener.open(self.address + path) as answer:
            content: bytes = answer.read()
        return content

    def send(self, path: str, body: bytes, kind: str, method: str = "POST") -> bytes:
        """Send something with the token that Taguette asks of its own pages."""
        token = next(str(cookie.value) for cookie in self.cookies if cookie.name == "_xsrf")
        headers = {"Content-Type": kind, "X-XSRFToken": token}
        with self.opener.open(Request(self.address + path, body, headers, method=method)) as answer:  # noqa: S310
            content: bytes = answer.read()
        return content

    def do(self, path: str, told: object, method: str = "POST") -> Any:
        """Do what the script of Taguette's page does; return the answer, or None for an empty one."""
        return json.loads(self.send(path, json.dumps(told).encode(), "application/json", method) or b"null")

    def fill_in(self, path: str, **fields: str) -> bytes:
        """Send a form; return the page that follows."""
        return self.send(path, urlencode(fields).encode(), "application/x-www-form-urlencoded")

    def upload(self, path: str, file: str, content: bytes, **fields: str) -> bytes:
        """Send a form with a file; return the answer."""
        parts = [f'name="{name}"\r\n\r\n{value}'.encode() for name, value in fields.items()]
        parts.append(f'name="file"; filename="{file}"\r\n\r\n'.encode() + content)
        head = f"--{_BOUNDARY}\r\nContent-Disposition: form-data; ".encode()
        body = b"".join(head + part + b"\r\n" for part in parts) + f"--{_BOUNDARY}--\r\n".encode()
        return self.send(path, body, f"multipart/form-data; boundary={_BOUNDARY}")

    def shown(self) -> list[dict[str, str]]:
        """Return the cookies as a browser takes them."""
        return [{"name": c.name, "value": str(c.value), "domain": c.domain, "path": c.path} for c in self.cookies]


def registered(address: str, login: str) -> Person:
    """Return somebody who registered a moment ago."""
    cookies = CookieJar()
    person = Person(address, cookies, build_opener(HTTPCookieProcessor(cookies), ProxyHandler({})))
    person.get("/register")
    person.fill_in("/register", login=login, password1=PASSWORD, password2=PASSWORD)
    return person
