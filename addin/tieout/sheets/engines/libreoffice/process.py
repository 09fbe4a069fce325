"""One LibreOffice of our own: started, connected to, watched, and ended with all that it started."""

import atexit
import os
import shutil
import signal
import subprocess
import tempfile
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from tieout.limits import OFFICE_QUIT_SECONDS_MAX, OFFICE_START_SECONDS_MAX
from tieout.sheets.engines.errors import LibreOfficeMissing
from tieout.sheets.engines.libreoffice.bridge import program, uno, url

_WAIT_SECONDS = 0.05
# LibreOffice shows the results that a file of Excel was stored with, unless it is told to calculate (0: always).
_ALWAYS_CALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""
_LIVING: set["OfficeProcess"] = set()


class OfficeStopped(Exception):
    """LibreOffice ended, or was ended because it did not answer in time."""


class OfficeProcess:
    """A headless LibreOffice with a user profile and a pipe of its own."""

    def __init__(self) -> None:
        """Start it.  Raises LibreOfficeMissing where it is not there or does not answer in time."""
        bridge, command = uno(), program()
        self.folder = Path(tempfile.mkdtemp(prefix="tieout-office-"))
        settings = self.folder / "profile" / "user"
        settings.mkdir(parents=True)
        (settings / "registrymodifications.xcu").write_text(_ALWAYS_CALCULATE, encoding="utf-8")
        pipe = f"tieout-{uuid.uuid4().hex}"
        self._process = subprocess.Popen(  # noqa: S603  (the program that was found, with arguments of ours)
            [
                command,
                "--headless",
                "--norestore",
                "--nologo",
                "--nodefault",
                "--nolockcheck",
                f"-env:UserInstallation={url(self.folder / 'profile')}",
                f"--accept=pipe,name={pipe};urp;",
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=os.name != "nt",
        )
        _LIVING.add(self)
        local = bridge.getComponentContext()
        resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
        try:
            context = self._connected(resolver, f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except BaseException:
            self.end()
            raise
        self.desktop: Any = context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)

    def _connected(self, resolver: Any, address: str) -> Any:
        not_yet = uno().getClass("com.sun.star.connection.NoConnectException")
        end = time.monotonic() + OFFICE_START_SECONDS_MAX
        while time.monotonic() < end:
            if self._process.poll() is not None:
                break
            try:
                return resolver.resolve(address)
            except not_yet:
                time.sleep(_WAIT_SECONDS)
        raise LibreOfficeMissing(f"LibreOffice did not start within {OFFICE_START_SECONDS_MAX} s.")

    @property
    def pid(self) -> int:
        """The number of the process that was started."""
        return self._process.pid

    @contextmanager
    def within(self, seconds: float, what: str) -> Iterator[None]:
        """Do something that LibreOffice must finish in time, or it is ended and OfficeStopped is raised."""
        gone = uno().getClass("com.sun.star.lang.DisposedException")
        watch = threading.Timer(seconds, self._kill)
        watch.daemon = True
        watch.start()
        try:
            yield
        except gone as error:
            late = "did not answer in time" if not watch.is_alive() else "ended"
            raise OfficeStopped(f"LibreOffice {late} ({what}).") from error
        finally:
            watch.cancel()

    def end(self) -> None:
        """End it: asked first, then killed with everything that it started.  Its folder goes too."""
        if self not in _LIVING:
            return
        _LIVING.discard(self)
        with suppress(Exception):  # whatever it answers, it is killed if it is still there
            self.desktop.terminate()
        try:
            self._process.wait(OFFICE_QUIT_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            self._kill()
            self._process.wait(OFFICE_QUIT_SECONDS_MAX)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _kill(self) -> None:
        with suppress(ProcessLookupError, PermissionError):
            if os.name == "nt":
                self._process.kill()
            else:
                os.killpg(self._process.pid, signal.SIGKILL)


@atexit.register
def _end_all() -> None:
    for process in list(_LIVING):
        process.end()
