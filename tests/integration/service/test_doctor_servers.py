from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import trustme
from pydantic import SecretStr
from sqlalchemy import create_engine, text

from roster.store import open_store
from service.doctor import Check, State
from service.doctor_servers import database, mailbox, oauth, probes, relay, sent_mail
from service.settings import Login, MailboxSettings, OAuthSettings, RelaySettings, Security, Settings, StoreSettings
from service.tokens import CachedTokens, access_tokens
from tests.servers import dovecot as imap_server
from tests.servers import relay as smtp_server
from tests.servers.dovecot import Dovecot, dovecot
from tests.servers.oauth import CLIENT, SECRET, Provider, let_in, provider
from tests.servers.postgres import postgres
from tests.servers.private import free_port, short_folder
from tests.servers.relay import relay as scripted_relay

NOW = datetime.now(UTC)
ACL = """
mail_plugins = acl
protocol imap {{
  mail_plugins = acl imap_acl
}}
plugin {{
  acl = vfile:{folder}/rights
}}
"""
MAIL = b"From: a@example.org\nSubject: x\n\ntext\n"


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def certificate(authority: trustme.CA) -> trustme.LeafCert:
    return authority.issue_cert("localhost", not_after=NOW + timedelta(days=90))


@pytest.fixture(scope="module")
def server(certificate: trustme.LeafCert) -> Iterator[Dovecot]:
    with dovecot(certificate=certificate) as running:
        yield running


@pytest.fixture
def ca_file(authority: trustme.CA, tmp_path: Path) -> Path:
    path = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(path))
    return path


def box(server: Dovecot, ca_file: Path, **changes: object) -> MailboxSettings:
    usual = {
        "host": "localhost",
        "port": server.imaps,
        "user": server.new_user(),
        "password": SecretStr(imap_server.PASSWORD),
        "ca_file": ca_file,
        "timeout_seconds": 5,
    }
    return MailboxSettings.model_validate(usual | changes)


def out(port: int, ca_file: Path, **changes: object) -> RelaySettings:
    usual = {"host": "localhost", "port": port, "security": "starttls", "ca_file": ca_file, "timeout_seconds": 5}
    return RelaySettings.model_validate(usual | changes)


@pytest.mark.server
@pytest.mark.parametrize("security", [Security.TLS, Security.STARTTLS])
def test_a_good_mailbox_is_reached_and_nothing_in_it_changes(
    server: Dovecot, ca_file: Path, security: Security
) -> None:
    port = server.imaps if security is Security.TLS else server.imap
    settings = box(server, ca_file, security=security, port=port)
    server.deliver(settings.user, MAIL, MAIL)
    check = mailbox(settings, now=NOW)
    assert check == Check(
        name="mailbox",
        state=State.OK,
        found="localhost, 2 waiting in INBOX; its certificate ends in 89 days",
    )
    flags = server.doveadm("fetch", "-u", settings.user, "flags", "mailbox", "INBOX")
    assert "\\Seen" not in flags


@pytest.mark.server
def test_a_certificate_is_warned_of_before_it_ends(server: Dovecot, ca_file: Path) -> None:
    check = mailbox(box(server, ca_file), now=NOW + timedelta(days=80))
    assert check.state is State.WARNING
    assert "ends in 9 days" in check.found


@pytest.mark.server
def test_a_folder_is_looked_for_as_the_server_spells_it(certificate: trustme.LeafCert, ca_file: Path) -> None:
    courier = "namespace inbox {\n  separator = .\n  prefix = INBOX.\n}"
    with dovecot(certificate=certificate, extra=courier) as server:
        settings = box(server, ca_file, folder="Calls/Experts")
        assert "there is no folder Calls/Experts" in mailbox(settings, now=NOW).found
        server.doveadm("mailbox", "create", "-u", settings.user, "INBOX.Calls.Experts")
        assert "0 waiting in Calls/Experts" in mailbox(settings, now=NOW).found


@pytest.mark.server
def test_what_is_wrong_with_a_mailbox_is_told_apart(server: Dovecot, ca_file: Path, tmp_path: Path) -> None:
    stranger = tmp_path / "other.pem"
    trustme.CA().cert_pem.write_to_path(str(stranger))
    wrong = {
        "certificate is not accepted": box(server, stranger),
        "refuses the login": box(server, ca_file, password=SecretStr("guess")),
        "there is no folder Reçus": box(server, ca_file, folder="Reçus"),
        "Connection refused": box(server, ca_file, port=free_port()),
        "no TLS": box(server, ca_file, port=server.imap),
    }
    for said, settings in wrong.items():
        check = mailbox(settings, now=NOW)
        assert check.state is State.BAD
        assert said in check.found
        assert check.advice
        assert "guess" not in repr(check)


@pytest.mark.server
def test_the_folder_of_sent_mail_must_be_there_and_take_copies_where_it_gets_any(
    certificate: trustme.LeafCert, ca_file: Path
) -> None:
    with short_folder("rights") as folder, dovecot(certificate=certificate, extra=ACL.format(folder=folder)) as server:
        (folder / "rights").write_text("Archive owner lr\n")
        settings = box(server, ca_file)
        server.doveadm("mailbox", "create", "-u", settings.user, "Sent", "Archive")

        def check(folder: str, *, keep: bool) -> Check:
            return sent_mail(settings, out(25, ca_file, sent_folder=folder, keep_sent=keep))

        assert check("Sent", keep=True) == Check(
            name="sent mail", state=State.OK, found="lies in Sent, gets a copy of each mail"
        )
        assert check("Archive", keep=False).state is State.OK
        assert (check("Archive", keep=True).state, check("Archive", keep=True).found) == (
            State.BAD,
            "Archive takes no copies",
        )
        missing = check("Snet", keep=False)
        assert missing.state is State.BAD
        assert "the folder Snet of localhost" in missing.found


def test_a_name_that_no_server_has_is_told(ca_file: Path) -> None:
    check = relay(out(25, ca_file, host="nowhere.invalid"), now=NOW)
    assert (check.state, check.found) == (State.BAD, "no server of that name is known")


def test_a_good_relay_is_reached_and_gets_no_mail(certificate: trustme.LeafCert, ca_file: Path) -> None:
    with scripted_relay(security="starttls", login=True, certificate=certificate) as server:
        settings = out(server.port, ca_file, user=smtp_server.USER, password=SecretStr(smtp_server.PASSWORD))
        check = relay(settings, now=NOW)
    assert check == Check(name="relay", state=State.OK, found="localhost; its certificate ends in 89 days")
    assert server.accepted == []


def test_a_relay_that_refuses_the_login_is_told_apart_from_one_that_falls_silent(
    certificate: trustme.LeafCert, ca_file: Path
) -> None:
    with scripted_relay(security="starttls", login=True, certificate=certificate) as server:
        settings = out(server.port, ca_file, user=smtp_server.USER, password=SecretStr("guess"), timeout_seconds=1)
        refusal = smtp_server.Reply("535 5.7.8 no")
        server.fail("AUTH", refusal)
        refused = relay(settings, now=NOW)
        server.fail("AUTH", smtp_server.Delay(2))
        silent = relay(settings, now=NOW)
    assert refused.found == "localhost refuses the login"
    assert silent.found.startswith("cannot be used: ")


def test_a_relay_that_refuses_the_null_return_path_is_noticed(certificate: trustme.LeafCert, ca_file: Path) -> None:
    with scripted_relay(security="starttls", certificate=certificate) as server:
        server.fail("MAIL", smtp_server.Reply("550 5.7.1 no"))
        check = relay(out(server.port, ca_file), now=NOW)
    assert check.found == "localhost refuses the null return path"
    assert check.advice == "set relay.envelope_from to an address that the relay takes"


def test_a_database_that_is_not_there_yet_is_not_made(tmp_path: Path) -> None:
    check = database(f"sqlite:///{tmp_path}/micic.db", schema="0003")
    assert check.state is State.OK
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("newest", "state"), [("0002", State.OK), ("0003", State.WARNING), (None, State.OK)])
def test_a_database_of_another_version_is_noticed(tmp_path: Path, newest: str | None, state: State) -> None:
    url = f"sqlite:///{tmp_path}/micic.db"
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32))"))
        connection.execute(text("INSERT INTO alembic_version VALUES ('0002')"))
    engine.dispose()
    check = database(url, schema=newest)
    assert check.state is state
    assert "schema 0002" in check.found


@pytest.mark.server
def test_a_database_that_cannot_be_written_is_bad_and_nothing_is_written() -> None:
    with postgres() as running:
        url = running.new_database()
        open_store(url).close()
        assert database(url, schema=None).state is State.OK
        check = database(f"{url}?options=-c%20default_transaction_read_only%3Don", schema=None)
    assert check.state is State.BAD
    assert "read-only transaction" in check.found
    assert "\n" not in check.found


def test_what_is_no_database_is_bad(tmp_path: Path) -> None:
    (tmp_path / "micic.db").write_text("no database at all, but a text of some length " * 20)
    assert database(f"sqlite:///{tmp_path}/micic.db", schema=None).state is State.BAD


def test_a_database_server_that_is_away_is_told_without_the_password() -> None:
    check = database(f"postgresql://micic:s3cret-word@127.0.0.1:{free_port()}/micic", schema=None)
    assert check.state is State.BAD
    assert "s3cret-word" not in repr(check)


def test_each_server_of_the_settings_is_probed_and_no_other(ca_file: Path) -> None:
    assert len(probes(Settings(), now=NOW, schema=None)) == 1
    settings = Settings(relay=out(25, ca_file))
    assert len(probes(settings, now=NOW, schema=None)) == 2


@pytest.fixture
def bank() -> Iterator[Provider]:
    with provider() as running:
        yield running


def by_token(bank: Provider, data: Path, mailbox: MailboxSettings | None = None, **changes: object) -> Settings:
    usual = {"token_url": bank.url, "client_id": CLIENT, "client_secret": SecretStr(SECRET)}
    return Settings(
        mailbox=mailbox or MailboxSettings(host="imap.example.org", user="experts", login=Login.OAUTH),
        oauth=OAuthSettings.model_validate(usual | changes),
        store=StoreSettings(data=data),
    )


def tokens_of(settings: Settings) -> CachedTokens:
    found = access_tokens(settings, clock=lambda: NOW)
    assert found is not None
    return found


@pytest.mark.server
def test_a_mailbox_is_tried_by_token(
    bank: Provider, certificate: trustme.LeafCert, ca_file: Path, tmp_path: Path
) -> None:
    with let_in(bank) as extra, dovecot(certificate=certificate, extra=extra) as server:
        box_ = box(server, ca_file, login="oauth", password=None)
        tokens = tokens_of(by_token(bank, tmp_path, box_))
        bank.user = "somebody-else"
        refused = mailbox(box_, now=NOW, tokens=tokens)
        bank.user = box_.user
        assert mailbox(box_, now=NOW, tokens=tokens).state is State.OK
    assert (refused.state, refused.found) == (State.BAD, "the login by token fails")
    assert "check that mailbox.user" in refused.advice


@pytest.mark.parametrize(("days", "state"), [(31, State.OK), (30, State.WARNING), (0, State.BAD), (-5, State.BAD)])
def test_the_end_of_a_secret_is_warned_of_a_month_ahead(
    bank: Provider, tmp_path: Path, days: int, state: State
) -> None:
    today = datetime(2026, 3, 1, 12, tzinfo=UTC)
    ends = date(2026, 3, 1) + timedelta(days=days)
    settings = by_token(bank, tmp_path, secret_ends=ends)
    check = oauth(settings, tokens_of(settings), now=today)
    assert check.state is state
    assert f"the client secret ends on {ends}" in check.found


def test_a_secret_that_no_longer_holds_is_told_though_a_token_is_kept(bank: Provider, tmp_path: Path) -> None:
    tokens_of(by_token(bank, tmp_path, refresh_token=SecretStr("refresh-0"))).token()
    wrong = by_token(bank, tmp_path, refresh_token=SecretStr("refresh-0"), client_secret=SecretStr("old"))
    check = oauth(wrong, tokens_of(wrong), now=NOW)
    assert (check.state, check.found) == (State.BAD, "no access token")
    assert "MICIC_OAUTH__CLIENT_SECRET" in check.advice
