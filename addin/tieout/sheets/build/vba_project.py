"""vbaProject.bin from the source of its modules: the same source gives the same bytes.

Source: [MS-OVBA] 2.2 (Project storages and streams), [MS-CFB] for the container.
"""

import re
import uuid
from collections.abc import Sequence

from tieout.sheets.build.compound_file import compound_file
from tieout.sheets.build.vba_compression import compress
from tieout.sheets.build.vba_modules import CODE_PAGE, Module
from tieout.sheets.build.vba_streams import NO_COMPILED_CODE, dir_stream, project_stream, projectwm_stream

PROJECT_NAME = "VBAProject"
PROCEDURE = re.compile(r"(?im)^(?:Public |Private )?(?:Sub|Function) (\w+)")
# The project's id is part of its bytes; it says nothing, so one for all books will do.
PROJECT_ID = "{" + str(uuid.uuid5(uuid.NAMESPACE_URL, "tieout/vbaProject")).upper() + "}"


def vba_project(modules: Sequence[Module]) -> bytes:
    """The bytes of vbaProject.bin. Raises ValueError for names that VBA could not tell apart.

    A call finds a module before a procedure, so that a procedure named as a module can't be called.
    """
    names = {module.name.casefold() for module in modules}
    if len(names) != len(modules):
        raise ValueError("two VBA modules have one name")
    for module in modules:
        if hidden := names & {name.casefold() for name in PROCEDURE.findall(module.source)}:
            raise ValueError(f"VBA module {module.name} has a procedure named as a module: {', '.join(hidden)}")
    vba: dict[str, bytes] = {module.name: compress(module.source.encode(CODE_PAGE)) for module in modules}
    vba["dir"] = compress(dir_stream(PROJECT_NAME, modules))
    vba["_VBA_PROJECT"] = NO_COMPILED_CODE
    return compound_file(
        {
            "VBA": vba,
            "PROJECT": project_stream(PROJECT_NAME, PROJECT_ID, modules),
            "PROJECTwm": projectwm_stream(modules),
        }
    )
