"""The database: SQLite by default, PostgreSQL by URL. Opening it brings its schema up to date."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import InterfaceError, OperationalError

from domain.errors import ConfigProblem, Problem, StorageFails

HEAD = "0010"  # the newest migration
MIGRATIONS = Path(__file__).parent / "migrations"
SECONDS_BUSY = 15  # how long one writer waits for another
MIGRATION_LOCK = 0x6D696369  # any number will do, as long as nobody else takes it
WAL = "PRAGMA journal_mode=WAL"  # readers and one writer do not wait for each other
PRAGMAS = (
    f"busy_timeout={SECONDS_BUSY * 1000}",
    "foreign_keys=ON",
    "secure_delete=ON",  # what is erased is overwritten
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    engine: sa.Engine

    @property
    def is_postgresql(self) -> bool:
        return self.engine.dialect.name == "postgresql"

    @contextmanager
    def begin(self, *, durable: bool = True) -> Iterator[sa.Connection]:
        """One transaction: all of it is committed, or nothing. StorageFails: it is away, busy or full.

        What is not `durable` waits for no disk: a power cut may undo it, together with all that was committed after it
        without being durable. The next durable commit makes it so.
        """
        options: Any = {} if durable else {"durable": False}
        try:
            with self.engine.connect().execution_options(**options) as db, db.begin():
                if not durable and self.is_postgresql:
                    db.exec_driver_sql("SET LOCAL synchronous_commit TO OFF")
                yield db
        except (OperationalError, InterfaceError) as error:
            raise StorageFails(_what_fails(error)) from error

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """One consistent view; it waits for no writer and is not to write."""
        options: Any = {"sqlite_begin": "BEGIN"} if not self.is_postgresql else {"isolation_level": "REPEATABLE READ"}
        try:
            with self.engine.connect().execution_options(**options) as db, db.begin():
                yield db
        except (OperationalError, InterfaceError) as error:
            raise StorageFails(_what_fails(error)) from error

    def close(self) -> None:
        self.engine.dispose()


def open_store(url: str) -> Store:
    """Open the store, made or brought up to date where need be. Folders on the way to an SQLite file are made.

    `url` is sqlite:///path/to/file.db or postgresql://user:password@host/name. StorageFails where the server is away.
    """
    store = Store(engine=_engine(url))
    try:
        with store.read() as db:
            current = _revision(db)
        if current != HEAD:
            _migrate(store)
    except BaseException:
        store.close()
        raise
    return store


def insert(dialect: str, table: sa.Table) -> sqlite.Insert | postgresql.Insert:
    """An INSERT with ON CONFLICT, which both databases spell alike and SQLAlchemy keeps in two places.

    Building it costs more than running it: callers build each once for a dialect.
    """
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


def one_at_a_time(db: sa.Connection, lock: int) -> None:
    """Let no other transaction pass this line until ours ends. On SQLite none could: there is one writer."""
    if db.dialect.name == "postgresql":
        db.execute(sa.select(sa.func.pg_advisory_xact_lock(lock)))


def leave_no_trace(store: Store) -> None:
    """What was deleted is gone from the files too. On PostgreSQL that is autovacuum's work, and comes later."""
    if store.is_postgresql:
        return
    with store.begin() as db:  # FTS5 keeps deleted words until its segments are merged (§6.7)
        db.execute(sa.text("INSERT INTO search_cv_version(search_cv_version) VALUES ('optimize')"))
    raw = store.engine.raw_connection()
    try:
        raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        raw.close()


def _engine(url: str) -> sa.Engine:
    parsed = sa.make_url(url)
    if parsed.get_backend_name() == "postgresql":
        engine = sa.create_engine(
            parsed.set(drivername="postgresql+psycopg"), hide_parameters=True, pool_pre_ping=True, max_overflow=40
        )
        sa.event.listen(engine, "handle_error", _leave_out_rows)
        return engine
    if parsed.database:
        _private_file(Path(parsed.database))
    # hide_parameters: else an error would carry what people wrote into the log
    engine = sa.create_engine(parsed, connect_args={"timeout": SECONDS_BUSY}, hide_parameters=True, max_overflow=40)
    sa.event.listen(engine, "connect", _prepare_sqlite)
    sa.event.listen(engine, "begin", _begin_sqlite)
    return engine


def _what_fails(error: OperationalError | InterfaceError) -> str:
    """SQLite says in a few fixed words what is wrong; PostgreSQL may quote more, so its kind of error must do."""
    if isinstance(error.orig, sqlite3.Error):
        return f"the database cannot be used: {error.orig}"
    return f"the database did not answer: {type(error.orig).__name__}"


def _leave_out_rows(context: sa.engine.ExceptionContext) -> None:
    """PostgreSQL's detail quotes the row that it refused, and rows are personal data."""
    import psycopg  # noqa: PLC0415 - not where the store is SQLite

    refused = context.original_exception
    if isinstance(refused, psycopg.Error) and refused.diag.message_primary:
        refused.args = (refused.diag.message_primary,)
        if context.sqlalchemy_exception is not None:
            context.sqlalchemy_exception.args = (f"{type(refused).__name__}: {refused.diag.message_primary}",)


def _private_file(path: Path) -> None:
    """The file holds personal data: nobody but its owner may read it. SQLite gives its WAL the same rights."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.touch(mode=0o600)


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves: the driver's own way lets DDL out of the transaction
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    for left in reversed(range(SECONDS_BUSY * 100)):
        # The file takes to WAL once in its life, and SQLite's own time-out does not hold for that.
        try:
            connection.execute(WAL)
            return
        except sqlite3.OperationalError:
            if not left:
                raise
            time.sleep(0.01)


def _begin_sqlite(db: sa.Connection) -> None:
    options = db.get_execution_options()
    # FULL: what is committed survives a power cut. It cannot be set within the transaction.
    db.exec_driver_sql(f"PRAGMA synchronous={'FULL' if options.get('durable', True) else 'NORMAL'}")
    # IMMEDIATE: a transaction that reads first and writes later would fail where another wrote in between.
    db.exec_driver_sql(options.get("sqlite_begin", "BEGIN IMMEDIATE"))


def _revision(db: sa.Connection) -> str | None:
    if not sa.inspect(db).has_table("alembic_version"):
        return None
    found: str | None = db.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
    return found


def _migrate(store: Store) -> None:
    """Two that open at once wait for each other; the second finds nothing to do."""
    from alembic import command  # noqa: PLC0415 - slow to load, and seldom needed
    from alembic.config import Config  # noqa: PLC0415
    from alembic.util import CommandError  # noqa: PLC0415

    with store.begin() as db:
        one_at_a_time(db, MIGRATION_LOCK)
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
        config.attributes["connection"] = db
        try:
            command.upgrade(config, HEAD)
        except CommandError as error:
            newer = "the database was written by a newer version of this program; install that version"
            raise ConfigProblem(Problem(file="database", line=None, message=newer)) from error
