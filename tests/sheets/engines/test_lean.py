"""What the engines may import: the first feedback of a press comes before any heavy library."""

import ast
import subprocess
import sys
from pathlib import Path

from tests.sheets.engines.packages import package, worksheet

ROOM = Path(__file__).resolve().parents[3] / "addin" / "tieout" / "sheets" / "engines"
SCRIPT = """
import sys
from pathlib import Path
import tieout.sheets.engines
from tieout.sheets.engines.addresses import Area
from tieout.sheets.engines.file.host_book import FileBook
book = FileBook.open(Path(sys.argv[1]), read_only=False)
sheet = book.active
sheet.write(Area(2, 1, 1, 2), [["'=text", 1.5]])
assert sheet.values(Area(1, 1, 2, 2)) == [[1, None], ["=text", 1.5]]
book.save(None)
heavy = {"xlwings", "openpyxl", "pandas", "numpy", "polars", "uno"}
print(*sorted({name.split(".")[0] for name in sys.modules} & heavy))
"""


def test_a_press_on_a_closed_book_loads_no_heavy_library(tmp_path: Path) -> None:
    path = package(tmp_path / "a.xlsx", worksheet('<row r="1"><c r="A1"><v>1</v></c></row>'))
    done = subprocess.run([sys.executable, "-c", SCRIPT, str(path)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_only_the_open_source_part_of_xlwings_and_only_where_it_is_needed() -> None:
    found = set()
    for path in ROOM.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            found |= {(path.relative_to(ROOM).as_posix(), name) for name in names if name.split(".")[0] == "xlwings"}
    assert {place for place, _ in found} == {"__init__.py", "surface/range.py"}
    assert not [name for _, name in found if "pro" in name.split(".")]
