"""What all commands have in common: the exit codes of the contract, and the option that names the staff's folder."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

DONE, NEEDS_A_PERSON, WRONG_USE = 0, 1, 2

HERE = Path("config")
Config = Annotated[
    Path, typer.Option("--config", envvar="MICIC_CONFIG", help="The staff's folder.", file_okay=False, exists=True)
]
