"""A real browser, and what it says of a page."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, ViewportSize, sync_playwright

TELEPHONE, DESK = ViewportSize(width=375, height=740), ViewportSize(width=1280, height=800)

# What a reader would stumble over. Words are measured line by line, where they are drawn.
FLAWS = """() => {
  const flaws = [], words = [];
  const wide = document.documentElement.scrollWidth, room = document.documentElement.clientWidth;
  if (wide > room) flaws.push(`the page is ${wide} wide and the window ${room}`);
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode;
    if (!text.data.trim()) continue;
    const range = document.createRange();
    range.selectNodeContents(text);
    for (const box of range.getClientRects())
      if (box.width > 2 && box.height > 4) words.push({ text: text.data.trim().slice(0, 40), box });
    const around = text.parentElement.getBoundingClientRect();
    if (text.parentElement.scrollWidth > Math.ceil(around.width) + 1 && around.width)
      flaws.push(`cut off: ${text.data.trim()}`);
  }
  for (const { text, box } of words)
    if (box.left < 0 || box.right > room) flaws.push(`beyond the edge: ${text}`);
  words.sort((a, b) => a.box.top - b.box.top);
  for (let i = 0; i < words.length; i++)
    for (let j = i + 1; j < words.length && words[j].box.top < words[i].box.bottom - 4; j++) {
      const a = words[i].box, b = words[j].box;
      if (Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2)
        flaws.push(`one over the other: ${words[i].text} / ${words[j].text}`);
    }
  return flaws;
}"""

# Addresses and commands in a page that runs from right to left: their neighbours must not get among them.
NOT_SET_APART = """() => {
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode;
    if (/@|micic \\w+ /.test(text.data) && /^[\\x20-\\x7e]+$/.test(text.data.trim())
        && !text.parentElement.closest('bdi, a, [dir=ltr]:not(html)')) found.push(text.data.trim());
  }
  return found;
}"""


@contextmanager
def browser_page() -> Iterator[Page]:
    chromium = shutil.which("chromium") or pytest.skip("chromium is not installed")
    with sync_playwright() as driver:
        # Its own sandbox does not start for root. The pages are ours and reach nothing.
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield browser.new_page()
        browser.close()


def complaints(page: Page) -> list[str]:
    """What axe finds wrong with it."""
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {node['html'][:120]}" for one in found for node in one["nodes"]]
