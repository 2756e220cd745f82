"""Designs in which people set their CVs, as HTML for a browser to print.

Each is paired with its streams: texts whose words must stay together in order, whatever stands beside them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.integration.extraction.lives import Life, Post


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    html: str
    streams: tuple[str, ...]


FONTS = "'DejaVu Sans', 'Noto Naskh Arabic'"
BASE = "body { margin: 0; font: 10pt/1.35 %s } h1 { margin: 0 } h2 { font-size: 12.5pt; margin: 9pt 0 3pt } "
ICONS = ("\uf095", "\uf0e0", "\uf041")  # telephone, envelope, place: private use, as icon fonts have them


def page(life: Life, style: str, body: str) -> str:
    return (
        f'<!doctype html><html lang="{life.language}" dir="{life.direction}"><meta charset="utf-8">'
        f"<style>@page {{ size: A4; margin: 14mm }} {BASE % FONTS} {style}</style><body>{body}</body></html>"
    )


def listed(items: tuple[str, ...]) -> str:
    return "<ul>" + "".join(f"<li>{item}</li>" for item in items) + "</ul>"


def paragraphs(items: tuple[str, ...]) -> str:
    return "".join(f"<p>{item}</p>" for item in items)


def posts_below(posts: tuple[Post, ...]) -> str:
    return "".join(f"<h3>{p.title}</h3><p><i>{p.dates}</i></p><p>{p.text}</p>" for p in posts)


def as_below(posts: tuple[Post, ...]) -> tuple[str, ...]:
    return tuple(f"{p.title}\n{p.dates}\n{p.text}" for p in posts)


def as_beside(posts: tuple[Post, ...]) -> tuple[str, ...]:
    return tuple(post.all for post in posts)


def side_of(life: Life) -> tuple[str, tuple[str, ...]]:
    """Contact, languages and skills, as a sidebar holds them."""
    languages = "".join(f"<p>{name} – {level}</p>" for name, level in life.languages)
    html = (
        f"<h2>{life.heads[0]}</h2>{paragraphs(life.contact)}<h2>{life.heads[4]}</h2>{languages}"
        f"<h2>{life.heads[5]}</h2>{listed(life.skills)}"
    )
    said = "\n".join(f"{name} – {level}" for name, level in life.languages)
    return html, ("\n".join((life.heads[0], *life.contact, life.heads[4], said, life.heads[5], *life.skills)),)


def main_of(life: Life) -> tuple[str, tuple[str, ...]]:
    html = (
        f"<h2>{life.heads[1]}</h2><p>{life.profile}</p><h2>{life.heads[2]}</h2>{posts_below(life.posts)}"
        f"<h2>{life.heads[3]}</h2>{posts_below(life.education)}"
    )
    texts = (life.heads[1], life.profile, life.heads[2], *as_below(life.posts), life.heads[3])
    return html, ("\n".join((*texts, *as_below(life.education))),)


def one_column_justified(life: Life) -> Design:
    style = "p { text-align: justify; hyphens: auto } body { width: 96mm }"
    main, streams = main_of(life)
    return Design(html=page(life, style, f"<h1>{life.name}</h1>{main}"), streams=(life.name, *streams))


def two_columns(life: Life) -> Design:
    main, streams = main_of(life)
    body = f"<h1>{life.name}</h1><div style='columns: 2; column-gap: 9mm'>{main}</div>"
    return Design(html=page(life, "", body), streams=(life.name, *streams))


def sidebar(life: Life, *, side_first: bool, style: str = "", body_before: str = "") -> Design:
    side, side_streams = side_of(life)
    main, main_streams = main_of(life)
    parts = [f"<aside>{side}</aside>", f"<main>{main}</main>"]
    ordered = "".join(parts if side_first else parts[::-1])
    style = "#page { display: flex } aside { width: 55mm; padding: 4mm } main { flex: 1; padding: 4mm } " + style
    html = page(life, style, f"{body_before}<div id='page'>{ordered}</div>")
    return Design(html=html, streams=(*side_streams, *main_streams))


def sidebar_at_start(life: Life) -> Design:
    return sidebar(life, side_first=True, style="aside { background: #223a5e; color: white }")


def sidebar_at_end(life: Life) -> Design:
    return sidebar(life, side_first=False, style="aside { background: #eee }")


def sidebar_written_last(life: Life) -> Design:
    return sidebar(life, side_first=True, style="aside { order: 2 } main { order: 1 }")


def banner_over_both(life: Life) -> Design:
    banner = (
        f"<header style='background: #225; color: white; padding: 8mm; text-align: center'>"
        f"<h1 style='font-size: 28pt'>{life.name}</h1><div>{life.role}</div></header>"
    )
    made = sidebar(life, side_first=True, style="aside { background: #dde }", body_before=banner)
    return Design(html=made.html, streams=(f"{life.name}\n{life.role}", *made.streams))


def timeline_with_dates_beside(life: Life) -> Design:
    style = (
        ".post { display: flex; margin-bottom: 3mm } .dates { width: 32mm; flex: none } "
        ".what { border-inline-start: 1.5pt solid #58a; padding-inline-start: 5mm; position: relative } "
        ".what::before { content: ''; width: 6pt; height: 6pt; border-radius: 50%; background: #58a; "
        "position: absolute; inset-inline-start: -4pt; top: 3pt }"
    )

    def made(posts: tuple[Post, ...]) -> str:
        return "".join(
            f"<div class='post'><div class='dates'>{p.dates}</div><div class='what'><b>{p.title}</b>"
            f"<div>{p.text}</div></div></div>"
            for p in posts
        )

    body = (
        f"<h1>{life.name}</h1><h2>{life.heads[2]}</h2>{made(life.posts)}<h2>{life.heads[3]}</h2>{made(life.education)}"
    )
    return Design(html=page(life, style, body), streams=(life.name, *as_beside(life.posts), *as_beside(life.education)))


def europass(life: Life) -> Design:
    """Labels flush to the middle in a narrow column, a grid of skills in the wide one."""
    style = "table { border-collapse: collapse } td { vertical-align: top; padding: 1.5mm 3mm } " + (
        "td.label { width: 45mm; text-align: end; color: #37a } td.text { border-inline-start: 0.5pt solid #888 } "
        ".grid td { border: 0.5pt solid #999; font-size: 9pt; text-align: center }"
    )

    def row(label: str, text: str) -> str:
        return f"<tr><td class='label'>{label}</td><td class='text'>{text}</td></tr>"

    skills = ("A2", "B1", "B2", "C1", "C2")
    grid = "".join(
        f"<tr><td>{name}</td>" + "".join(f"<td>{skills[(n + k) % 5]}</td>" for k in range(5)) + "</tr>"
        for n, (name, _) in enumerate(life.languages)
    )
    body = (
        "<table>"
        + row(life.heads[0], f"<b>{life.name}</b><br>{'<br>'.join(life.contact)}")
        + "".join(row(p.dates, f"<b>{p.title}</b><br>{p.text}") for p in (*life.posts, *life.education))
        + "</table>"
        + f"<h2>{life.heads[4]}</h2><table class='grid'>{grid}</table>"
    )
    grid_texts = tuple(
        " ".join((name, *(skills[(n + k) % 5] for k in range(5)))) for n, (name, _) in enumerate(life.languages)
    )
    contact = "\n".join((life.heads[0], life.name, *life.contact))
    streams = (contact, *as_beside(life.posts), *as_beside(life.education), *grid_texts)
    return Design(html=page(life, style, body), streams=streams)


def letter_spaced(life: Life) -> Design:
    style = "h1, h2 { letter-spacing: 0.42em; font-weight: 400 } .up { text-transform: uppercase }"
    main, streams = main_of(life)
    return Design(html=page(life, style, f"<h1>{life.name}</h1>{main}"), streams=(life.name, *streams))


def small_capitals(life: Life) -> Design:
    style = "h1, h2, h3 { font-variant: small-caps } h1 { font-weight: 400 }"
    main, streams = main_of(life)
    return Design(html=page(life, style, f"<h1>{life.name}</h1>{main}"), streams=(life.name, *streams))


def name_up_the_margin(life: Life) -> Design:
    style = "#name { writing-mode: vertical-rl; position: absolute; top: 0; font-size: 20pt } #rest { margin: 0 18mm }"
    main, streams = main_of(life)
    body = f"<div id='name'>{life.name}</div><div id='rest'>{main}</div>"
    return Design(html=page(life, style, body), streams=(life.name, *streams))


def header_on_every_page(life: Life) -> Design:
    style = "header { position: fixed; top: 0 } footer { position: fixed; bottom: 0; font-size: 8pt }"
    style += " main { margin: 10mm 0 } p { break-inside: avoid } h1 { break-before: page }"
    main, streams = main_of(life)
    frame = f"<header>{life.name}</header><footer>{life.contact[1]}</footer>"
    twice = f"{frame}<main>{main}</main><h1>{life.role}</h1><main>{main}</main>"
    return Design(html=page(life, style, twice), streams=(life.name, *streams, life.role, *streams, life.contact[1]))


def long_table(life: Life) -> Design:
    """A table over three pages, its head repeated on each."""
    style = "td, th { border: 0.5pt solid; padding: 1mm 2mm; vertical-align: top } table { border-collapse: collapse }"
    posts = tuple(
        Post(dates=f"{1990 + 2 * n} – {1992 + 2 * n}", title=f"{post.title} {n}", text=post.text)
        for n in range(13)
        for post in (life.posts[n % 3],)
    )
    rows = "".join(f"<tr><td>{p.dates}</td><td>{p.title}</td><td>{p.text}</td></tr>" for p in posts)
    head = f"<thead><tr><th>№</th><th>{life.heads[2]}</th><th>{life.heads[1]}</th></tr></thead>"
    body = f"<h1>{life.name}</h1><table>{head}{rows}</table>"
    return Design(html=page(life, style, body), streams=(life.name, *as_beside(posts)))


def icons_and_bars(life: Life) -> Design:
    """Icons of a symbol font before the details, languages as bars with a word over each."""
    style = ".bar { background: #ccc; height: 4pt } .bar div { background: #28a; height: 4pt } .icon { color: #28a }"
    contact = "".join(
        f"<p><span class='icon'>{icon}</span> {text}</p>" for icon, text in zip(ICONS, life.contact, strict=True)
    )
    bars = "".join(
        f"<div style='display: flex; justify-content: space-between'><span>{name}</span><span>{level}</span></div>"
        f"<div class='bar'><div style='width: {90 - 20 * n}%'></div></div>"
        for n, (name, level) in enumerate(life.languages)
    )
    side = f"<h2>{life.heads[0]}</h2>{contact}<h2>{life.heads[4]}</h2>{bars}"
    main, streams = main_of(life)
    style += " #page { display: flex } aside { width: 58mm; padding: 4mm } main { flex: 1; padding: 4mm }"
    body = f"<h1>{life.name}</h1><div id='page'><aside>{side}</aside><main>{main}</main></div>"
    said = "\n".join(f"{name} {level}" for name, level in life.languages)
    whole = "\n".join((life.heads[0], *life.contact, life.heads[4], said))
    return Design(html=page(life, style, body), streams=(life.name, whole, *streams))


def cards(life: Life) -> Design:
    """Boxes in two rows of two, as infographics have them."""
    style = (
        ".cards { display: grid; grid-template-columns: 1fr 1fr; gap: 6mm } .card { border: 1pt solid; padding: 3mm }"
    )
    boxes = [
        (life.heads[1], life.profile),
        (life.posts[0].title, life.posts[0].text),
        (life.posts[1].title, life.posts[1].text),
        (life.posts[2].title, life.posts[2].text),
    ]
    made = "".join(f"<div class='card'><h2>{head}</h2><p>{text}</p></div>" for head, text in boxes)
    body = f"<h1 style='text-align: center'>{life.name}</h1><div class='cards'>{made}</div>"
    return Design(html=page(life, style, body), streams=(life.name, *(f"{head}\n{text}" for head, text in boxes)))


def dates_at_the_end(life: Life) -> Design:
    """Title at the start of the line, dates flush with the other edge."""
    style = ".line { display: flex; justify-content: space-between }"
    posts = "".join(
        f"<div class='line'><b>{p.title}</b><span>{p.dates}</span></div><p>{p.text}</p>"
        for p in (*life.posts, *life.education)
    )
    body = f"<h1>{life.name}</h1><h2>{life.heads[2]}</h2>{posts}"
    streams = tuple(f"{p.title}\n{p.dates}\n{p.text}" for p in (*life.posts, *life.education))
    return Design(html=page(life, style, body), streams=(life.name, *streams))


def three_columns_of_lists(life: Life) -> Design:
    """A foot of three short lists beside each other."""
    style = "#foot { display: flex; gap: 8mm } #foot > div { flex: 1 }"
    languages = tuple(f"{name} – {level}" for name, level in life.languages)
    lists = ((life.heads[4], languages), (life.heads[5], life.skills), (life.heads[0], life.contact))
    foot = "".join(f"<div><h2>{head}</h2>{listed(items)}</div>" for head, items in lists)
    main, streams = main_of(life)
    body = f"<h1>{life.name}</h1>{main}<div id='foot'>{foot}</div>"
    return Design(html=page(life, style, body), streams=(life.name, *streams, *("\n".join((h, *i)) for h, i in lists)))


def profile_site(life: Life) -> Design:
    """As a professional network exports it: a dark narrow column beside a wide one, over two pages."""
    style = (
        "@page { margin: 0 } #page { display: grid; grid-template-columns: 68mm 1fr } "
        "aside { background: #293e49; color: #fff; padding: 10mm 6mm; min-height: 560mm } main { padding: 10mm 8mm } "
    )
    side, side_streams = side_of(life)
    posts = tuple(
        Post(dates=f"{p.dates} ({n})", title=f"{p.title} {n}", text=p.text) for n in range(4) for p in life.posts
    )
    main = f"<h1>{life.name}</h1><p>{life.role}</p><h2>{life.heads[2]}</h2>{posts_below(posts)}"
    body = f"<div id='page'><aside>{side}</aside><main>{main}</main></div>"
    main_stream = "\n".join((life.name, life.role, life.heads[2], *as_below(posts)))
    return Design(html=page(life, style, body), streams=(*side_streams, main_stream))


DESIGNS: tuple[Callable[[Life], Design], ...] = (
    one_column_justified,
    two_columns,
    sidebar_at_start,
    sidebar_at_end,
    sidebar_written_last,
    banner_over_both,
    timeline_with_dates_beside,
    europass,
    letter_spaced,
    small_capitals,
    name_up_the_margin,
    header_on_every_page,
    long_table,
    icons_and_bars,
    cards,
    dates_at_the_end,
    three_columns_of_lists,
    profile_site,
)
