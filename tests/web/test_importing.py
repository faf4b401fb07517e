"""Import and export in the browser: shown before it is done, by the rules of single edits, and never half.

Longer than 300 lines: each way in which a file can be wrong has its test.
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from openpyxl import Workbook, load_workbook
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from directory import audit, catalogue, upload_shelf
from directory.catalogue import Change
from directory.curation_tables import UploadedFile
from directory.exchange import tables
from directory.exports import export_catalogue
from directory.models import Proposal, Revision
from tests.directory.samples import FULL, resource
from tests.web.curators import ORIGIN, TOKEN, Browser, Desk
from web.curation import blueprint, importing

TESTS = Change("tests", "a test")


@pytest.fixture
def nora(desk: Desk) -> Browser:
    """A curator of Nord, before a catalogue of three entries."""
    with desk.services.database.write() as session:
        for document in (
            resource("a-nord"),
            resource("b-region", basins=["region"]),
            resource("c-sud", basins=["sud"]),
        ):
            catalogue.create_resource(session, document, TESTS)
    return desk.browser(desk.add("nora@asbl.example", "curator", ("nord",)))


def send(browser: Browser, name: str, content: bytes) -> TestResponse:
    """Upload a file; the answer to the form."""
    found = TOKEN.search(browser.get("import").text)
    assert found
    return post(browser, {"token": found[1], "file": FileStorage(io.BytesIO(content), name)})


def post(browser: Browser, values: dict[str, Any]) -> TestResponse:
    """Encoded here: the client would leave a temporary file open where the body is refused."""
    boundary, body = encode_multipart(values)
    kind = f'multipart/form-data; boundary="{boundary}"'
    return browser.client.post("/fr/curation/import", data=body, content_type=kind, headers=ORIGIN)


def upload(browser: Browser, name: str, content: bytes) -> str:
    """Upload a file; the path of its dry run, after /fr/curation/."""
    answer = send(browser, name, content)
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"].removeprefix("/fr/curation/")


def lines(*documents: dict[str, Any]) -> bytes:
    return "".join(json.dumps(document) + "\n" for document in documents).encode()


def workbook(*rows: list[Any]) -> bytes:
    book, file = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)  # type: ignore[union-attr]
    book.save(file)
    return file.getvalue()


def counts(answer: TestResponse) -> dict[str, int]:
    """What the page says would happen, by word."""
    found = re.search(r'<ul class="ways" id="counts">(.*?)</ul>', answer.text, re.DOTALL)
    return {word: int(n) for n, word in re.findall(r"<li>(\d+) ([^<]*)</li>", found[1] if found else "")}


def everything(desk: Desk) -> list[Any]:
    with desk.services.database.read() as session:
        revisions = session.execute(sa.select(Revision.resource_id, Revision.version, Revision.author)).all()
        proposals = session.execute(sa.select(Proposal.kind, Proposal.status, Proposal.resource)).all()
    return [*revisions, *proposals]


def test_a_file_is_shown_before_it_is_imported_and_then_stands_in_the_history(desk: Desk, nora: Browser) -> None:
    before = everything(desk)
    path = upload(nora, "Données 2026.jsonl", lines(resource("a-nord", "Changé"), resource("nouvelle")))
    shown = nora.get(path)
    assert counts(shown) == {"nouvelle": 1, "modifiée": 1}
    assert "<del>Un titre</del>" in shown.text
    assert "<ins>Changé</ins>" in shown.text
    assert everything(desk) == before
    done = nora.post(path, path, act="apply", reason="liste de novembre")
    assert done.headers["Location"] == "/fr/curation/import?done=imported"
    page = nora.get("import?done=imported")
    assert "Donnees_2026.jsonl" in page.text
    assert "1 nouvelle, 1 modifiée" in page.text
    with desk.services.database.read() as session:
        last = catalogue.list_revisions(session, "a-nord")[-1]
        (entry,) = audit.list_entries(session, action="catalogue.imported")
    assert (last.author, last.reason) == ("nora@asbl.example", "liste de novembre")
    assert entry.actor == "nora@asbl.example"


def test_what_a_curator_may_not_decide_alone_waits(desk: Desk, nora: Browser) -> None:
    documents = [resource(id_, "Autre chose", basins=[where]) for id_, where in
                 (("a-nord", "nord"), ("b-region", "region"), ("c-sud", "sud"))]  # fmt: skip
    path = upload(nora, "trois.jsonl", lines(*documents))
    assert list(counts(nora.get(path)).values()) == [1, 1, 1]
    nora.post(path, path, act="apply")
    with desk.services.database.read() as session:
        there = catalogue.get_resources(session, ["a-nord", "b-region", "c-sud"])
        waiting = {row.resource["id"]: row.status for row in session.scalars(sa.select(Proposal))}
    titles = {id_: entry["title"]["fr"] for id_, entry in there.items()}
    assert titles == {"a-nord": "Autre chose", "b-region": "Un titre", "c-sud": "Un titre"}
    assert waiting == {"b-region": "to_confirm", "c-sud": "pending"}
    other = desk.browser(desk.add("sam@asbl.example", "curator", ("sud",)))
    assert "b-region" in other.get("?status=to_confirm").text


def test_a_second_click_imports_nothing_twice(desk: Desk, nora: Browser) -> None:
    path = upload(nora, "un.jsonl", lines(resource("nouvelle")))
    page = nora.get(path).text
    nora.post(path, path, act="apply")
    before = everything(desk)
    found = TOKEN.search(page)
    assert found
    again = nora.client.post(f"/fr/curation/{path}", data={"token": found[1], "act": "apply"}, headers=ORIGIN)
    assert again.headers["Location"] == "/fr/curation/import?done=gone"
    assert everything(desk) == before
    assert nora.get(path).status_code == 404


def test_wrong_lines_are_named_and_can_be_left_out_and_mended(desk: Desk, nora: Browser) -> None:
    table = 'id;title_fr;type;organisations;themes;basins;status\nnouvelle;"Une, nouvelle";outil;Une asbl;grief;nord;published\n'
    table += "mauvaise;Café;outil;Une asbl;nulle part;nord;published\n"
    path = upload(nora, "table.csv", table.encode("cp1252"))
    shown = nora.get(path)
    assert counts(shown) == {"nouvelle": 1, "ligne refusée": 1}
    row = re.search(r'<th scope="row">3</th><td>mauvaise</td><td>([^<]*)</td><td>([^<]*)</td>', shown.text)
    assert row
    assert row[1] == "Thèmes · themes"
    assert row[2].startswith("« nulle part » n’est pas dans la liste".replace("« ", "«\u00a0").replace(" »", "\u00a0»"))
    rejected = nora.get(f"{path}/refuse")
    assert rejected.headers["Content-Disposition"] == 'attachment; filename="table.rejected.csv"'
    assert [line[0] for line in csv.reader(io.StringIO(rejected.text))] == ["id", "mauvaise"]
    assert "Café" in rejected.text
    before = everything(desk)
    assert nora.post(path, path, act="apply").status_code == 409  # all of it, or what one has been told
    assert everything(desk) == before
    assert nora.post(path, path, act="apply-good").status_code == 303
    with desk.services.database.read() as session:
        assert set(catalogue.get_resources(session, ["nouvelle", "mauvaise"])) == {"nouvelle"}


def test_columns_get_their_meaning_once_and_it_is_remembered(desk: Desk, nora: Browser) -> None:
    rows = [
        ["identifiant", "Nom", "Naam", "Machin", "soort", "organisme", "thème", "zorgzone", "statut"],
        ["nouvelle", "Un café", "Een café", "à retenir", "outil", "Une asbl", "grief", "nord", "published"],
    ]
    path = upload(nora, "liste.xlsx", workbook(*rows))
    shown = nora.get(path)
    assert "Machin" in shown.text
    assert "est inconnue" in shown.text
    assert counts(shown) == {"ligne refusée": 1}
    assert '<option value="title_nl" selected>' in shown.text
    answer = nora.post(path, path, act="map", **{"column-3": "keywords", "column-1": "title_fr", "column-8": "?"})
    assert answer.status_code == 303
    assert counts(nora.get(path)) == {"nouvelle": 1}
    nora.post(path, path, act="apply")
    with desk.services.database.read() as session:
        made = catalogue.get_resource(session, "nouvelle")
    assert made["title"] == {"fr": "Un café", "nl": "Een café"}
    assert made["keywords"] == ["à retenir"]
    rows[1][0] = "suivante"
    other = desk.browser(desk.add("nils@asbl.example", "curator", ("nord",)))
    assert counts(other.get(upload(other, "autre.xlsx", workbook(*rows)))) == {"nouvelle": 1}


def test_a_column_can_be_left_out(nora: Browser) -> None:
    path = upload(nora, "t.csv", b"id,title_fr,bizarre\na-nord,Tout autre,x\n")
    assert "est inconnue" in nora.get(path).text
    nora.post(path, path, act="map", **{"column-2": ""})
    assert counts(nora.get(path)) == {"modifiée": 1}


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("x.pdf", b"%PDF", "Choisissez un tableau"),
        ("x.csv", b"  \n", "Le fichier est vide."),
        ("", b"x", "Choisissez un fichier."),
    ],
)
def test_what_is_no_table_is_refused_on_the_spot(
    desk: Desk, nora: Browser, name: str, content: bytes, said: str
) -> None:
    answer = send(nora, name, content)
    assert answer.status_code == 422
    assert said in answer.text
    with desk.services.database.read() as session:
        assert upload_shelf.list_files(session, "nora@asbl.example", now=desk.clock.at) == []


def bomb() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"\0" * 250_000_000)
    return file.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("x.xlsx", bomb(), "beaucoup trop grand"),
        ("x.xlsx", b"id;title_fr\n", "pas un classeur"),
        ("x.xlsx", b"PK\x03\x04 broken", "illisible"),
        ("x.xls", b"\xd0\xcf\x11\xe0 old", "ancien fichier Excel"),
        ("x.xlsx", workbook(["id", "title_fr"], ["a-nord", "=1+1"]), "contient une formule"),
        ("x.csv", b'id,title_fr\na-nord,"never closed\n', "Un guillemet est ouvert"),
        ("x.csv", b"title_fr,title_fr\na,b\n", "disent la même chose"),
        ("x.jsonl", b"{\n", "objet JSON"),
        ("x.jsonl", b"[" * 100_000, "objet JSON"),
        ("x.jsonl", lines(resource("a-nord", "Un"), resource("a-nord", "Deux")), "ligne 1"),
        ("x.jsonl", lines(resource("a-nord", "Un", version=9), resource("", "Deux")), "3 à 80"),
    ],
)
def test_what_cannot_be_imported_is_told_with_what_to_do(
    desk: Desk, nora: Browser, name: str, content: bytes, said: str
) -> None:
    before = everything(desk)
    shown = nora.get(upload(nora, name, content))
    assert shown.status_code == 200
    assert said in shown.text
    assert 'value="apply"' not in shown.text
    assert everything(desk) == before


def test_a_text_that_is_a_script_is_shown_as_text(nora: Browser) -> None:
    evil = "<script>alert(1)</script>"
    shown = nora.get(upload(nora, f"{evil}.jsonl", lines(resource("a-nord", evil), {"id": evil, evil: evil})))
    assert "<script>alert" not in shown.text
    assert "&lt;script&gt;alert" in shown.text


def test_too_much_is_refused_with_a_page_of_its_own(desk: Desk, nora: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blueprint, "MAX_UPLOAD_BYTES", 2_000_000)
    answer = send(nora, "x.csv", b"x" * 2_000_001)
    assert answer.status_code == 413
    assert "Le fichier est trop grand" in answer.text
    assert '<form class="sheet"' in answer.text
    assert send(nora, "x.csv", b"x" * 1_500_000).status_code == 303  # larger than any other form may be
    monkeypatch.setattr(tables, "MAX_FILE_BYTES", 1_400_000)
    answer = send(nora, "x.csv", b"x" * 1_500_000)
    assert answer.status_code == 413
    assert "Le fichier est trop grand" in answer.text
    monkeypatch.setattr(importing, "MAX_LINES", 2)
    shown = nora.get(upload(nora, "x.jsonl", lines(*[resource(f"entree-{n}") for n in range(3)])))
    assert "plus de 2 lignes" in shown.text
    with desk.services.database.read() as session:
        assert len(upload_shelf.list_files(session, "nora@asbl.example", now=desk.clock.at)) == 2


def test_without_an_account_not_even_a_small_file_is_taken(desk: Desk) -> None:
    browser = desk.browser()
    found = TOKEN.search(browser.get("connexion").text)
    assert found
    answer = post(browser, {"token": found[1], "file": FileStorage(io.BytesIO(b"x" * 3_000_000), "x.csv")})
    assert answer.status_code == 303
    assert "/connexion" in answer.headers["Location"]
    with desk.services.database.read() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(UploadedFile)) == 0


def test_an_import_that_dies_leaves_nothing_and_can_be_taken_up_again(
    desk: Desk, nora: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = everything(desk)
    path = upload(nora, "cent.jsonl", lines(*[resource(f"entree-{n:03}") for n in range(600)]))
    real, calls = catalogue.put_resource, []

    def dying(*args: Any, **options: Any) -> str:
        calls.append(args)
        if len(calls) == 550:
            raise MemoryError
        return real(*args, **options)

    monkeypatch.setattr("directory.import_decisions.put_resource", dying)
    assert nora.post(path, "import", act="apply").status_code == 500
    monkeypatch.undo()
    assert everything(desk) == before
    assert "cent.jsonl" in nora.get("import").text
    assert nora.post(path, path, act="apply").status_code == 303
    with desk.services.database.read() as session:
        assert catalogue.count_resources(session) == 603


def test_a_file_is_nobody_elses(desk: Desk, nora: Browser) -> None:
    path = upload(nora, "un.jsonl", lines(resource("nouvelle")))
    other = desk.browser(desk.add("root@asbl.example", "admin"))
    assert other.get(path).status_code == 404
    assert other.get(f"{path}/refuse").status_code == 404
    assert other.post(path, "import", act="drop").status_code == 404
    assert nora.post(path, path, act="drop").headers["Location"].endswith("done=dropped")
    assert nora.get(path).status_code == 404


def test_the_pages_of_a_long_file_show_each_entry_once(nora: Browser) -> None:
    path = upload(nora, "n.jsonl", lines(*[resource(f"entree-{n:03}") for n in range(120)]))
    found = [set(re.findall(r">(entree-\d+) ·", nora.get(f"{path}?page={number}").text)) for number in (1, 2, 3)]
    assert [len(page) for page in found] == [50, 50, 20]
    assert len(set.union(*found)) == 120


@pytest.mark.parametrize("form", ["jsonl", "csv", "xlsx", "hsds", "csv?excel=1"])
def test_everything_comes_out_as_on_the_command_line(desk: Desk, nora: Browser, form: str) -> None:
    with desk.services.database.write() as session:
        catalogue.create_resource(session, FULL, TESTS)
    answer = nora.get(f"export/{form}")
    kind, excel = form.partition("?")[0], "excel" in form
    file = io.BytesIO()
    with desk.services.database.read() as session:
        export_catalogue(session, file, kind, lang="fr", for_excel=excel)
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="senne-2026-11-25.')
    if kind == "xlsx":
        assert [[c.value for c in row] for row in load_workbook(io.BytesIO(answer.data)).worksheets[0]] == [
            [c.value for c in row] for row in load_workbook(file).worksheets[0]
        ]
    else:
        assert answer.data == file.getvalue()
    if kind in ("jsonl", "csv", "xlsx"):
        shown = nora.get(upload(nora, f"back.{kind}", answer.data))
        assert counts(shown) == {"inchangées": 4}


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_template_can_be_filled_in_and_imported(nora: Browser, tmp_path: Path, form: str) -> None:
    answer = nora.get(f"import/modele.{form}")
    assert answer.status_code == 200
    if form == "csv":
        headings = next(csv.reader(io.StringIO(answer.text)))
        given = dict.fromkeys(headings, "") | {"title_fr": "Une idée", "type": "outil", "organisations": "Une asbl"}
        given |= {"themes": "grief", "basins": "nord", "status": "published"}
        file = io.StringIO()
        csv.writer(file).writerows([headings, given.values()])
        content = file.getvalue().encode()
    else:
        book = load_workbook(io.BytesIO(answer.data))
        sheet = book.worksheets[0]
        headings = [str(cell.value) for cell in sheet[1]]
        given = {"title_fr": "Une idée", "type": "outil", "organisations": "Une asbl", "themes": "grief"}
        given |= {"basins": "nord", "status": "published"}
        sheet.append([given.get(heading) for heading in headings])
        out = io.BytesIO()
        book.save(out)
        content = out.getvalue()
    assert counts(nora.get(upload(nora, f"rempli.{form}", content))) == {"nouvelle": 1}
