"""Sixty mails that are wrong in sixty ways: what mail programs, viruses and fate make of a message."""

from __future__ import annotations

import base64
import io
import zipfile
from collections.abc import Callable

HEAD = (
    b"From: Kirsten <kirsten@firma%d.example>\r\nTo: job@nrs.example\r\n"
    b"Subject: Vi mangler folk\r\nMessage-ID: <m%d@firma.example>\r\n"
)
WORDS = "Vi søger to chauffører i Hillerød fra 1. april.".encode()
MIME = b"MIME-Version: 1.0\r\n"


def head(n: int) -> bytes:
    return HEAD % (n, n)


def of(headers: bytes, body: bytes = WORDS) -> Callable[[int], bytes]:
    """A mail with these headers besides the usual ones."""
    return lambda n: head(n) + MIME + headers + b"\r\n" + body


def plain(charset: bytes, body: bytes = WORDS, coding: bytes = b"8bit") -> Callable[[int], bytes]:
    kind = b"Content-Type: text/plain; charset=" + charset
    return of(kind + b"\r\nContent-Transfer-Encoding: " + coding + b"\r\n", body)


def bare(content: bytes) -> Callable[[int], bytes]:
    """A mail without the usual headers; its number tells it from the others."""
    return lambda n: content.replace(b"%d", str(n).encode())


def nested(depth: int) -> Callable[[int], bytes]:
    def make(n: int) -> bytes:
        kind = b'Content-Type: multipart/mixed; boundary="b%d"\r\n'
        inner = b"".join(b"--b%d\r\n" % level + kind % (level + 1) + b"\r\n" for level in range(depth))
        return head(n) + MIME + kind % 0 + b"\r\n" + inner

    return make


def mixed(*some: bytes, ends: bool = True) -> Callable[[int], bytes]:
    """A mail of several parts."""
    body = b"".join(b"--xx\r\n" + part + b"\r\n" for part in some) + (b"--xx--\r\n" if ends else b"")
    return of(b"Content-Type: multipart/mixed; boundary=xx\r\n", body)


TEXT = b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + WORDS


def attached(name: bytes, content: bytes, kind: bytes = b"application/octet-stream") -> bytes:
    coded = base64.encodebytes(content)
    return (
        b"Content-Type: " + kind + b"\r\nContent-Transfer-Encoding: base64\r\n"
        b"Content-Disposition: attachment; filename=" + name + b"\r\n\r\n" + coded
    )


def archive(inner: bytes, levels: int) -> bytes:
    """A zip in a zip in a zip."""
    for _ in range(levels):
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
            packed.writestr("inner.zip", inner)
        inner = file.getvalue()
    return inner


def bomb() -> bytes:
    """A DOCX whose document is 60 MB of the same letter."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", "<Types/>")
        packed.writestr("word/document.xml", b"a" * 60_000_000)
    return file.getvalue()


def laughs() -> bytes:
    """A DOCX with an XML entity bomb."""
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    xml = f'<!DOCTYPE x [<!ENTITY l0 "ha">{entities}]><x>&l11;</x>'
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("[Content_Types].xml", "<Types/>")
        packed.writestr("word/document.xml", xml)
    return file.getvalue()


CASES: list[Callable[[int], bytes]] = [
    # nothing, or nearly nothing
    bare(b""),
    bare(b"\r\n\r\n"),
    bare(b"%d"),
    bare(b"\x00\x01\x02%d\xff\xfe"),
    bare(b"Subject: kun et emne %d\r\n\r\n"),
    bare(b"From: kirsten@firma%d.example\r\n\r\n" + WORDS),
    bare(b"\r\nFrom: sent@too-late%d.example\r\n\r\n" + WORDS),
    bare(b": no name %d\r\nFrom kirsten\r\n\r\n" + WORDS),
    bare(b"From nobody Mon Mar  2 08:00:00 2026\r\nFrom: a@firma%d.example\r\nSubject: mbox\r\n\r\n" + WORDS),
    # senders
    bare(b"From: \r\nSubject: tom afsender %d\r\n\r\n" + WORDS),
    bare(b"From: <>\r\nSubject: ingen %d\r\n\r\n" + WORDS),
    bare(b"From: ikke en adresse\r\nSubject: uden %d\r\n\r\n" + WORDS),
    bare(b"From: a@b@c%d.example\r\nSubject: to snabler\r\n\r\n" + WORDS),
    bare(b"From: " + b"a" * 5000 + b"@firma%d.example\r\nSubject: lang\r\n\r\n" + WORDS),
    bare(b"From: \"Kirsten\r\n <kirsten@firma%d.example>\r\nSubject: uafsluttet\r\n\r\n" + WORDS),
    bare(b"From: a@firma%d.example, b@firma.example\r\nFrom: c@firma.example\r\nSubject: flere\r\n\r\n" + WORDS),
    bare("From: Søren <søren@firma%d.example>\r\nSubject: råt æøå\r\n\r\n".encode("latin-1") + WORDS),
    bare(b"From: =?utf-8?b?w6Y=?= <ae@firma%d.example>\r\nSubject: =?utf-8?q?=F8=E5?=\r\n\r\n" + WORDS),
    # headers
    of(b"Subject: =?findes-ikke?b?////?=\r\n"),
    of(b"Subject: =?utf-8?b?%%%%?=\r\n"),
    of(b"Subject: =?utf-8?x?hej?=\r\n"),
    of(b"X-Long: " + b"x" * 200_000 + b"\r\n"),
    of(b"X-Many: y\r\n" * 5000),
    of(b"Date: i forgaars\r\n"),
    of(b"Message-ID: <to@gange>\r\nMessage-ID: <to@gange2>\r\n"),
    of(b"In-Reply-To: " + b"<x@y> " * 3000 + b"\r\n"),
    of(b"References: <nrs.00000000000000000000000000000000.abcdefgh.00000000000000000000000000000000@x>\r\n"),
    of(b"Content-Type\r\n"),
    of(b"Content-Type: \r\n"),
    of(b"Content-Type: text\r\n"),
    of(b"Content-Type: text/plain; charset\r\n"),
    # charsets and codings
    plain(b"findes-ikke"),
    plain(b"utf-8", "søger æøå".encode("latin-1")),
    plain(b"us-ascii", WORDS),
    plain(b"utf-16", b"\x00"),
    plain(b"utf-7", b"+AOY-"),
    plain(b"rot13"),
    plain(b"punycode", b"a" * 20_000),
    plain(b"'; drop table"),
    plain(b"utf-8", b"\x00\x1b[2J\xe2\x80\xae" + WORDS),
    plain(b"utf-8", b"abc!=\xff", b"base64"),
    plain(b"utf-8", b"=ZZ=\r\n=", b"quoted-printable"),
    plain(b"utf-8", b"begin 644 x\r\n!!!!\r\nend", b"x-uuencode"),
    plain(b"utf-8", WORDS, b"findes-ikke"),
    # parts
    of(b"Content-Type: multipart/mixed\r\n"),
    of(b"Content-Type: multipart/mixed; boundary=\r\n"),
    of(b"Content-Type: multipart/mixed; boundary=yy\r\n", b"ingen dele her"),
    of(b"Content-Type: multipart/report; boundary=yy; report-type=delivery-status\r\n", b"--yy\r\n\r\nhm"),
    mixed(TEXT, ends=False),
    mixed(*[TEXT] * 400),
    nested(60),
    nested(3000),
    mixed(b"Content-Type: message/rfc822\r\n\r\nFrom: x\r\n\r\nmail i mail"),
    of(b"Content-Type: text/html; charset=utf-8\r\n", b"<p>" * 20_000 + WORDS + b"<script>alert(1)"),
    of(b"Content-Type: text/html\r\n", b"<!--" + b"<b" * 20_000),
    # files
    mixed(TEXT, attached(b"x.zip", archive(b"inderst", 5), b"application/zip")),
    mixed(TEXT, attached(b'"../../../etc/passwd"', b"%PDF-1.4\nikke en pdf", b"application/pdf")),
    mixed(TEXT, attached(b"bombe.docx", bomb())),
    mixed(TEXT, attached(b"grin.docx", laughs())),
    mixed(TEXT, *[attached(b"b%d.png" % n, b"\x89PNG\r\n\x1a\n" + bytes(50)) for n in range(30)]),
    mixed(TEXT, attached(b"*0*=utf-8''%FF%; filename*1=x", b"\xff\xd8\xff\xe0" + bytes(20), b"image/png")),
    mixed(TEXT, attached(b"tom.pdf", b"", b"application/pdf")),
    mixed(TEXT, attached(b"virus.pdf.exe", b"MZ" + bytes(100), b"application/pdf")),
]  # fmt: skip


def malformed() -> list[bytes]:
    """All of them, each different from the others."""
    return [make(n) for n, make in enumerate(CASES, 1)]
