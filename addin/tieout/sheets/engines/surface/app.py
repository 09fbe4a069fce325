"""Engine, apps and books: where `xw.Book(…)` begins."""

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

from tieout.sheets.engines.errors import NotInThisEngine
from tieout.sheets.engines.hosts import HostBook
from tieout.sheets.engines.surface.book import Book
from tieout.sheets.engines.surface.objects import Surface
from tieout.sheets.engines.surface.range import Range
from tieout.sheets.engines.values import clean, prepare

_EXCEL_VERSION = "16.0"  # what scripts that ask for Excel's version may rely on: the file format of 2016 and later


class Opener(Protocol):
    """How an engine gets at books; one for each app."""

    @property
    def pid(self) -> int | None:
        """The process that holds the books, or None where that is this one."""

    def new(self) -> HostBook:
        """A new empty book."""

    def open(self, path: Path, read_only: bool) -> HostBook:
        """Open a book."""

    def quit(self) -> None:
        """End what was started for the books."""


class Engine(Surface):
    """An engine as xlwings registers it."""

    __slots__ = ("_name", "_opener", "apps")
    type = "desktop"
    prepare_xl_data_element = staticmethod(prepare)
    clean_value_data = staticmethod(clean)

    def __init__(self, name: str, opener: Any) -> None:
        """`opener` is called for each app and gives its Opener."""
        self._name = name
        self._opener = opener
        self.apps = Apps(self)

    @property
    def name(self) -> str:
        """The name under which xlwings knows it."""
        return self._name

    def opener(self) -> Opener:
        """A new way to books."""
        made: Opener = self._opener()
        return made


class Apps(Surface):
    """The running apps; the active one is the first."""

    __slots__ = ("_apps", "_engine")

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._apps: list[App] = []

    def keys(self) -> list[int]:
        """The apps' process numbers."""
        return [app.pid for app in self._apps]

    def add(self, spec: Any = None, add_book: Any = None, xl: Any = None, visible: Any = None) -> "App":
        """Start an app; it becomes the active one."""
        app = App(self._engine, self)
        self._apps.insert(0, app)
        if add_book:
            app.books.add()
        return app

    def remove(self, app: "App") -> None:
        """Forget an app that was ended."""
        self._apps = [other for other in self._apps if other is not app]

    def first(self, app: "App") -> None:
        """Make an app the active one."""
        self._apps.sort(key=lambda other: other is not app)

    def cleanup(self) -> None:
        """Nothing is left behind that would have to be cleaned up."""

    def __iter__(self) -> Iterator["App"]:
        return iter(list(self._apps))

    def __len__(self) -> int:
        return len(self._apps)

    def __getitem__(self, pid: int) -> "App":
        for app in self._apps:
            if app.pid == pid:
                return app
        raise KeyError(pid)


class App(Surface):
    """An app: its books, and the state that scripts set and restore, kept in memory."""

    __slots__ = (
        "_apps", "_calculation", "_engine", "_number", "_opener", "books", "cut_copy_mode", "display_alerts",
        "enable_events", "interactive", "screen_updating", "status_bar", "visible",
    )  # fmt: skip
    _numbers = itertools.count(1)

    def __init__(self, engine: Engine, apps: Apps) -> None:
        self._engine, self._apps = engine, apps
        self._opener = engine.opener()
        self._number = next(App._numbers)
        self.visible = False
        self.screen_updating = self.display_alerts = self.enable_events = self.interactive = True
        self._calculation = "automatic"
        self.status_bar: str | bool = False
        self.cut_copy_mode: Any = None
        self.books = Books(self, self._opener)

    version = _EXCEL_VERSION
    hwnd = None
    path = startup_path = ""

    @property
    def api(self) -> "App":
        """The app itself: there is no other object behind it."""
        return self

    @property
    def engine(self) -> Engine:
        """Its engine."""
        return self._engine

    @property
    def pid(self) -> int:
        """The process that holds the books, or a number that no other app has."""
        return self._opener.pid or self._number

    def activate(self, steal_focus: bool = False) -> None:
        """Make it the active app."""
        self._apps.first(self)

    @property
    def calculation(self) -> str:
        """`automatic`, `semiautomatic` or `manual`."""
        return self._calculation

    @calculation.setter
    def calculation(self, value: str) -> None:
        if value not in {"automatic", "semiautomatic", "manual"}:
            raise ValueError(f"{value!r} is not a way to calculate: automatic, semiautomatic, manual")
        self._calculation = value
        for book in self.books:
            book.host.automatic(value != "manual")

    def calculate(self) -> None:
        """Calculate the formulas of all books; a closed file is calculated when Excel next opens it."""
        for book in self.books:
            book.host.calculate()

    @property
    def selection(self) -> Range | None:
        """The selected cells of the active book."""
        return self.books.active.selection if len(self.books) else None

    def run(self, macro: str, args: list[Any]) -> Any:
        """Run a macro named as `'book.xlsm'!Module.Sub`."""
        book, mark, name = macro.rpartition("!")
        if not mark:
            return self.books.active.host.run(macro, args)
        return self.books(book.strip("'")).host.run(name, args)

    def alert(self, prompt: Any, title: Any, buttons: Any, mode: Any, callback: Any) -> str:
        """No one is there to answer."""
        raise NotInThisEngine(f"No window can be shown without Excel; it would have said: {prompt}")

    def quit(self) -> None:
        """Close all books without saving and end the app."""
        for book in self.books:
            book.close()
        self._opener.quit()
        self._apps.remove(self)

    def kill(self) -> None:
        """End it without asking its books, for when it no longer answers."""
        for book in self.books:
            self.books.remove(book)
        self._opener.quit()
        self._apps.remove(self)


class Books(Surface):
    """The open books of an app; the active one is the last."""

    __slots__ = ("_books", "_new_names", "_opener", "app")

    def __init__(self, app: App, opener: Opener) -> None:
        self.app = app
        self._opener = opener
        self._books: list[Book] = []
        self._new_names = itertools.count(1)

    @property
    def api(self) -> "Books":
        """The collection itself."""
        return self

    @property
    def active(self) -> Book:
        """The active book."""
        if not self._books:
            raise KeyError("no book is open")
        return max(self._books, key=lambda book: book.last_active)

    def __call__(self, name_or_index: int | str) -> Book:
        """One by its name, or by its position from 1.  KeyError, IndexError."""
        if isinstance(name_or_index, int):
            return self._books[name_or_index - 1]
        for book in self._books:
            if name_or_index.lower() in {book.name.lower(), book.fullname.lower()}:
                return book
        raise KeyError(name_or_index)

    def __contains__(self, name: object) -> bool:
        return any(str(name).lower() == book.name.lower() for book in self._books)

    def __len__(self) -> int:
        return len(self._books)

    def __iter__(self) -> Iterator[Book]:
        return iter(list(self._books))

    def add(self) -> Book:
        """A new book; it becomes the active one."""
        return self._entered(Book(self, self._opener.new(), f"Book{next(self._new_names)}"))

    def open(self, fullname: str, update_links: Any = None, read_only: Any = None, *others: Any) -> Book:
        """Open a book; of the options only `read_only` has a meaning here, a password is refused."""
        if len(others) > 1 and others[1] is not None:
            raise NotInThisEngine("Workbooks with a password can only be opened in Excel.")
        path = Path(fullname).resolve()
        return self._entered(Book(self, self._opener.open(path, bool(read_only)), path.name))

    def _entered(self, book: Book) -> Book:
        self._books.append(book)
        if self.app.calculation == "manual":
            book.host.automatic(False)
        book.activate()
        return book

    def remove(self, book: Book) -> None:
        """Forget a book that was closed."""
        self._books = [other for other in self._books if other is not book]
