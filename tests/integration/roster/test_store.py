"""Opening the store: no command is needed, and both databases keep the same."""

from __future__ import annotations

import stat
import traceback
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.config import Config
from alembic.script import ScriptDirectory

from domain.errors import ConfigProblem, RetryLater
from roster import ledger
from roster.store import HEAD, MIGRATIONS, Store, open_store
from roster.tables import mail_pass, metadata
from tests.integration.roster.cases import NOW, arrival
from tests.servers.postgres import Postgres

BEYOND_METADATA = ("alembic_version", "search_")


def form_of(engine: sa.Engine) -> dict[str, Any]:
    """Everything that reflection tells of the tables, less what migrations alone know."""
    look = sa.inspect(engine)
    return {
        name: {
            "columns": [
                (c["name"], str(c["type"]), c["nullable"])
                for c in look.get_columns(name)
                if not c["name"].startswith(BEYOND_METADATA)
            ],
            "primary key": look.get_pk_constraint(name),
            "foreign keys": sorted(map(str, look.get_foreign_keys(name))),
            "checks": sorted(map(str, look.get_check_constraints(name))),
            "uniques": sorted(map(str, look.get_unique_constraints(name))),
            "indexes": sorted(
                (str(i["name"]), i["column_names"], {key: str(is_) for key, is_ in i["dialect_options"].items()})
                for i in look.get_indexes(name)
                if not str(i["name"]).startswith(BEYOND_METADATA)
            ),
        }
        for name in look.get_table_names()
        if not name.startswith(BEYOND_METADATA)
    }


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.server)])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Of a database in which there is nothing yet."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'made' / 'on the way' / '100%.db'}"
    server: Postgres = request.getfixturevalue("postgresql")[0]
    return server.new_database()


def test_migrations_build_what_the_tables_say(store: Store, empty_url: str) -> None:
    if store.engine.dialect.name != sa.make_url(empty_url).get_backend_name():
        pytest.skip("compares like with like")
    Path(sa.make_url(empty_url).database or "").parent.mkdir(parents=True, exist_ok=True)
    plain = sa.create_engine(empty_url.replace("postgresql:", "postgresql+psycopg:"))
    metadata.create_all(plain)
    assert form_of(store.engine) == form_of(plain)
    plain.dispose()


def test_the_newest_migration_is_the_one_that_opening_goes_for() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]


def test_several_may_open_a_new_store_at_once(empty_url: str) -> None:
    with ThreadPoolExecutor(6) as pool:
        stores = list(pool.map(open_store, [empty_url] * 6))
    ids = [ledger.record(store, [arrival(1)], now=NOW) for store in stores]
    assert ids == [(1,)] * 6
    for store in stores:
        store.close()


def test_opening_again_loses_nothing(store: Store, url: str) -> None:
    ledger.record(store, [arrival(1)], now=NOW)
    again = open_store(url)
    assert ledger.record(again, [arrival(1)], now=NOW) == (1,)
    again.close()


def test_a_store_of_a_newer_program_is_left_alone(store: Store, url: str) -> None:
    with store.begin() as db:
        db.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(ConfigProblem, match="newer version"):
        open_store(url)


@pytest.mark.server
def test_a_server_that_is_away_is_tried_again_later(postgresql: tuple[Postgres, str]) -> None:
    with pytest.raises(RetryLater):
        open_store("postgresql://test:secret@127.0.0.1:1/none")


def test_nobody_else_may_read_the_file(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'var' / 'micic.db'}")
    files = [path for path in (tmp_path / "var").iterdir() if path.name.startswith("micic.db")]
    assert files
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in files)
    store.close()


@pytest.mark.parametrize("offset", [0, -11, 5.75])
def test_a_time_comes_back_as_the_same_moment_in_utc(store: Store, offset: float) -> None:
    moment = datetime(2018, 12, 31, 23, 59, 59, 123456, tzinfo=timezone(timedelta(hours=offset)))
    row = {"mailbox": "INBOX", "started_at": moment, "on_server": 0, "fetched": 0, "filed": 0}
    with store.begin() as db:
        db.execute(sa.insert(mail_pass), row)
        kept = db.execute(sa.select(mail_pass.c.started_at)).scalar_one()
        later = db.execute(sa.select(mail_pass.c.id).where(mail_pass.c.started_at > moment)).all()
    assert kept == moment
    assert kept.tzinfo is UTC
    assert not later


def test_a_time_without_a_time_zone_is_refused(store: Store) -> None:
    with pytest.raises(sa.exc.StatementError, match="without a time zone"), store.begin() as db:
        db.execute(sa.select(mail_pass).where(mail_pass.c.started_at > datetime(2018, 1, 1))).all()  # noqa: DTZ001


def test_whatever_a_mail_holds_can_be_kept_and_offsets_stay_true(store: Store) -> None:
    row = {"mailbox": "a\x00b\ud800c سيرة 🙂", "started_at": NOW, "on_server": 0, "fetched": 0, "filed": 0}
    with store.begin() as db:
        db.execute(sa.insert(mail_pass), row)
        assert db.execute(sa.select(mail_pass.c.mailbox)).scalar_one() == "a\ufffdb\ufffdc سيرة 🙂"


def test_an_error_of_the_database_does_not_tell_what_people_wrote(store: Store) -> None:
    row = {"mailbox": "Aïssatou Diop", "started_at": NOW, "on_server": None, "fetched": 0, "filed": 0}
    with pytest.raises(sa.exc.IntegrityError) as caught, store.begin() as db:
        db.execute(sa.insert(mail_pass), row)
    told = "".join(traceback.format_exception(caught.value))
    assert "on_server" in str(caught.value)
    assert "Diop" not in told.replace('"mailbox": "Aïssatou Diop"', "")


def test_a_reader_sees_one_state_while_another_writes(store: Store) -> None:
    ledger.record(store, [arrival(1)], now=NOW)
    count = sa.text("SELECT count(*) FROM message")
    with store.read() as db:
        before = db.execute(count).scalar()
        ledger.record(store, [arrival(2)], now=NOW)
        assert db.execute(count).scalar() == before == 1
    with store.read() as db:
        assert db.execute(count).scalar() == 2
