"""The addresses in the form of an entry, looked at while one writes: what is there, in words, beside the field."""

from __future__ import annotations

from typing import Any

from flask import Response, current_app, jsonify, request
from flask_babel import gettext as _

from directory.link_health import Sighting
from directory.quality import addresses
from web.curation.entry_form import EntryForm, LinkNote, edit_page
from web.link_tools import make_link_tools
from web.wiring import get_services

MOST = 20  #: addresses of one form


def show_links(document: dict[str, Any], form: EntryForm) -> Response:
    """The form again with what was found; as JSON, by address, where a script asks."""
    found = look_at_links(document)
    if request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json":
        return jsonify({url: {"text": note.text, "good": note.good} for url, note in found.items()})
    return edit_page(document, form, found=found)


def look_at_links(document: dict[str, Any]) -> dict[str, LinkNote]:
    """What is at each address of an entry as it was typed; only public addresses are visited."""
    from crawler.link_look import DELAY_S, QUICK, look_at  # late: what reads pages takes a second to load

    tools = make_link_tools(
        get_services(),
        delay_s=DELAY_S,
        allow_private=bool(current_app.config.get("VISIT_PRIVATE_ADDRESSES")),  # set by tests alone
        limits=QUICK,
    )
    source = (document.get("source") or {}).get("url")
    urls = list(dict.fromkeys([*addresses(document), *([source] if source else [])]))
    notes = {url: tell_sighting(sighting) for url, sighting in look_at(urls[:MOST], tools).items()}
    return notes | {
        url: LinkNote(str(_("Not looked at: too many addresses at once.")), good=False) for url in urls[MOST:]
    }


def tell_sighting(sighting: Sighting) -> LinkNote:
    """What one look says. A refusal, or silence, says nothing about the page: people may well see it."""
    if sighting.outcome == "ok":
        title = f" – {sighting.title[:100]}" if sighting.title else ""
        return LinkNote(_("It answers.") + title, good=True)
    if sighting.outcome == "moved":
        return LinkNote(str(_("It leads for good to %(target)s", target=sighting.target)), good=False)
    if sighting.outcome == "gone":
        reasons = {
            "no_such_host": _("This site does not exist."),
            "for_sale": _("This domain is for sale."),
            "leads_home": _("The page is gone: the address leads to the home page of its site."),
        }
        return LinkNote(str(reasons.get(sighting.reason) or _("The page is not there.")), good=False)
    reasons = {
        "bad_address": _("This is not a web address."),
        "private_address": _("This address is not public; it is not visited."),
        "port": _("This address is not public; it is not visited."),
        "robots": _("The site does not want programs to look; open it yourself."),
        "no_time": _("There was no time to look; try again in a while."),
        "host_busy": _("The site is being visited just now; try again in a while."),
        "login": _("It asks for a login; open it yourself."),
    }
    usual = _("It could not be looked at; open it yourself.")
    return LinkNote(str(reasons.get(sighting.reason) or usual), good=False)
