"""WebDriver BiDi, the W3C protocol that Debian's Firefox speaks by itself: Playwright drives only a Firefox of its own.

One browser with a profile of its own, and one command at a time. The one event that is asked for is a question of the
browser's own, such as whether to leave a page: until it is answered the page answers nothing else.
"""

import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from websockets.sync.client import ClientConnection, connect

LISTENING = re.compile(rb"WebDriver BiDi listening on (ws://\S+)")
LONGEST_ANSWER_BYTES = 64_000_000
LONGEST_WAIT_SECONDS = 60
QUIET = {
    "app.normandy.enabled": False,
    "app.update.disabledForTesting": True,
    "browser.shell.checkDefaultBrowser": False,
    # Reloading the answer to a form asks whether to send it again, in a window that the protocol does not see.
    "dom.confirm_repost.testing.always_accept": True,
    "datareporting.policy.dataSubmissionEnabled": False,
    "extensions.update.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "services.settings.server": "data:,nothing",
    "toolkit.telemetry.reportingpolicy.firstRun": False,
}


class BidiError(Exception):
    """The browser refused a command; the text is its own."""


class Bidi:
    """A session with one browser.

    ``prompts`` says of a tab, by its id, how its questions are answered: called for each, it returns whether to accept.
    The questions of other tabs stay open.
    """

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._numbers = count(1)
        self._answers: dict[int, dict] = {}
        self.prompts: dict[str, Callable[[], bool]] = {}
        self.send("session.new", capabilities={"alwaysMatch": {"unhandledPromptBehavior": {"default": "ignore"}}})
        self.send("session.subscribe", events=["browsingContext.userPromptOpened"])

    def send(self, method: str, **params: object) -> dict:
        """The result of one command. Raises ``BidiError`` when the browser refuses it."""
        number = self._post(method, params)
        while number not in self._answers:
            self._take(json.loads(self._socket.recv(timeout=LONGEST_WAIT_SECONDS)))
        answer = self._answers.pop(number)
        if answer["type"] == "error":
            raise BidiError(f"{method}: {answer['error']}: {answer['message']}")
        return answer["result"]

    def _post(self, method: str, params: dict) -> int:
        number = next(self._numbers)
        self._socket.send(json.dumps({"id": number, "method": method, "params": params}))
        return number

    def _take(self, message: dict) -> None:
        if "id" in message:
            self._answers[message["id"]] = message
            return
        tab = message["params"].get("context")
        if message["method"] == "browsingContext.userPromptOpened" and tab in self.prompts:
            # What comes of it is not waited for: the command in hand may be waiting for this.
            self._post("browsingContext.handleUserPrompt", {"context": tab, "accept": self.prompts[tab]()})


def program() -> str:
    """The path of Firefox. Raises ``FileNotFoundError`` with what to do."""
    found = shutil.which("firefox-esr") or shutil.which("firefox")
    if found is None:
        raise FileNotFoundError("there is no Firefox: run tests/install-programs.sh")
    return found


@contextmanager
def firefox(**preferences: object) -> Iterator[Bidi]:
    """A running Firefox, ended when the block ends. ``preferences`` are names of about:config, dots as they are."""
    with tempfile.TemporaryDirectory(prefix="firefox-", ignore_cleanup_errors=True) as profile:
        lines = [f'user_pref("{name}", {json.dumps(value)});' for name, value in {**QUIET, **preferences}.items()]
        Path(profile, "user.js").write_text("\n".join(lines), encoding="utf-8")
        process = subprocess.Popen(
            [program(), "--headless", "--no-remote", "--profile", profile, "--remote-debugging-port", "0"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env={**os.environ, "HOME": profile},
        )
        try:
            with connect(f"{_address_told_by(process)}/session", max_size=LONGEST_ANSWER_BYTES) as socket:
                yield Bidi(socket)
        finally:
            process.terminate()
            process.communicate(timeout=LONGEST_WAIT_SECONDS)


def _address_told_by(process: subprocess.Popen) -> str:
    said = []
    for line in process.stderr:
        said.append(line)
        told = LISTENING.search(line)
        if told:
            return told[1].decode()
    raise AssertionError(f"Firefox did not start: {b''.join(said).decode(errors='replace')}")
