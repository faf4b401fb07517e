"""The process in which a PDF is opened: `python -I pdf_child.py` with the file on standard input, JSON on standard output.

PDFium is C++ and reads hostile files: it runs alone, with little memory, little time and nothing to write to. This
file imports nothing of Senne, so that isolated mode can run it by its path.

Exit codes: 0 read; 3 not a PDF or damaged; 4 encrypted; anything else (a signal too): it did not survive.
"""

import json
import resource
import sys

MAX_PAGES = 200
MAX_CHARACTERS = 2_000_000
MAX_SIZED = 8_000  #: characters of the first page whose font size is asked
MEMORY_BYTES = 600 * 1024 * 1024
CPU_SECONDS = 10


def limit() -> None:
    """Take from this process what it does not need."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (32, 32))


def main() -> int:
    import pypdfium2 as pdfium  # before the limits: it opens its library

    limit()
    body = sys.stdin.buffer.read()
    try:
        document = pdfium.PdfDocument(body)
    except pdfium.PdfiumError as error:
        return 4 if "password" in str(error).lower() else 3
    pages, left = [], MAX_CHARACTERS
    large: list[str] = []
    for number in range(min(len(document), MAX_PAGES)):
        try:
            page = document[number]
            text_page = page.get_textpage()
            text = text_page.get_text_range()[:left] if text_page.count_chars() else ""
            if number == 0:
                large = largest_lines(pdfium.raw, text_page)
        except pdfium.PdfiumError:
            text = ""
        pages.append(text)
        left -= len(text)
        if left <= 0:
            break
    try:
        metadata = document.get_metadata_dict()
    except pdfium.PdfiumError:
        metadata = {}
    answer = {"pages": pages, "page_count": len(document), "large": large, "metadata": metadata}
    sys.stdout.write(json.dumps(answer))
    return 0


def largest_lines(raw: object, text_page: object) -> list[str]:
    """The lines of a page set in its largest type, one string for each run of them; none where all is of one size."""
    lines: list[tuple[str, float]] = []
    text, size = "", 0.0
    for index in range(min(text_page.count_chars(), MAX_SIZED)):  # type: ignore[attr-defined]
        character = chr(raw.FPDFText_GetUnicode(text_page, index))  # type: ignore[attr-defined]
        if character in "\r\n":
            if text.strip():
                lines.append((text.strip(), round(size, 1)))
            text, size = "", 0.0
            continue
        text += character
        if character.isalpha():
            size = max(size, raw.FPDFText_GetFontSize(text_page, index))  # type: ignore[attr-defined]
    if text.strip():
        lines.append((text.strip(), round(size, 1)))
    sizes = sorted(size for _, size in lines if size)
    if not sizes or sizes[-1] < 1.15 * sizes[len(sizes) // 2]:
        return []
    runs: list[str] = []
    before = False
    for line, size in lines:
        largest = size >= 0.98 * sizes[-1]
        if largest and before:
            runs[-1] += " " + line
        elif largest:
            runs.append(line)
        before = largest
    return runs[:3]


if __name__ == "__main__":
    raise SystemExit(main())
