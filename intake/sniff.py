"""What the bytes of a file say it is: first the bytes, then the name, then what the sender claims."""

from __future__ import annotations

import re
import struct
import zipfile
from collections.abc import Callable
from typing import IO

from intake.containers.ole import storage

HEAD = 65_536  # bytes that are looked at

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
ODT = "application/vnd.oasis.opendocument.text"
FLAT_OPEN_DOCUMENT = "application/x-opendocument-flat"
WORD_XML = "application/x-word-xml"
EXCEL_XML = "application/x-excel-xml"
WEB_ARCHIVE = "application/x-mimearchive"
UNKNOWN = "application/octet-stream"
CMS = "application/pkcs7-mime"
IWORK = "application/x-iwork"
SPLIT = "application/x-split-archive"
SIGNATURES = ("application/pkcs7-signature", "application/x-pkcs7-signature")

MAGIC = (
    (b"{\\rtf", "application/rtf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"BM", "image/bmp"),
    (b"\x00\x00\x00\x0cJXL \r\n\x87\n", "image/jxl"),
    (b"\xff\n", "image/jxl"),
    (b"\x00\x00\x00\x0cjP  \r\n\x87\n", "image/jp2"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"\x1f\x8b", "application/gzip"),
    (b"BZh", "application/x-bzip2"),
    (b"\xfd7zXZ\x00", "application/x-xz"),
    (b"\x78\x9f\x3e\x22", "application/ms-tnef"),
    (b"MZ", "application/x-msdownload"),
    (b"\x7fELF", "application/x-executable"),
    (b"%!PS", "application/postscript"),
    (b"\xffWPC", "application/vnd.wordperfect"),
    (b"\xdb\xa5\x2d\x00", "application/msword"),  # Word 2
    (b"\x00\x05\x16\x07", "application/applefile"),
    (b"BEGIN:VCALENDAR", "text/calendar"),
    (b"BEGIN:VCARD", "text/vcard"),
    (b"-----BEGIN PGP MESSAGE", "application/pgp-encrypted"),
    (b"-----BEGIN PGP SIGNATURE", "application/pgp-signature"),
    (b"-----BEGIN PGP PUBLIC KEY", "application/pgp-keys"),
    (b"-----BEGIN PKCS7", CMS),
    (b"-----BEGIN CMS", CMS),
)
# Of pictures in the container of films: telephones send them. mif1 alone is HEIF of any coding.
ISO_BRANDS = {
    **dict.fromkeys((b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis"), "image/heic"),
    **dict.fromkeys((b"avif", b"avis"), "image/avif"),
}
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OLE_STREAMS = (
    ("__properties_version1.0", "application/vnd.ms-outlook"),  # first: it may hold any of the others
    ("WordDocument", "application/msword"),
    ("EncryptedPackage", "application/x-ole-encrypted"),
    ("Workbook", "application/vnd.ms-excel"),
    ("Book", "application/vnd.ms-excel"),  # Excel 5 and 95
    ("PowerPoint Document", "application/vnd.ms-powerpoint"),
    ("MatOST", "application/vnd.ms-works"),
)
BY_NAME = {
    "pdf": "application/pdf", "docx": DOCX, "xlsx": XLSX, "pptx": PPTX, "odt": ODT, "doc": "application/msword",
    "xls": "application/vnd.ms-excel", "ppt": "application/vnd.ms-powerpoint", "rtf": "application/rtf",
    "htm": "text/html", "html": "text/html", "txt": "text/plain", "csv": "text/csv", "ics": "text/calendar",
    "vcf": "text/vcard", "eml": "message/rfc822", "p7s": "application/pkcs7-signature", "zip": "application/zip",
    "p7m": CMS, "pgp": "application/pgp-encrypted", "gpg": "application/pgp-encrypted",
    "asc": "application/pgp-signature", "sig": "application/pgp-signature",
}  # fmt: skip
OFFICE_FOLDERS = {"word/": DOCX, "xl/": XLSX, "ppt/": PPTX}
# What the first kilobytes of documents in one file of XML name.
XML_MARKS = (
    (b"urn:oasis:names:tc:opendocument:xmlns:office:1.0", FLAT_OPEN_DOCUMENT),
    (b"http://schemas.microsoft.com/office/word/2003/wordml", WORD_XML),
    (b"http://schemas.microsoft.com/office/2006/xmlPackage", WORD_XML),
    (b"urn:schemas-microsoft-com:office:spreadsheet", EXCEL_XML),
)
TEXTS = frozenset(
    {"text/html", "text/csv", "text/calendar", "text/vcard", "message/rfc822", "application/pgp-signature"}
)

_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|table|div|p|meta|title)\b", re.IGNORECASE)
_HEADERS = re.compile(rb"(?:[A-Za-z][A-Za-z0-9-]{1,40}:[^\n]*\n(?:[ \t][^\n]*\n)*){3,}\r?\n")
# ContentInfo with one of the types of RFC 5652 and RFC 3274 in it.
_CMS = re.compile(
    rb"0(?:[\x00-\x80]|[\x81-\x84].{1,4})\x06(?:\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07[\x02-\x06]"
    rb"|\x0b\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01[\x09\x17])",
    re.DOTALL,
)
_BASE64 = re.compile(rb"[A-Za-z0-9+/=\s]{20,}")
_PIECE = re.compile(r"\.(?:z\d\d|r\d\d|(?:zip|7z|rar)\.\d{3}|part\d{1,3}\.rar)$", re.IGNORECASE)
_IWORK = re.compile(r"(?:^|/)(?:Index/Document\.iwa|Index\.zip|QuickLook/Preview\.pdf|index\.apxl(?:\.gz)?)$")
# The local header of a member (APPNOTE.TXT §4.3.7), then its name and, where it is stored, its content.
_MEMBER_OF_OFFICE = re.compile(rb"PK\x03\x04.{26}(word/|xl/|ppt/)", re.DOTALL)
_MEMBER_MIMETYPE = re.compile(
    rb"PK\x03\x04.{26}mimetype(application/vnd\.(?:oasis\.opendocument|sun\.xml)\.[a-z-]{1,40})", re.DOTALL
)
_ARCHIVE_OF_PAGES = re.compile(rb"^content-type:\s*multipart/(?:related|alternative)", re.IGNORECASE | re.MULTILINE)
_TRANSPORTED = re.compile(rb"^(?:received|to|message-id|delivered-to|return-path):", re.IGNORECASE | re.MULTILINE)
_MAIL_HEADERS = re.compile(rb"^(?:from|date|message-id|received|mime-version):", re.IGNORECASE | re.MULTILINE)


def media_type(head: bytes, *, name: str | None, claimed: str, open_file: Callable[[], IO[bytes]]) -> str:
    """The media type of a file. `head`: its first 64 KiB; `open_file` is called for archives only."""
    seen = _by_bytes(head, open_file)
    if seen == CMS and (claimed in SIGNATURES or (name or "").lower().endswith(".p7s")):
        return SIGNATURES[0]  # the same bytes, but what they sign stands beside them
    if seen and not (seen == "application/vnd.rar" and name and _PIECE.search(name)):
        return seen
    if name and _PIECE.search(name):
        return SPLIT
    by_name = BY_NAME.get(name.rsplit(".", 1)[-1].lower().strip()) if name and "." in name else None
    if _is_text(head) or (claimed.startswith("text/") and _is_wide(head)):
        return _text_type(head, by_name, claimed)
    if claimed == "application/x-pkcs7-mime":
        return CMS
    # Bytes that are no text and none that we know: a damaged file keeps the type that it was meant to have.
    return by_name or (claimed if claimed.startswith(("audio/", "video/", "image/", "application/")) else UNKNOWN)


def _by_bytes(head: bytes, open_file: Callable[[], IO[bytes]]) -> str | None:
    if head.startswith(b"PK\x03\x04") or head.startswith(b"PK\x05\x06"):
        return _zip_type(head, open_file)
    if head.startswith(OLE):
        return _ole(open_file)
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if _CMS.match(head):
        return CMS
    if head[4:8] == b"ftyp":
        return _iso_media_type(head)
    if head[257:262] == b"ustar":
        return "application/x-tar"
    stripped = head[:64].lstrip(b"\xef\xbb\xbf \t\r\n")
    seen = (kind for magic, kind in MAGIC if stripped.startswith(magic) and (magic != b"BM" or b"\0" in head))
    # Readers of PDF allow 1,024 bytes before it; but a container may begin with one as well.
    return next(seen, None) or ("application/pdf" if b"%PDF-" in head[:1024] else None)


def _iso_media_type(head: bytes) -> str:
    """By the brands of the file: the first, then those that it is compatible with (ISO/IEC 14496-12 §4.3)."""
    size = min(max(int.from_bytes(head[:4], "big"), 16), 256)
    brands = [head[8:12], *(head[at : at + 4] for at in range(16, size, 4))]
    return next(
        (ISO_BRANDS[brand] for brand in brands if brand in ISO_BRANDS),
        "image/heic" if b"mif1" in brands else "video/mp4",
    )


def _ole(open_file: Callable[[], IO[bytes]]) -> str:
    try:
        with open_file() as file, storage(file) as opened:
            names = {path[0] for path in opened.streams}
        return next((kind for stream, kind in OLE_STREAMS if stream in names), "application/x-ole-storage")
    except Exception:  # noqa: BLE001 - olefile raises a dozen kinds on damaged files; what they name may still be seen
        with open_file() as file:
            data = file.read(32 * 1024 * 1024)
    return next(
        (kind for stream, kind in OLE_STREAMS if stream.encode("utf-16-le") in data), "application/x-ole-storage"
    )


def _zip_type(head: bytes, open_file: Callable[[], IO[bytes]]) -> str:
    try:
        with open_file() as file, zipfile.ZipFile(file) as archive:
            names = set(archive.namelist()[:2000])
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
                declared = archive.read("mimetype").decode("ascii", "replace").strip()
                if declared.startswith("application/"):
                    return declared
    except Exception:  # noqa: BLE001 - zipfile raises a dozen kinds on damaged archives; none changes what it was meant to be
        return _torn_zip_type(head)
    for path, kind in OFFICE_FOLDERS.items():
        if any(name.replace("\\", "/").startswith(path) for name in names):
            return kind
    return IWORK if any(map(_IWORK.search, names)) else "application/zip"


def _torn_zip_type(head: bytes) -> str:
    """What an archive was meant to be whose directory is lost, by the names that stand before its members."""
    declared = _MEMBER_MIMETYPE.match(head)
    if declared:
        return declared.group(1).decode("ascii")
    folder = _MEMBER_OF_OFFICE.search(head)
    return OFFICE_FOLDERS[folder.group(1).decode("ascii")] if folder else "application/zip"


def _is_text(head: bytes) -> bool:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    controls = len(head) - len(head.translate(None, b"\x00\x01\x02\x03\x05\x07\x0e\x0f"))
    return controls * 500 < len(head) + 500


def _is_wide(head: bytes) -> bool:
    """Whether it is UTF-16 without a mark: every other byte the upper half of a Latin, Cyrillic or Arabic letter."""
    return any(sum(map(half.count, (0, 4, 6))) * 5 > len(half) * 3 for half in (head[::2], head[1::2]))


def _text_type(head: bytes, by_name: str | None, claimed: str) -> str:
    if special := _xml_type(head) or (WEB_ARCHIVE if _is_web_archive(head) else None):
        return special
    if by_name in TEXTS and by_name != "message/rfc822":
        return by_name
    if _HEADERS.match(head.lstrip()) and len(_MAIL_HEADERS.findall(head)) >= 2:
        return "message/rfc822"
    if CMS in (by_name, claimed, claimed.replace("x-pkcs7", "pkcs7")) and _BASE64.fullmatch(head):
        return CMS
    if _HTML.search(head[:4096]) and claimed != "text/plain":
        return "text/html"
    if claimed in ("application/pgp-signature", "text/html", "text/calendar", "text/x-amp-html"):
        return claimed
    if by_name and by_name.startswith("application/") and claimed not in ("text/plain", UNKNOWN):
        return by_name  # a damaged file of which only text-like bytes are left
    return "text/plain"


def _xml_type(head: bytes) -> str | None:
    """Documents of word processors in one file of XML."""
    start = head[:4096]
    if not start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<?xml"):
        return None
    return next((kind for mark, kind in XML_MARKS if mark in start), None)


def _is_web_archive(head: bytes) -> bool:
    """A page with its pictures as a browser or Word saves it: it has the form of a mail that nobody has sent."""
    start = head.lstrip()[:4096]
    if not re.match(rb"(?:MIME-Version|From: <Saved by)", start, re.IGNORECASE):
        return False
    headers = re.split(rb"\r?\n\r?\n", start, maxsplit=1)[0]
    return bool(_ARCHIVE_OF_PAGES.search(headers)) and not _TRANSPORTED.search(headers)


def dimensions(head: bytes) -> tuple[int, int] | None:
    """Width and height of a picture in pixels, from its header bytes; None where they do not say."""
    if head.startswith(b"\x89PNG") and len(head) >= 24:
        return struct.unpack(">II", head[16:24])
    if head.startswith(b"GIF8") and len(head) >= 10:
        return struct.unpack("<HH", head[6:10])
    if head.startswith(b"\xff\xd8"):
        return _jpeg_dimensions(head)
    if head[:4] == b"RIFF" and head[12:16] == b"VP8X" and len(head) >= 30:
        return int.from_bytes(head[24:27], "little") + 1, int.from_bytes(head[27:30], "little") + 1
    if head[:4] == b"RIFF" and head[12:16] == b"VP8 " and len(head) >= 30:
        width, height = struct.unpack("<HH", head[26:30])
        return width & 0x3FFF, height & 0x3FFF
    return None


def _jpeg_dimensions(head: bytes) -> tuple[int, int] | None:
    at = 2
    while at + 9 < len(head) and head[at] == 0xFF:
        marker = head[at + 1]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):  # start of frame
            height, width = struct.unpack(">HH", head[at + 5 : at + 9])
            return width, height
        at += 2 + int.from_bytes(head[at + 2 : at + 4], "big") if marker != 0xFF else 1
    return None
