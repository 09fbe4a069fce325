"""A company's database: durable, append-only where it must be, brought up to date with a copy kept, backed up."""

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from unittest import mock

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import IntegrityError

from tests.faults.world import TestClock, journal
from tests.rules.in_memory import Row, settlement
from tieout.domain.activity import Activity
from tieout.domain.content import content_hash
from tieout.domain.document import Document
from tieout.domain.finding import Finding
from tieout.domain.posting import Posting, PostingKey, PostingState
from tieout.limits import LEASE_SECONDS
from tieout.ports import AnotherWriter, StoreUnwritable
from tieout.store import upgrade
from tieout.store.backup import backup, restore
from tieout.store.company_store import CompanyStore, open_store
from tieout.store.database import Database
from tieout.store.schema import HEAD_REVISION, METADATA

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
KEY = PostingKey("9130", "JournalEntry", "AMZ-1-1")
POSTING = Posting(
    KEY, PostingState.PLANNED, "c" * 64, "request-1", b'{"Amount":1.10}', subject="1", sent_at=NOON, generation=2
)
DONE = Activity(NOON, "anna", "planned", str(KEY), after="planned")


def _open(path: Path, clock: TestClock | None = None) -> CompanyStore:
    store = open_store(path, clock or TestClock())
    assert isinstance(store, CompanyStore)
    return store


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "companies" / "acme" / "books.sqlite3"


@pytest.fixture
def store(path: Path) -> Iterator[CompanyStore]:
    with _open(path) as opened:
        yield opened


def test_the_migrations_lead_to_the_tables_of_the_schema(path: Path, store: CompanyStore) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext
    from alembic.script import ScriptDirectory

    with store.database.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []
        assert upgrade.revision(connection) == HEAD_REVISION
    assert ScriptDirectory(str(upgrade.MIGRATIONS)).get_current_head() == HEAD_REVISION
    assert upgrade.known_revisions()[-1] == HEAD_REVISION


def test_a_commit_survives_the_power_cord(store: CompanyStore) -> None:
    with store.database.writing() as connection:
        settings = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
    assert settings == ["wal", 2, 1]


def test_opening_an_up_to_date_database_imports_no_alembic(path: Path) -> None:
    _open(path).close()
    code = (
        "import sys; from pathlib import Path; from tieout.clock import SystemClock;"
        "from tieout.store.company_store import open_store;"
        f"open_store(Path({str(path)!r}), SystemClock()).close(); print('alembic' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_many_who_open_a_new_database_at_once_all_get_it(path: Path) -> None:
    opened: list[CompanyStore | Finding] = []
    threads = [threading.Thread(target=lambda: opened.append(open_store(path, TestClock()))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [type(each) for each in opened] == [CompanyStore] * 4
    for each in opened:
        assert isinstance(each, CompanyStore)
        each.close()


_NEXT = '''"""The next migration."""
import sqlalchemy as sa
from alembic import op
revision = "9999"
down_revision = "HEAD"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("settings", sa.Column("note", sa.Text(), server_default="", nullable=False))
'''.replace("HEAD", HEAD_REVISION)


def test_an_existing_database_is_copied_before_it_is_migrated(path: Path, tmp_path: Path) -> None:
    import shutil

    with _open(path) as store:
        store.settings.put("country", "US")
    migrations = tmp_path / "migrations"
    shutil.copytree(upgrade.MIGRATIONS, migrations)
    (migrations / "versions" / "v9999_note.py").write_text(_NEXT)
    with (
        mock.patch.object(upgrade, "MIGRATIONS", migrations),
        mock.patch.object(upgrade, "HEAD_REVISION", "9999"),
        mock.patch.object(upgrade, "known_revisions", return_value=(HEAD_REVISION, "9999")),
        _open(path) as store,
    ):
        assert store.settings.get("country") == "US"
        with store.database.reading() as connection:
            assert upgrade.revision(connection) == "9999"
    copy = path.with_name("books.sqlite3.before-9999")
    with closing(sqlite3.connect(copy)) as before:
        assert before.execute("SELECT version_num FROM alembic_version").fetchone() == (HEAD_REVISION,)
        assert before.execute("SELECT value FROM settings").fetchone() == ("US",)


def test_a_migration_that_fails_changes_nothing(path: Path, tmp_path: Path) -> None:
    import shutil

    _open(path).close()
    migrations = tmp_path / "migrations"
    shutil.copytree(upgrade.MIGRATIONS, migrations)
    (migrations / "versions" / "v9999_note.py").write_text(_NEXT + '    raise RuntimeError("in the middle")\n')
    with (
        mock.patch.object(upgrade, "MIGRATIONS", migrations),
        mock.patch.object(upgrade, "HEAD_REVISION", "9999"),
        mock.patch.object(upgrade, "known_revisions", return_value=(HEAD_REVISION, "9999")),
        pytest.raises(RuntimeError, match="in the middle"),
    ):
        open_store(path, TestClock())
    with _open(path) as store, store.database.reading() as connection:
        assert upgrade.revision(connection) == HEAD_REVISION
        columns = [row[1] for row in connection.execute(text("PRAGMA table_info(settings)"))]
    assert columns == ["name", "value", "changed_at"]


def test_documents_are_kept_once_under_their_hash_for_ever(store: CompanyStore) -> None:
    document = Document.of("settlement.txt", b"settlement-id\t" * 1000, "cp1252")
    assert store.documents.put(document)
    assert not store.documents.put(replace(document, name="the same again.txt"))
    assert store.documents.get(document.sha256) == document
    assert store.documents.hashes() == (document.sha256,)
    assert store.documents.get("0" * 64) is None
    for statement in ("DELETE FROM documents", "UPDATE documents SET name = 'x'"):
        with pytest.raises(IntegrityError, match="kept as they came"), store.database.writing() as connection:
            connection.execute(text(statement))


def test_a_document_is_not_kept_under_another_hash(store: CompanyStore) -> None:
    with pytest.raises(ValueError, match="hash"):
        store.documents.put(replace(Document.of("a", b"1"), sha256="0" * 64))


def test_the_log_is_chained_and_only_grows(path: Path, store: CompanyStore) -> None:
    for number in range(4):
        store.activity.append(replace(DONE, subject=f"settlement {number}"))
    assert [entry.activity.subject for entry in store.activity.entries()] == [f"settlement {n}" for n in range(4)]
    assert store.activity.first_break() is None
    for statement in ("DELETE FROM activity", "UPDATE activity SET who = 'x'"):
        with pytest.raises(IntegrityError, match="append-only"), store.database.writing() as connection:
            connection.execute(text(statement))


@pytest.mark.parametrize(
    ("tampering", "at"),
    [
        ("UPDATE activity SET after = 'nothing happened' WHERE number = 3", 3),
        ("DELETE FROM activity WHERE number = 2", 2),
        ("UPDATE activity SET number = 9 WHERE number = 4", 4),
    ],
)
def test_who_goes_around_the_database_is_found_out(path: Path, store: CompanyStore, tampering: str, at: int) -> None:
    for number in range(4):
        store.activity.append(replace(DONE, subject=f"settlement {number}"))
    with closing(sqlite3.connect(path)) as behind:
        for verb in ("update", "delete"):
            behind.execute(f"DROP TRIGGER activity_no_{verb}")
        behind.execute(tampering)
        behind.commit()
    assert store.activity.first_break() == at


def test_many_who_log_at_once_make_one_chain(path: Path) -> None:
    _open(path).close()

    def log() -> None:
        with _open(path) as store:
            for _ in range(5):
                store.activity.append(DONE)

    threads = [threading.Thread(target=log) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with _open(path) as store:
        assert len(list(store.activity.entries())) == 20
        assert store.activity.first_break() is None


def test_a_posting_comes_back_as_it_was(store: CompanyStore) -> None:
    other = replace(POSTING, key=replace(KEY, doc_number="AMZ-2-1"), subject="2", request_id="request-2")
    with store.outbox.writer("anna") as writer:
        writer.save([(POSTING, DONE)])
        writer.save([(other, DONE)])
        writer.save([(replace(POSTING, state=PostingState.POSTED, quickbooks_id="7", undo_sent_at=NOON), DONE)])
    assert store.outbox.get(KEY) == replace(POSTING, state=PostingState.POSTED, quickbooks_id="7", undo_sent_at=NOON)
    assert store.outbox.of_subject("9130", "2") == (other,)
    assert store.outbox.of_subject("another company", "2") == ()
    assert [posting.key.doc_number for posting in store.outbox.all()] == ["AMZ-1-1", "AMZ-2-1"]
    assert store.outbox.realm_ids() == {"9130"}
    assert store.outbox.get(replace(KEY, entity="Invoice")) is None
    assert len(list(store.activity.entries())) == 3


def test_a_request_id_is_used_for_one_posting_only(store: CompanyStore) -> None:
    with store.outbox.writer("anna") as writer:
        writer.save([(POSTING, DONE)])
        with pytest.raises(IntegrityError):
            writer.save([(replace(POSTING, key=replace(KEY, doc_number="AMZ-2-1")), DONE)])
    assert len(list(store.activity.entries())) == 1  # the log tells of no posting that is not there


def test_a_draft_comes_back_but_for_its_rows(store: CompanyStore) -> None:
    drafted = journal("AMZ-1-1", {"Business Checking": 5, "Amazon Sales": -5})
    with store.outbox.writer("anna") as writer:
        writer.keep_draft(drafted, content_hash(drafted))
        writer.keep_draft(drafted, content_hash(drafted))
        with pytest.raises(ValueError, match="content hash"):
            writer.keep_draft(drafted, "0" * 64)
    assert store.outbox.draft(content_hash(drafted)) == drafted
    assert store.outbox.draft("0" * 64) is None


def _elsewhere(host: str) -> AbstractContextManager[object]:
    return mock.patch("tieout.store.lease.platform.node", return_value=host)


def test_a_lease_of_another_machine_is_waited_for_and_ends(path: Path) -> None:
    clock = TestClock()
    with _open(path, clock) as store:
        _leave_a_lease(path, clock.now() + timedelta(seconds=LEASE_SECONDS))
        with _elsewhere("desk-2"):
            with pytest.raises(AnotherWriter) as raised, store.outbox.writer("anna"):
                pass
            assert "ben on desk-1" in raised.value.finding.what
            clock.sleep(LEASE_SECONDS)
            with store.outbox.writer("anna") as writer:
                writer.save([(POSTING, DONE)])
    assert clock.slept < LEASE_SECONDS + 60


def _leave_a_lease(path: Path, until: datetime) -> None:
    with closing(sqlite3.connect(path)) as database:
        database.execute(
            "INSERT INTO leases VALUES ('posting', 'token', 'ben', 'desk-1', ?)",
            (until.astimezone(UTC).isoformat(timespec="microseconds"),),
        )
        database.commit()


def test_a_lease_that_a_dead_process_left_here_is_taken_over_at_once(path: Path) -> None:
    clock = TestClock()
    with _open(path, clock) as store, _elsewhere("desk-1"):
        _leave_a_lease(path, clock.now() + timedelta(seconds=LEASE_SECONDS))
        with store.outbox.writer("anna") as writer:
            writer.save([(POSTING, DONE)])
    assert clock.slept == 0


def test_a_lease_is_renewed_by_every_change(path: Path) -> None:
    clock = TestClock()
    with _open(path, clock) as store, store.outbox.writer("anna") as writer:
        for _ in range(4):
            clock.sleep(LEASE_SECONDS - 60)
            writer.save([(POSTING, DONE)])
        with store.database.reading() as connection:
            (until,) = connection.execute(text("SELECT expires_at FROM leases")).one()
        assert datetime.fromisoformat(until) - clock.now() > timedelta(seconds=LEASE_SECONDS - 5)


def test_a_writer_that_lost_its_lease_writes_nothing(path: Path, store: CompanyStore) -> None:
    with store.outbox.writer("anna") as writer:
        with store.database.writing() as connection:
            connection.execute(text("UPDATE leases SET token = 'another', holder = 'ben'"))
        for write in (lambda: writer.save([(POSTING, DONE)]), lambda: writer.log(DONE)):
            with pytest.raises(AnotherWriter):
                write()
    assert store.outbox.all() == ()
    assert list(store.activity.entries()) == []


def test_a_write_that_meets_a_full_disk_says_so(store: CompanyStore) -> None:
    failure = sqlite3.OperationalError("database or disk is full")
    with (
        mock.patch.object(store.database.engine.dialect, "do_commit", side_effect=failure),
        pytest.raises(StoreUnwritable, match="disk is full"),
    ):
        store.settings.put("country", "US")
    assert store.settings.get("country", "none") == "none"


SALE = Row(date(2024, 10, 10), ("Order", "ItemPrice", "Principal"), 2500)


def test_a_settlement_is_known_once_whatever_file_it_comes_in(store: CompanyStore) -> None:
    given = settlement([SALE, SALE])
    for name in ("settlement.txt", "settlement saved again.csv"):
        document = Document.of(name, name.encode())
        store.documents.put(document)
        same = replace(given, origin=replace(given.origin, file=name, sha256=document.sha256))
        assert store.settlements.record(same) is None
    (known,) = store.settlements.all()
    assert (known.settlement_id, known.total.minor, known.lines) == ("24288684721", 5000, 2)
    assert known.document_sha256 == Document.of("", b"settlement.txt").sha256
    store.settlements.set_state("24288684721", "Posted")
    found = store.settlements.get("24288684721")
    assert found is not None
    assert found.state == "Posted"
    assert store.settlements.get("1") is None


def test_settings_and_mappings_are_kept(store: CompanyStore) -> None:
    store.settings.put("country", "US")
    store.settings.put("country", "GB")
    assert (store.settings.get("country"), store.settings.get("method", "summary")) == ("GB", "summary")
    assert [store.mappings.keep(text, "anna") for text in ("a", "a", "b", "a")] == [True, False, True, True]
    assert [mapping.text for mapping in store.mappings.history()] == ["a", "b", "a"]


def test_a_copy_is_whole_while_others_write_and_restores_what_was(path: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.sqlite3"
    with _open(path) as store:
        store.settings.put("country", "US")
        assert backup(path, copy) is None
        store.settings.put("country", "GB")
    assert isinstance(restore(copy, path), Finding)
    with _open(path) as store:
        assert store.settings.get("country") == "GB"
    assert restore(copy, path, replace=True) is None
    with _open(path) as store:
        assert store.settings.get("country") == "US"
    kept = path.with_name("books.sqlite3.replaced-1")
    with closing(sqlite3.connect(kept)) as replaced:
        assert replaced.execute("SELECT value FROM settings").fetchone() == ("GB",)


def test_a_cut_copy_is_not_restored(path: Path, tmp_path: Path) -> None:
    _open(path).close()
    copy = tmp_path / "copy.sqlite3"
    assert backup(path, copy) is None
    copy.write_bytes(copy.read_bytes()[: copy.stat().st_size // 2])
    refused = restore(copy, path, replace=True)
    assert isinstance(refused, Finding)
    assert refused.code == "backup-not-a-store"
    _open(path).close()


def test_a_url_makes_another_kind_of_database() -> None:
    with mock.patch("tieout.store.database.create_engine", wraps=lambda url: create_engine("sqlite://")) as made:
        database = Database("postgresql+psycopg://books.example.test/acme")
        assert database.path is None
        assert made.call_args.args[0].get_backend_name() == "postgresql"
        database.close()


@pytest.mark.parametrize("url", ["nonsense", "oracle9://x@y/z", "postgresql+nodriver://x@y/z"])
def test_an_address_that_leads_nowhere_is_refused_in_a_sentence(url: str) -> None:
    refused = open_store(url, TestClock())
    assert isinstance(refused, Finding)
    assert refused.code == "store-address-unusable"
    assert "postgresql://" in refused.to_do
