"""Links that the digest carries: signed, good for some days, and each for one thing. Decision 0082."""

from __future__ import annotations

import hashlib
import os
import secrets
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from itsdangerous import BadData, SignatureExpired, TimestampSigner, URLSafeTimedSerializer

from domain.errors import MicicError
from domain.links import Place, Thing

KEY_FILE = "console.key"
KEY_BYTES = 32
SALT = "micic.console"
SECONDS_A_DAY = 86_400
SHORT = {Thing.MESSAGE: "m", Thing.ENTRY: "e", Thing.MAIL: "o"}
LONG = {letter: thing for thing, letter in SHORT.items()}


class NotOurs(MicicError):
    """The link was changed, is not whole, or was signed with another key."""


class Expired(MicicError):
    """The link was good once."""

    def __init__(self, day: date) -> None:
        super().__init__()
        self.day = day  # of the digest that it stood in


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What a good link names."""

    place: Place
    day: date  # of the digest that it stands in


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """Signs and reads them. The same thing in the digest of the same day always has the same link."""

    key: bytes = field(repr=False)
    days: int  # for how many they are good, from the beginning of the digest's day
    zone: ZoneInfo  # in which a day begins

    def token(self, place: Place, day: date) -> str:
        begun = datetime.combine(day, time.min, self.zone)
        return str(self._serializer(begun).dumps(f"{SHORT[place.what]}{place.id}"))

    def read(self, token: str, *, now: datetime) -> Opened:
        """NotOurs, Expired."""
        try:
            named, begun = self._serializer(now).loads(token, max_age=self.days * SECONDS_A_DAY, return_timestamp=True)
        except SignatureExpired as error:
            raise Expired(self._day(error.date_signed or now)) from None
        except BadData:
            raise NotOurs from None
        return Opened(place=Place(what=LONG[named[:1]], id=int(named[1:])), day=self._day(begun))

    def _day(self, begun: datetime) -> date:
        return begun.astimezone(self.zone).date()

    def _serializer(self, moment: datetime) -> URLSafeTimedSerializer:
        how: dict[str, Any] = {"moment": moment, "digest_method": hashlib.sha256}
        return URLSafeTimedSerializer(self.key, salt=SALT, signer=_At, signer_kwargs=how)


class _At(TimestampSigner):
    """Signs and compares as of a moment that it is given: nothing here reads the clock."""

    def __init__(self, *given: Any, moment: datetime, **more: Any) -> None:
        super().__init__(*given, **more)
        self._moment = moment

    def get_timestamp(self) -> int:
        return int(self._moment.timestamp())


def key_in(folder: Path) -> bytes:
    """The key that links are signed with, made when it is first asked for. Without its file all older links end."""
    file = folder / KEY_FILE
    if not file.exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = folder / f".{KEY_FILE}.{os.getpid()}"
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as new:
            new.write(secrets.token_bytes(KEY_BYTES))
        try:
            file.hardlink_to(fresh)
        except FileExistsError:
            pass  # another program was first: its key counts
        finally:
            fresh.unlink()
    return file.read_bytes()
