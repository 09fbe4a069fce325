"""The streams of a VBA project besides its modules: dir, PROJECT, PROJECTwm and _VBA_PROJECT.

Source: [MS-OVBA] 2.3.4.2 (dir Stream), 2.3.1 (PROJECT Stream), 2.3.3 (PROJECTwm Stream), 2.3.4.1 (_VBA_PROJECT
Stream) and 2.4.3 (Data Encryption). Only source is written, no compiled code: _VBA_PROJECT says with version FFFF
that there is none, and Excel compiles at first use. xlwings' own released books and LibreOffice's exports are of the
same shape.
"""

import struct
from collections.abc import Sequence

from tieout.sheets.build.vba_modules import CODE_PAGE, Module, ModuleKind

NO_COMPILED_CODE = bytes.fromhex("CC61FFFF000000")
ENGLISH = 0x0409
WIN64 = 3  # 2.3.4.2.1.1 PROJECTSYSKIND; Excel for Windows and macOS read it alike
# 2.3.4.2.2.5 REFERENCEREGISTERED. VBA's and Excel's own libraries are not listed: every project has them.
REFERENCES = (
    (
        "stdole",
        r"*\G{00020430-0000-0000-C000-000000000046}#2.0#0#C:\Windows\System32\stdole2.tlb#OLE Automation",
    ),
    (
        "Office",
        (
            r"*\G{2DF8D04C-5BFA-101B-BDE5-00AA0044DE52}#2.0#0#C:\Program Files\Common Files\Microsoft Shared"
            r"\OFFICE16\MSO.DLL#Microsoft Office 16.0 Object Library"
        ),
    ),
)


def _record(record_id: int, data: bytes) -> bytes:
    return struct.pack("<HI", record_id, len(data)) + data


def _text_record(record_id: int, unicode_id: int, text: str) -> bytes:
    return _record(record_id, text.encode(CODE_PAGE)) + _record(unicode_id, text.encode("utf-16-le"))


def dir_stream(project: str, modules: Sequence[Module]) -> bytes:
    """The dir stream, not compressed yet: information, references, modules (2.3.4.2)."""
    information = (
        _record(0x0001, struct.pack("<I", WIN64))
        + _record(0x0002, struct.pack("<I", ENGLISH))
        + _record(0x0014, struct.pack("<I", ENGLISH))
        + _record(0x0003, struct.pack("<H", 1252))
        + _record(0x0004, project.encode(CODE_PAGE))
        + _text_record(0x0005, 0x0040, "")
        + _text_record(0x0006, 0x003D, "")
        + _record(0x0007, struct.pack("<I", 0))
        + _record(0x0008, struct.pack("<I", 0))
        + struct.pack("<HIIH", 0x0009, 4, 1, 0)  # 2.3.4.2.1.10 PROJECTVERSION: its size field is reserved
        + _text_record(0x000C, 0x003C, "")
    )
    references = b"".join(_reference(name, library) for name, library in REFERENCES)
    heads = _record(0x000F, struct.pack("<H", len(modules))) + _record(0x0013, b"\xff\xff")
    return information + references + heads + b"".join(map(_module, modules)) + _record(0x0010, b"")


def _reference(name: str, library: str) -> bytes:
    text = library.encode(CODE_PAGE)
    return _text_record(0x0016, 0x003E, name) + _record(0x000D, struct.pack("<I", len(text)) + text + b"\0" * 6)


def _module(module: Module) -> bytes:
    """A MODULE record (2.3.4.2.3.2); its source begins at offset 0 of its stream: nothing compiled is before it."""
    kind = 0x0021 if module.kind is ModuleKind.STANDARD else 0x0022
    return (
        _text_record(0x0019, 0x0047, module.name)
        + _text_record(0x001A, 0x0032, module.name)
        + _text_record(0x001C, 0x0048, "")
        + _record(0x0031, struct.pack("<I", 0))
        + _record(0x001E, struct.pack("<I", 0))
        + _record(0x002C, b"\xff\xff")
        + _record(kind, b"")
        + _record(0x002B, b"")
    )


def project_stream(project: str, project_id: str, modules: Sequence[Module]) -> bytes:
    """The PROJECT stream (2.3.1): modules, and that the project is neither locked, nor protected, nor hidden."""
    lines = [
        f'ID="{project_id}"',
        *(_project_module(module) for module in modules),
        f'Name="{project}"',
        'HelpContextID="0"',
        'VersionCompatible32="393222000"',
        f'CMG="{encrypted(project_id, bytes(4), 0x10)}"',  # 2.3.1.15 ProjectProtectionState: none
        f'DPB="{encrypted(project_id, bytes(1), 0x20)}"',  # 2.3.1.16 ProjectPassword: none
        f'GC="{encrypted(project_id, bytes([0xFF]), 0x40)}"',  # 2.3.1.17 ProjectVisibilityState: visible
        "",
        "[Host Extender Info]",
        "&H00000001={3832D640-CF90-11CF-8E43-00A0C911005A};VBE;&H00000000",
        "",
        "[Workspace]",
        *(f"{module.name}=0, 0, 0, 0, C" for module in modules),
    ]
    return ("\r\n".join(lines) + "\r\n").encode(CODE_PAGE)


def _project_module(module: Module) -> str:
    version = "/&H00000000" if module.kind is ModuleKind.DOCUMENT else ""
    return f"{module.kind}={module.name}{version}"


def projectwm_stream(modules: Sequence[Module]) -> bytes:
    """The PROJECTwm stream (2.3.3): the modules' names in the code page and in Unicode."""
    names = (module.name.encode(CODE_PAGE) + b"\0" + module.name.encode("utf-16-le") + b"\0\0" for module in modules)
    return b"".join(names) + b"\0\0"


def encrypted(project_id: str, data: bytes, seed: int) -> str:
    """`data` in hexadecimal digits by Data Encryption (2.4.3.2), with a given seed instead of a random one."""
    version, key = 2, sum(project_id.encode(CODE_PAGE)) & 0xFF
    out = [seed, seed ^ version, seed ^ key]
    previous, last, last_but_one = key, out[2], out[1]
    ignored = bytes((seed & 6) // 2)
    for byte in ignored + struct.pack("<I", len(data)) + data:
        encoded = byte ^ ((last_but_one + previous) & 0xFF)
        out.append(encoded)
        last_but_one, last, previous = last, encoded, byte
    return bytes(out).hex().upper()
