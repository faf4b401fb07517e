"""Small PDFs made by hand: pages of lines of text, each with its type size."""

from __future__ import annotations

from collections.abc import Sequence

Sized = tuple[str, int]


def make_pdf(pages: Sequence[Sequence[Sized]], *, title: str = "", encrypted: bool = False) -> bytes:
    """A PDF whose pages hold these (text, size) lines in Helvetica."""
    objects: list[bytes] = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    kids = []
    for lines in pages:
        content, y = [b"BT"], 800
        for text, size in lines:
            y -= size + 6
            content.append(b"/F1 %d Tf 1 0 0 1 50 %d Tm (%s) Tj" % (size, y, _escaped(text)))
        content.append(b"ET")
        stream = b"\n".join(content)
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R /Resources << /Font << /F1 3 0 R >> >> >>"
            % len(objects)
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(kids), b" ".join(kids))
    objects.append(b"<< /Title (%s) /CreationDate (D:20260105101500+01'00') >>" % _escaped(title))
    info = len(objects)
    body = b"%PDF-1.4\n"
    offsets = []
    for number, content_of in enumerate(objects, 1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content_of)
    start = len(body)
    body += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    body += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    encrypt = (
        b"/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O (%s) /U (%s) >> /ID [(a) (a)] " % (b"o" * 32, b"u" * 32)
        if encrypted
        else b""
    )
    return body + b"trailer\n<< /Size %d /Root 1 0 R /Info %d 0 R %s>>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        info,
        encrypt,
        start,
    )


def _escaped(text: str) -> bytes:
    return text.encode("cp1252", "replace").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
