"""Reasons for which nobody sees a text that seems made not to be seen, in words for staff.

Other hidden text is harmless as a rule: comments, deleted revisions, prompts of a template, sheets put away, what a
picture covers.
"""

from __future__ import annotations

UNSEEN = "letters of the colour of their ground"
SAME_COLOUR = "letters in the colour of what is behind them"
INVISIBLE = "invisible letters"
TINY = "letters of 2 points or less"
TOO_SMALL = "letters too small to be read"
VANISHED = "text that is set to be hidden"
OFF_PAGE = "it lies off the page"
OFF_SLIDE = "it lies off the slide"
OUTSIDE = "letters beyond the edge of the page"

CONCEALED = frozenset({UNSEEN, SAME_COLOUR, INVISIBLE, TINY, TOO_SMALL, VANISHED, OFF_PAGE, OFF_SLIDE, OUTSIDE})
