"""What the browser is made to do beyond showing pages: nothing. No cookie, no storage, no other site, no CSP breach."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import BrowserContext, expect
from running_site import Site

LISTEN = """
    window.breaches = [];
    document.addEventListener("securitypolicyviolation", event =>
        window.breaches.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
"""
PATHS = [
    "/fr/",
    "/fr/ressources?q=deuil",
    "/nl/ressources?q=zzzxxq&basin=nord",
    "/fr/ressources/pspa-pallium",
    "/nl/themes/vaccination",
    "/en/bassins/nord",
    "/fr/a-propos",
    "/fr/nulle-part",
    "/fr/ressources?basin=atlantis",
]


def test_pages_keep_their_policy_store_nothing_and_ask_nobody_else(
    site: Site, new_context: Callable[..., BrowserContext]
) -> None:
    context = new_context()
    context.add_init_script(LISTEN)
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    for path in PATHS:
        response = page.goto(site.url + path)
        assert response is not None
        assert "default-src 'none'" in response.headers["content-security-policy"], path
        assert page.evaluate("window.breaches") == [], path
    page.goto(f"{site.url}/fr/ressources")
    page.locator("#q").fill("deuil")
    page.wait_for_url(lambda url: "q=deuil" in url)
    page.get_by_label("Gratuit").check()
    page.wait_for_url(lambda url: "cost=free" in url)
    page.go_back()
    expect(page.locator(".chip")).to_have_count(0)
    assert page.evaluate("window.breaches") == []
    page.goto(f"{site.url}/robots.txt")  # same origin, same tab, and none of our scripts
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    assert context.cookies() == []
    assert errors == []
    assert [url for url in asked if not url.startswith((site.url + "/", "data:"))] == []


def test_a_hostile_query_is_shown_as_text(site: Site, new_context: Callable[..., BrowserContext]) -> None:
    page = new_context().new_page()
    page.on("dialog", lambda dialog: (_ for _ in ()).throw(AssertionError(dialog.message)))
    page.goto(f"{site.url}/fr/ressources")
    hostile = '"><img src=x onerror=alert(1)><script>alert(2)</script>'
    page.locator("#q").fill(hostile)
    page.wait_for_url(lambda url: "onerror" in url)
    assert page.locator("main img, main script").count() == 0
    expect(page.locator("#q")).to_have_value(hostile)
    page.reload()
    assert page.locator("main img, main script").count() == 0
    expect(page.locator("#q")).to_have_value(hostile)
