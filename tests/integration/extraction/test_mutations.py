"""A short run of tests/integration/extraction/mutations.py."""

import pytest

from tests.integration.extraction.mutations import READ_IT, outcomes


@pytest.mark.slow
def test_every_damaged_file_ends_in_text_or_a_reason_and_the_next_is_read() -> None:
    ended = outcomes(150)
    assert ended.total() == 150
    assert ended[READ_IT] >= 15
    assert len(ended) > 5, ended
