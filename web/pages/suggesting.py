"""The forms by which readers tell what is missing or wrong. No account, no cookie, no JavaScript needed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Response, g, make_response, redirect, request, url_for
from flask_babel import gettext as _
from marshmallow import ValidationError
from sqlalchemy.orm import Session

from directory.catalogue import get_resource
from directory.fields import PlainText, WebAddress
from directory.suggestions import (
    ABOUT,
    MOST_PER_DAY,
    Missing,
    Wrong,
    count_one,
    count_today,
    suggest_correction,
    suggest_missing,
)
from directory.taxonomy import LANGUAGES, taxonomy
from web.clock import today
from web.labels import basin_name
from web.pages.rendering import bp, page
from web.pages.texts import show
from web.public_forms import TRAP, comes_from_here, judge_token, make_token, sender
from web.wiring import get_services

MAX_TITLE, MAX_MESSAGE, MAX_URL = 200, 2000, 2000


@dataclass
class Form:
    """What was typed, and what is wrong with it. `problem` is about the whole, `errors` about single fields."""

    values: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    problem: str | None = None
    status: int = 200
    token: str = ""

    def value(self, name: str) -> str:
        """What stands in a field."""
        return self.values.get(name, "")

    def refuse(self, problem: str, status: int) -> None:
        """The whole cannot be taken, for this reason."""
        self.problem, self.status = problem, status


@bp.get("/proposer", endpoint="suggest")
def suggest() -> Response:
    """The form for a missing resource; `q` fills in what was looked for."""
    return _missing_page(Form(values={"title": request.args.get("q", "")[:MAX_TITLE]}))


@bp.post("/proposer", endpoint="suggest_send")
def suggest_send() -> Response:
    """Take it, or say beside each field what to change."""
    form = _read("title", "message", "url", "organisation", "basin")
    title = _text(form, "title", MAX_TITLE, _("Say what is missing."))
    message = _text(form, "message", MAX_MESSAGE, _("Say in a few words what it is and for whom."), lines=True)
    organisation = _text(form, "organisation", MAX_TITLE)
    url = _address(form)
    if form.value("basin") not in {"", *taxonomy().basins}:
        form.errors["basin"] = _("Choose a basin of the list, or none.")

    def save(session: Session) -> None:
        told = Missing(
            title=title,
            message=message,
            language=g.lang,
            url=url,
            organisation=organisation,
            basin=form.value("basin"),
        )
        suggest_missing(session, told, page=_own_address("pages.suggest"))

    thanks = url_for("pages.suggest_thanks")
    return _take(form, "missing", "", save, thanks) or _missing_page(form)


@bp.get("/proposer/merci", endpoint="suggest_thanks")
def suggest_thanks() -> Response:
    """Said after either form."""
    return _private(page("suggest_thanks.html", alternates=_alternates("pages.suggest_thanks")))


@bp.get("/ressources/<resource_id>/signaler", endpoint="report")
def report(resource_id: str) -> Response:
    """The form for what is wrong in an entry. Raises ResourceNotFound, shown as 404."""
    return _report_page(Form(), _get(resource_id))


@bp.post("/ressources/<resource_id>/signaler", endpoint="report_send")
def report_send(resource_id: str) -> Response:
    """Take it, or say beside each field what to change."""
    document = _get(resource_id)
    form = _read("about", "message", "url")
    if form.value("about") not in ABOUT:
        form.errors["about"] = _("Choose what it is about.")
    message = _text(form, "message", MAX_MESSAGE, _("Say what is wrong, and what is right if you know it."), lines=True)
    url = _address(form)

    def save(session: Session) -> None:
        told = Wrong(resource_id=resource_id, about=form.value("about"), message=message, url=url)
        suggest_correction(session, told, page=_own_address("pages.resource", resource_id=resource_id))

    thanks = url_for("pages.suggest_thanks")
    return _take(form, "wrong", resource_id, save, thanks) or _report_page(form, document)


def about_labels() -> Mapping[str, str]:
    """What a reader may report, in the order of the form."""
    return {
        "link": _("A link does not work"),
        "contact": _("A phone number, an address or a price is wrong"),
        "content": _("The description is wrong or out of date"),
        "gone": _("It does not exist any more"),
        "other": _("Something else"),
    }


def _take(form: Form, purpose: str, target: str, save: Callable[[Session], None], thanks: str) -> Response | None:
    """The answer where the form is done with; None where it has to be shown again."""
    if request.form.get(TRAP):
        return _go(thanks)  # a program: let it believe that it succeeded
    if not comes_from_here():
        form.refuse(_("This form has to be sent from this page. Check it, then send it again."), 403)
        return None
    verdict = judge_token(request.form.get("token", ""), purpose, target)
    if verdict == "good" or verdict == "young":
        form.token = request.form["token"]
    if verdict == "young":
        form.refuse(_("That was very fast. Check what you typed, then send it again."), 422)
    elif verdict != "good":
        form.refuse(_("This page was open for too long. What you typed is still here: send it again."), 422)
    if form.errors:
        form.refuse(form.problem or _("Nothing was sent yet: correct what is marked below."), 422)
    if form.problem:
        return None
    day, who = today(), sender()
    with get_services().database.write() as session:
        if count_today(session, who, day=day) >= MOST_PER_DAY:
            form.refuse(
                _("Many messages came from your connection today. Send this one tomorrow, or write to your basin."), 429
            )
            return None
        save(session)
        count_one(session, who, day=day)
    return _go(thanks)


def _read(*names: str) -> Form:
    return Form(values={name: request.form.get(name, "") for name in names})


def _text(form: Form, name: str, longest: int, missing: str | None = None, *, lines: bool = False) -> str:
    """The field's text, checked; "" with an error where it cannot be taken. `missing`: said where it is empty."""
    typed = form.value(name).strip()
    if not typed:
        if missing:
            form.errors[name] = missing
        return ""
    try:
        return PlainText(max_length=longest, lines=lines).deserialize(typed)
    except ValidationError:
        too_long = len(typed) > longest
        form.errors[name] = (
            _("This is too long: at most %(count)d characters.", count=longest)
            if too_long
            else _("This holds signs that cannot be read. Type it again.")
        )
        return ""


def _address(form: Form) -> str:
    typed = form.value("url").strip()
    if not typed:
        return ""
    full = typed if "://" in typed else f"https://{typed}"
    try:
        address = WebAddress().deserialize(full)
    except ValidationError:
        address = ""
    if not address or "." not in address:
        form.errors["url"] = _("This is not a web address. Write it like this: www.example.be")
        return ""
    return str(address)


def _missing_page(form: Form) -> Response:
    basins = [(term.id, basin_name(term.id, g.lang)) for term in taxonomy().basins.values()]
    form.token = form.token or make_token("missing")
    return _form_page("suggest.html", form, "pages.suggest", basins=basins)


def _report_page(form: Form, document: Mapping[str, Any]) -> Response:
    form.token = form.token or make_token("wrong", document["id"])
    title = show(document["title"], g.lang)
    resource = url_for("pages.resource", resource_id=document["id"])
    return _form_page(
        "report.html",
        form,
        "pages.report",
        resource_id=document["id"],
        resource_title=title,
        resource_url=resource,
        about=about_labels(),
    )


def _form_page(template: str, form: Form, endpoint: str, **context: Any) -> Response:
    target = {name: context[name] for name in ("resource_id",) if name in context}
    response = page(
        template,
        form=form,
        trap=TRAP,
        action=url_for(endpoint, **target),
        longest={"title": MAX_TITLE, "message": MAX_MESSAGE, "url": MAX_URL},
        alternates=_alternates(endpoint, **target),
        **context,
    )
    response.status_code = form.status
    return _private(response)


def _get(resource_id: str) -> dict[str, Any]:
    with get_services().database.read() as session:
        return get_resource(session, resource_id)


def _own_address(endpoint: str, **values: Any) -> str:
    return get_services().settings.public_url + url_for(endpoint, **values)


def _alternates(endpoint: str, **values: Any) -> list[tuple[str, str]]:
    return [(lang, url_for(endpoint, lang=lang, **values)) for lang in LANGUAGES]


def _private(response: Response) -> Response:
    """A dated token must not lie in a cache."""
    response.headers["Cache-Control"] = "no-store"
    return response


def _go(address: str) -> Response:
    """A reload of what follows sends nothing again."""
    return _private(make_response(redirect(address, 303)))
