"""How fields, values and proposals are called, and how a change of one is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from flask_babel import gettext as _

from directory.curation import changed_fields
from directory.misconceptions import misconceptions
from directory.quality import gain
from directory.taxonomy import label, taxonomy
from web.i18n import language_name, write_date, write_euros, write_moment
from web.labels import basin_name


@dataclass(frozen=True, slots=True)
class Line:
    """One value that changes: both sides as text, "" for absent; what was read that says so; how sure that is."""

    field: str
    label: str
    before: str
    after: str
    language: str | None = None
    evidence: str | None = None
    confidence: float | None = None


def list_lines(
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any],
    lang: str,
    *,
    evidence: Mapping[str, str] | None = None,
    confidence: Mapping[str, float] | None = None,
) -> list[Line]:
    """What a change changes, in the order of the form."""
    lines = []
    for change in changed_fields(before, after):
        root, _dot, rest = change.field.partition(".")
        if root == "id" and before is not None:
            continue
        lines.append(
            Line(
                field=change.field,
                label=field_label(change.field, lang),
                before=value_text(root, rest, change.before, lang),
                after=value_text(root, rest, change.after, lang),
                language=tail if (tail := change.field.rpartition(".")[2]) in ("fr", "nl", "en") else None,
                evidence=(evidence or {}).get(change.field) or (evidence or {}).get(root),
                confidence=(confidence or {}).get(change.field, (confidence or {}).get(root)),
            )
        )
    order = list(_field_names(lang))
    return sorted(lines, key=lambda line: _place(order, line.field))


def field_label(field: str, lang: str) -> str:
    """The name of a field as the form has it: "Titre (français)"."""
    names, parts = _field_names(lang), field.split(".")
    language = parts.pop() if parts[-1] in ("fr", "nl", "en") else None
    number = next((f" {int(part) + 1}" for part in parts if part.isdigit()), "")
    parts = [part for part in parts if not part.isdigit()]
    name = names.get(".".join(parts)) or names.get(parts[0]) or field
    return f"{name}{number} ({language_name(language, lang)})" if language else f"{name}{number}"


def value_text(root: str, rest: str, value: Any, lang: str) -> str:
    """A value as people read it."""
    if value in (None, "", [], {}):
        return ""
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if root == "links" and isinstance(value, list):
        return "\n".join(
            " · ".join(filter(None, (item["url"], _term("link_kinds", item.get("kind"), lang), item.get("language"))))
            for item in value
        )
    if isinstance(value, list):
        return "\n".join(_item_text(root, item, lang) for item in value)
    if isinstance(value, Mapping):
        return "\n".join(f"{key}: {item}" for key, item in value.items())
    lists = {"type": "types", "easy_read": "easy_read_levels"}
    if root in lists:
        return _term(lists[root], str(value), lang)
    if root == "cost" and rest == "kind":
        return _term("cost_kinds", str(value), lang)
    if root == "status":
        return status_name(str(value))
    if root == "verified_on" or rest in ("checked_on", "retrieved_on"):
        return _written(write_date, value, lang)
    if root == "cost" and rest in ("amount_eur", "bim_amount_eur"):
        return _written(write_euros, value, lang)
    return str(value)


def _written(write: Callable[[Any, str], str], value: Any, lang: str) -> str:
    """A value the reader's way; as it stands where it is not what it should be: proposals are unchecked."""
    try:
        return write(value, lang)
    except (TypeError, ValueError):
        return str(value)


def kind_name(kind: str) -> str:
    """What a proposal wants."""
    names = {
        "new": _("new entry"),
        "update": _("change"),
        "translation": _("translation"),
        "duplicate": _("duplicate"),
        "gone": _("gone"),
        "merge": _("merge"),
        "split": _("split"),
    }
    return str(names.get(kind, kind))


def proposal_status(status: str) -> str:
    """Where a proposal stands."""
    names = {
        "pending": _("to decide"),
        "to_confirm": _("to confirm"),
        "accepted": _("accepted"),
        "rejected": _("rejected"),
    }
    return str(names.get(status, status))


def audit_text(action: str) -> str:
    """What a line of the audit log tells, beside the revisions."""
    names = {
        "resource.merged": _("merged into"),
        "resource.split": _("split into itself and"),
        "resource.restored": _("restored to an earlier version"),
        "reminder.answered": _("a reminder was answered"),
    }
    return str(names.get(action, action))


def source_name(source: str, proposed_by: str | None) -> str:
    """Who proposes: a person, a reader, or the site that was read."""
    if proposed_by:
        return proposed_by
    return str(_("a reader")) if source == "public" else source


def status_name(status: str) -> str:
    """Where an entry stands."""
    names = {"draft": _("draft"), "published": _("published"), "archived": _("archived")}
    return str(names.get(status, status))


def lack_name(lack: str) -> str:
    """What an entry lacks, as a list of such entries is called."""
    names = {
        "link_dead": _("a dead link"),
        "translation_fr": _("French texts missing"),
        "translation_nl": _("Dutch texts missing"),
        "summary_short": _("no summary, or a short one"),
        "overdue": _("check overdue"),
        "never_verified": _("never checked"),
        "summary_copied": _("summary copied from the page"),
        "contact_missing": _("no contact"),
        "cost_unknown": _("price unknown"),
        "basin_missing": _("no basin"),
        "link_missing": _("no link"),
        "how_made_missing": _("not told how it was made"),
        "easy_read_missing": _("not told whether it is easy to read"),
        "audience_missing": _("not told for whom"),
        "languages_missing": _("not told in which languages"),
    }
    return str(names[lack])


def list_advice(type_: str, lacks: Iterable[str]) -> list[tuple[str, int]]:
    """What would raise the quality of an entry of this type, and by how many points."""
    words = {
        "link_dead": _("Replace the dead link."),
        "translation_fr": _("Translate the texts into French."),
        "translation_nl": _("Translate the texts into Dutch."),
        "summary_short": _("Write a summary of two or three sentences."),
        "overdue": _("Check the entry again: its check is overdue."),
        "never_verified": _("Check the whole entry, and note the day."),
        "summary_copied": _("Write the summary in your own words: it is that of the page."),
        "contact_missing": _("Give a phone number, an e-mail address or an address."),
        "cost_unknown": _("Say what it costs."),
        "basin_missing": _("Choose a basin."),
        "link_missing": _("Add a link."),
        "how_made_missing": _("Tell how it was made."),
        "easy_read_missing": _("Say whether it is easy to read."),
        "audience_missing": _("Say for whom it is."),
        "languages_missing": _("Say in which languages it is."),
    }
    return [(str(words[lack]), gain(type_, lack)) for lack in lacks]


@cache
def _field_names(_lang: str) -> dict[str, str]:
    """Every field that the form has, in its order; once for each language, which is that of the request."""
    return {
        "id": _("Address"),
        "title": _("Title"),
        "summary": _("Summary"),
        "description": _("Description"),
        "type": _("Type"),
        "themes": _("Themes"),
        "basins": _("Basins"),
        "audiences": _("For whom"),
        "languages": _("Languages of the resource"),
        "organisations": _("Made by"),
        "links": _("Links"),
        "cost": _("Price"),
        "cost.kind": _("Price"),
        "cost.amount_eur": _("Amount in euros"),
        "cost.bim_amount_eur": _("Amount with increased intervention (BIM)"),
        "cost.note": _("Note on the price"),
        "cost.checked_on": _("Price checked on"),
        "easy_read": _("Easy to read"),
        "recurring": _("Returns regularly"),
        "contact": _("Contact"),
        "contact.phone": _("Phone"),
        "contact.email": _("E-mail"),
        "contact.address.street": _("Street and number"),
        "contact.address.postal_code": _("Postal code"),
        "contact.address.commune": _("Commune"),
        "location": _("Where it takes place"),
        "location.latitude": _("Latitude"),
        "location.longitude": _("Longitude"),
        "occurrences": _("Dates"),
        "how_made": _("How it was made"),
        "how_made.steps": _("Steps"),
        "how_made.partners": _("Partners"),
        "how_made.effort": _("What it took"),
        "how_made.obstacles": _("What was difficult"),
        "how_made.recurring_since": _("Returns since"),
        "myths": _("Misconceptions it helps to answer"),
        "keywords": _("Other words people search"),
        "source": _("Source"),
        "source.url": _("Address of the source"),
        "source.citation": _("Citation"),
        "source.retrieved_on": _("Read on"),
        "source.kind": _("Kind of source"),
        "verified_on": _("Checked on"),
        "status": _("Status"),
    }


def _item_text(root: str, item: Any, lang: str) -> str:
    if isinstance(item, Mapping):
        times = {name: _written(write_moment, item[name], lang) for name in ("start", "end") if item.get(name)}
        item = {**item, **times}
        return " · ".join(str(part) for part in item.values() if part)
    lists = {"themes": "themes", "audiences": "audiences"}
    if root in lists:
        return _term(lists[root], str(item), lang)
    if root == "basins":
        return basin_name(item, lang) if item in taxonomy().basins else str(item)
    if root == "languages":
        return language_name(str(item), lang)
    if root == "myths" and item in misconceptions():
        return label(misconceptions()[item].statement, lang)
    return str(item)


def _term(list_name: str, value: Any, lang: str) -> str:
    terms = getattr(taxonomy(), list_name)
    return label(terms[value].label, lang) if value in terms else str(value or "")


def _place(order: list[str], field: str) -> int:
    parts = [part for part in field.split(".") if not part.isdigit() and part not in ("fr", "nl", "en")]
    name = ".".join(parts)
    return order.index(name) if name in order else order.index(parts[0]) if parts[0] in order else len(order)
