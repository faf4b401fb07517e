"""Sends mail through the server that the settings name. Where none is named, what would be sent is shown instead."""

from __future__ import annotations

import logging
import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from urllib.parse import unquote, urlsplit

from directory.settings import Settings

log = logging.getLogger(__name__)
TIMEOUT_S = 15


@dataclass(frozen=True)
class Letter:
    """One plain-text mail to one address."""

    to: str
    subject: str
    text: str


def can_send(settings: Settings) -> bool:
    """Whether the settings name a mail server."""
    return settings.smtp_url is not None and settings.mail_from is not None


def send(settings: Settings, letter: Letter) -> bool:
    """Hand the letter to the server; False where it does not take it: that is logged, without the address."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = settings.mail_from, letter.to, letter.subject
    message["Date"], message["Message-ID"] = formatdate(), make_msgid(domain=str(settings.mail_from).rpartition("@")[2])
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday answers
    message.set_content(letter.text)
    try:
        with _connect(str(settings.smtp_url)) as server:
            server.send_message(message)
    except (OSError, smtplib.SMTPException) as error:
        log.error("mail_failed", extra={"reason": f"{type(error).__name__}: {error}"})
        return False
    return True


def _connect(url: str) -> smtplib.SMTP:
    """A session with the server, encrypted where it can be; a password is never sent in the clear."""
    parts = urlsplit(url)
    host, context = parts.hostname or "", ssl.create_default_context()
    if parts.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, parts.port or 465, timeout=TIMEOUT_S, context=context)
    else:
        server = smtplib.SMTP(host, parts.port or 25, timeout=TIMEOUT_S)
        server.ehlo()
        if server.has_extn("starttls"):
            server.starttls(context=context)
            server.ehlo()
        elif parts.username:
            server.close()
            raise smtplib.SMTPException("the server offers no encryption, and a password is to be sent")
    if parts.username:
        server.login(unquote(parts.username), unquote(parts.password or ""))
    return server
