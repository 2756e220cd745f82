"""Copiers and scanners send people's papers and read no answer."""

from __future__ import annotations

import pytest

from intake.devices import is_device


@pytest.mark.parametrize(
    "local", ["scanner", "scan-to-email", "copier.2floor", "ricoh", "photocopieur_rdc", "escaner", "xerox7845", "MFP-3"]
)
def test_a_machine_is_known_by_its_address(local: str) -> None:
    assert is_device(f"{local}@office.example")


@pytest.mark.parametrize("local", ["j.sharp", "ana.canon", "scanlon", "faxon", "secretariat", "printz", "1984", ""])
def test_a_person_is_no_machine(local: str) -> None:
    assert not is_device(f"{local}@office.example")
