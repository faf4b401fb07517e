"""Changes the catalogue again and again until it is ended, and says each change once it is committed.

Run as a program: `python writer.py DATABASE_URL ID`. Each line it prints is the number of a committed change, which
is also in the entry's title.
"""

from __future__ import annotations

import sys
from itertools import count

from directory.catalogue import Change, put_resource
from directory.database import Database

WRITER = Change("writer", "a change under fire")


def document(resource_id: str, number: int) -> dict[str, object]:
    """The entry after change `number`; its second title word is one that no other entry has."""
    return {
        "id": resource_id,
        "type": "tool",
        "title": {"fr": f"Essai {word(number)}"},
        "summary": {"fr": "Un essai."},
        "status": "published",
        "organisations": [{"name": "Asbl Essai"}],
        "themes": ["grief"],
        "basins": ["nord"],
    }


def word(number: int) -> str:
    """A number as a word of letters far from one another: a typo of one is no other."""
    return "zq" + "".join("bdfghjklmnprstvw"[int(digit, 16)] * 2 for digit in f"{number:x}") + "qz"


def main(url: str, resource_id: str, first: int) -> None:
    database = Database(url)
    for number in count(first):
        with database.write() as session:
            put_resource(session, document(resource_id, number), WRITER)
        print(number, flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
