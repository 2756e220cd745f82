"""Designs in which people set their CVs: words that belong together are read together, what stands beside apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from domain.profile import DocumentText
from extraction.read import ReadLimits, read
from tests.integration.extraction.designs import DESIGNS, Design
from tests.integration.extraction.lives import ALL, Life
from tests.integration.extraction.making import missing, printed_by_chromium, recall, tokens

pytestmark = [pytest.mark.slow]

TEXT, ORDER = 0.99, 0.98  # the share of words read, and of neighbours that are neighbours still


def in_order(streams: tuple[str, ...], found: str) -> tuple[float, list[tuple[str, str]]]:
    """The share of neighbouring words of each stream that were read as neighbours, and the pairs that were not."""
    wanted = Counter(pair for stream in streams for pair in pairwise(tokens(stream)))
    got = Counter(pairwise(tokens(found)))
    return sum((wanted & got).values()) / sum(wanted.values()), list((wanted - got).elements())


def check(design: Design, found: DocumentText) -> None:
    whole = "\n".join(design.streams)
    assert recall(whole, found.text) >= TEXT, missing(whole, found.text)
    share, torn = in_order(design.streams, found.text)
    assert share >= ORDER, torn
    assert found.hidden == ()
    assert all(block.box and block.page for block in found.blocks)


@pytest.mark.parametrize("life", ALL, ids=lambda life: life.language)
@pytest.mark.parametrize("make", DESIGNS, ids=lambda make: make.__name__)
def test_a_design_printed_by_a_browser_is_read_as_it_is_meant(
    make: Callable[[Life], Design], life: Life, tmp_path: Path
) -> None:
    design = make(life)
    made = printed_by_chromium(design.html, tmp_path)
    check(design, read(made, media_type="application/pdf", limits=ReadLimits()))
