"""Runs the workbook's VBA in LibreOffice and prints what it gave, as JSON.

For the Python that LibreOffice is bound to. Arguments: the workbook, LibreOffice's program, a folder for its profile.
"""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import uno
from com.sun.star.beans import PropertyValue

SECONDS_TO_START = 60
MACROS_WITHOUT_ASKING = 4


def main(book: str, program: str, profile: str) -> None:
    pipe = f"tieout{os.getpid()}"
    office = subprocess.Popen(
        [
            program,
            f"-env:UserInstallation={Path(profile).as_uri()}",
            "--headless",
            "--norestore",
            "--nodefault",
            f"--accept=pipe,name={pipe};urp;",
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # LibreOffice starts a program of its own: both end together
    )
    try:
        context = connected(pipe)
        desktop = context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
        options = (property_value("Hidden", True), property_value("MacroExecutionMode", MACROS_WITHOUT_ASKING))
        document = desktop.loadComponentFromURL(Path(book).as_uri(), "_blank", 0, options)
        control = context.ServiceManager.createInstance("com.sun.star.form.component.CommandButton")
        print(json.dumps(answers(document, control)))
        document.close(True)
        desktop.terminate()
        office.wait(30)
    finally:
        if office.poll() is None:
            os.killpg(office.pid, signal.SIGKILL)


def property_value(name, value):
    made = PropertyValue()
    made.Name, made.Value = name, value
    return made


def connected(pipe):
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    for _ in range(SECONDS_TO_START * 10):
        try:
            return resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except Exception:
            time.sleep(0.1)
    raise SystemExit("LibreOffice did not start")


def answers(document, control):
    scripts = document.getScriptProvider()

    def call(name, *arguments):
        address = f"vnd.sun.star.script:VBAProject.{name}?language=Basic&location=document"
        return scripts.getScript(address).invoke(arguments, (), ())[0]

    def cell(name):
        return document.NamedRanges.getByName(name).getReferredCells().getCellByPosition(0, 0)

    tags = {
        "post-orders": "post-orders|quickbooks|Home,Orders,Errors,Archive",
        "download-orders": "download-orders|amazon|",
        "import-settlements": "import-settlements||",
        "guide": "guide||",
    }
    works = {}
    for state, press, sheet in (
        ("Not connected", "post-orders", "Orders"),
        ("Not connected", "guide", "Orders"),
        ("Not connected", "import-settlements", "Home"),
        ("Connected", "post-orders", "Orders"),
        ("Connected", "post-orders", "Settlement Lines"),
        ("Connected", "download-orders", "Orders"),
        ("Practice", "post-orders", "Archive"),
        ("Sign in again", "post-orders", "Archive"),
    ):
        cell("QuickBooksState").String = state
        works[f"{state}: {press} on {sheet}"] = call("TieoutRibbon.TieoutWorks", tags[press], sheet)
    control.Tag = tags["download-orders"]  # a stand-in for the ribbon's control: VBA asks it for its tag only
    call("TieoutRibbon.TieoutButtonPressed", control)
    return {
        "works": works,
        "command": cell("LastButton").String,
        "sentence": cell("LastSentence").String,
        "status": cell("TieoutStatus").String,
    }


if __name__ == "__main__":
    main(*sys.argv[1:])
