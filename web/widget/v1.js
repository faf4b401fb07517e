/*
 * Senne's search box for other sites: <senne-search basin="nord" theme="vaccination" lang="fr">.
 *
 * One file, no import, no build: longer than our other modules because a host's policy and cache then deal with one
 * address only. It stores nothing, sets no cookie and speaks to Senne alone, which is wherever this file came from.
 * The form inside the element is what readers use without it; docs/widget.md says the rest.
 */

const BASE = new URL("..", import.meta.url);
const LANGUAGES = ["fr", "nl", "en"]; // the order in which texts fall back, as everywhere in Senne
const BASINS = ["nord", "nord-est", "centre-ouest", "sud", "sud-est", "region"];
const DEBOUNCE_MS = 150;
const ANNOUNCE_MS = 1400; // screen readers echo letters first; a count read sooner would cut them off
const TIMEOUT_MS = 10000;
const NEAR = "300px";

const TEXTS = {
  fr: {
    label: "Que cherchez-vous ?",
    button: "Rechercher",
    hint: "Les résultats s’affichent pendant que vous écrivez.",
    count: (n, total) => `${n} ${total < 2 ? "ressource" : "ressources"}`,
    local: (n) => `, dont ${n} dans ce bassin`,
    none: "Aucune ressource trouvée.",
    loosen: "Chercher dans tout Senne",
    all: (n) => `Voir les ${n} ressources sur Senne`,
    open: "Ouvrir cette recherche sur Senne",
    down: "Senne ne répond pas pour l’instant. La recherche complète reste à cette adresse :",
    page: "Ouvrir la recherche sur Senne",
    retry: "Réessayer",
    wrong: (terms) => `Cette recherche est mal réglée : Senne ne connaît pas ${terms}.`,
    home: "Senne, répertoire social-santé de Bruxelles",
    inLanguage: { fr: "en français", nl: "en néerlandais", en: "en anglais" },
  },
  nl: {
    label: "Wat zoekt u?",
    button: "Zoeken",
    hint: "De resultaten verschijnen terwijl u typt.",
    count: (n, total) => `${n} ${total === 1 ? "resultaat" : "resultaten"}`,
    local: (n) => `, waarvan ${n} in deze zorgzone`,
    none: "Niets gevonden.",
    loosen: "Zoeken in heel Senne",
    all: (n) => `Bekijk de ${n} resultaten op Senne`,
    open: "Open deze zoekopdracht op Senne",
    down: "Senne antwoordt even niet. Het volledige aanbod blijft op dit adres:",
    page: "Zoeken op Senne",
    retry: "Opnieuw proberen",
    wrong: (terms) => `Deze zoekfunctie is verkeerd ingesteld: Senne kent ${terms} niet.`,
    home: "Senne, sociaal-medische wegwijzer van Brussel",
    inLanguage: { fr: "in het Frans", nl: "in het Nederlands", en: "in het Engels" },
  },
  en: {
    label: "What are you looking for?",
    button: "Search",
    hint: "Results appear as you type.",
    count: (n, total) => `${n} ${total === 1 ? "resource" : "resources"}`,
    local: (n) => `, ${n} of them in this basin`,
    none: "No resource found.",
    loosen: "Search all of Senne",
    all: (n) => `See all ${n} resources on Senne`,
    open: "Open this search on Senne",
    down: "Senne is not answering right now. The full search stays at this address:",
    page: "Open the search on Senne",
    retry: "Try again",
    wrong: (terms) => `This search is set up wrongly: Senne does not know ${terms}.`,
    home: "Senne, social-health directory of Brussels",
    inLanguage: { fr: "in French", nl: "in Dutch", en: "in English" },
  },
};

/* `all: initial` on the inner box, not on :host, because the site's own rules win on :host. `medium` is the
   reader's font size whatever the site makes of 1rem. Colours follow the site's color-scheme, so that a light
   site never holds a dark box. */
const CSS = `
:host { display: block }
:host([hidden]) { display: none }
.senne {
  all: initial; color-scheme: inherit; display: block; container-type: inline-size;
  font: var(--senne-font-size, medium)/1.5 var(--senne-font, system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif);
  --_ground: var(--senne-ground, #fff); --_ink: var(--senne-ink, #1c2326); --_quiet: var(--senne-quiet, #566166);
  --_line: var(--senne-line, #ddd8ca); --_edge: var(--senne-edge, #7b8487); --_mark: var(--senne-mark, #ffe9a8);
  --_rest: #eeeae0; --_on: var(--senne-on-basin, #fff); --_radius: var(--senne-radius, 6px);
  --_region: var(--senne-region, #0e5a61); --_nord: var(--senne-nord, #1d5fa6); --_nord-est: var(--senne-nord-est, #7b3f98);
  --_centre-ouest: var(--senne-centre-ouest, #b0303f); --_sud: var(--senne-sud, #2a7549); --_sud-est: var(--senne-sud-est, #9a5200);
}
@supports (color: light-dark(red, red)) {
  .senne {
    --_ground: var(--senne-ground, light-dark(#fff, #1a2428)); --_ink: var(--senne-ink, light-dark(#1c2326, #e8ecec));
    --_quiet: var(--senne-quiet, light-dark(#566166, #a9b4b6)); --_line: var(--senne-line, light-dark(#ddd8ca, #36444a));
    --_edge: var(--senne-edge, light-dark(#7b8487, #7f8d91)); --_mark: var(--senne-mark, light-dark(#ffe9a8, #4a3d12));
    --_rest: light-dark(#eeeae0, #26343a); --_on: var(--senne-on-basin, light-dark(#fff, #12191c));
    --_region: var(--senne-region, light-dark(#0e5a61, #7fd0d6)); --_nord: var(--senne-nord, light-dark(#1d5fa6, #8fbff2));
    --_nord-est: var(--senne-nord-est, light-dark(#7b3f98, #d3a6ea)); --_centre-ouest: var(--senne-centre-ouest, light-dark(#b0303f, #f59aa3));
    --_sud: var(--senne-sud, light-dark(#2a7549, #8cd3a6)); --_sud-est: var(--senne-sud-est, light-dark(#9a5200, #f2b56b));
  }
}
${BASINS.map((basin) => `.${basin} { --_basin: var(--_${basin}) }`).join("\n")}
* { box-sizing: border-box }
.box {
  position: relative; font-size: 1.0625em; color: var(--_ink); background: var(--_ground); border: 1px solid var(--_line); border-radius: var(--_radius);
  padding: 1.25em 1.25em .5em; overflow-wrap: anywhere; hyphens: auto; text-align: start;
}
.river { display: block; width: 4.5em; height: .75em; margin-bottom: .6em; fill: none; stroke: var(--_basin); stroke-width: 3; stroke-linecap: round }
h2, h3, h4, h5, h6 { font-size: 1.3em; line-height: 1.3; margin: 0 0 .6em; text-wrap: balance }
label { display: block; font-weight: 600; margin-bottom: .35em }
.ask { display: flex; gap: .5em }
input, button {
  font: inherit; color: inherit; min-height: 52px; border-radius: var(--_radius); margin: 0;
}
input {
  flex: 1; min-width: 0; width: 100%; padding: 0 .8em; background: var(--_ground); border: 1px solid var(--_edge); appearance: none;
}
button {
  display: flex; align-items: center; justify-content: center; gap: .5em; min-width: 52px; padding: 0 .9em; cursor: pointer;
  color: var(--_on); background: var(--_basin); border: 1px solid var(--_basin); font-weight: 600;
}
button svg { width: 1.2em; height: 1.2em; flex: none; fill: none; stroke: currentColor; stroke-width: 2; stroke-linecap: round }
button.retry { color: inherit; background: none; min-height: 44px }
:focus-visible { outline: 3px solid var(--_basin); outline-offset: 2px }
.results:focus { outline: none }
.results { min-height: var(--senne-min-height, 12em) }
p { margin: 0 }
.count { color: var(--_quiet); padding: .9em 0 .6em; min-height: 3em }
ul { list-style: none; margin: 0; padding: 0 }
li, .foot { border-top: 1px solid var(--_line) }
li { padding: .7em 0 .8em; display: flow-root }
.kind, .where, .badge { color: var(--_quiet); font-size: .875em }
a { color: inherit; text-decoration: underline; text-decoration-thickness: 1px; text-underline-offset: .18em; border-radius: 2px }
a:hover { color: var(--_basin); text-decoration-thickness: 2px }
.title { display: inline-block; font-size: 1.15em; line-height: 1.3; font-weight: 600; padding: .5em 0; margin: -.3em 0 -.15em; min-height: 44px; max-width: 100% }
.summary { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 3; overflow: hidden; max-width: 72ch }
mark { color: inherit; background: var(--_mark); border-radius: 2px }
.where { display: flex; flex-wrap: wrap; align-items: baseline; gap: .2em 1em; margin-top: .4em }
.dot { display: inline-block; width: .65em; height: .65em; border-radius: 50%; margin-inline-end: .45em; background: var(--_basin) }
.badge { border: 1px solid var(--_line); border-radius: 1em; padding: 0 .6em }
.foot { display: flex; flex-wrap: wrap; align-items: center; gap: 0 1.5em; padding-top: .2em }
.foot a, .say a { display: inline-flex; align-items: center; min-height: 44px; padding: .4em 0; line-height: 1.3 }
.foot a:first-child { font-weight: 600 }
.foot .home { color: var(--_quiet); font-size: .875em; margin-inline-start: auto }
.say { padding: .9em 0; max-width: 60ch }
.say div { display: flex; flex-wrap: wrap; align-items: center; gap: .3em 1.2em; margin-top: .3em }
.rest li { min-height: 9.2em; padding-top: 1.2em }
.rest i { display: block; height: .8em; border-radius: .4em; background: var(--_rest); margin-bottom: 1em; width: 100% }
.rest i:first-child { width: 25% }
.rest i:nth-child(2) { width: 55%; height: 1.1em }
.hide { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap }
@container (width < 26em) {
  .box { padding: 1em 1em .4em }
  .rest li { min-height: 11.5em }
  .ask span { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%) }
}
@media (prefers-reduced-motion: no-preference) {
  .busy .river { animation: flow 1.2s ease-in-out infinite alternate }
  @keyframes flow { to { opacity: .25 } }
}
@media (forced-colors: active) {
  .dot { background: CanvasText }
  .river { stroke: CanvasText }
  mark { background: Mark; color: MarkText }
}
`;

let sheet;

/** The one stylesheet of all widgets of the page, parsed when the first needs it. */
function styles() {
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(CSS);
  }
  return sheet;
}

/** An element. Attributes that are null, undefined or false are left out; texts stay texts. */
function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

function drawing(viewBox, path, className) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
  svg.setAttribute("viewBox", viewBox);
  svg.setAttribute("aria-hidden", "true");
  if (className) svg.setAttribute("class", className);
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}

const ENTITIES = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

function decode(text) {
  return text.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(amp|lt|gt|quot|apos));/gi, (whole, hex, decimal, name) => {
    if (name) return ENTITIES[name.toLowerCase()];
    const code = hex ? parseInt(hex, 16) : Number(decimal);
    return code && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

/** Nodes of a highlight ("escaped text with <mark>…</mark>"). Anything else in it is shown as the text it is. */
export function marked(html) {
  const nodes = [];
  let inMark = false;
  for (const part of html.split(/(<\/?mark>)/)) {
    if (part === "<mark>" || part === "</mark>") inMark = part === "<mark>";
    else if (part) nodes.push(inMark ? make("mark", { part: "mark" }, decode(part)) : decode(part));
  }
  return nodes;
}

/** The address if a reader may be sent there, else null: an answer never brings us a javascript: link. */
function webAddress(url) {
  try {
    const address = new URL(url, BASE);
    return /^https?:$/.test(address.protocol) ? address.href : null;
  } catch {
    return null;
  }
}

const words = (text) => (text ?? "").split(/\s+/).filter(Boolean);

/** The supported language of a lang attribute ("nl-BE" → "nl"), or undefined. */
const supported = (tag) => LANGUAGES.find((language) => language === (tag ?? "").trim().toLowerCase().split("-")[0]);

/** The language around an element, out of shadow trees too: the nearest lang that we speak, else French. */
function languageAt(element) {
  for (let node = element; node; node = node.parentElement ?? node.getRootNode().host) {
    const found = node.hasAttribute("lang") && supported(node.getAttribute("lang"));
    if (found) return found;
  }
  return "fr";
}

class SenneSearch extends HTMLElement {
  static observedAttributes = ["basin", "theme", "lang", "limit", "heading", "heading-level"];

  #parts = null; // the elements that change; null until first connected
  #options = null;
  #request = null; // AbortController of the answer we wait for
  #asked = false; // whether the list was ever asked for
  #observer = null;
  #timer = 0; // of the pause in typing
  #announcement = 0;
  #changing = false;

  constructor() {
    super();
    this.attachShadow({ mode: "open", delegatesFocus: true }).adoptedStyleSheets = [styles()];
  }

  connectedCallback() {
    this.#build();
  }

  disconnectedCallback() {
    this.#stop();
    this.#observer?.disconnect();
  }

  attributeChangedCallback(_name, before, after) {
    if (!this.isConnected || !this.#parts || before === after || this.#changing) return;
    this.#changing = true; // several attributes set in a row are one change
    queueMicrotask(() => {
      this.#changing = false;
      if (this.isConnected) this.#build();
    });
  }

  #read() {
    const lang = languageAt(this);
    const limit = Number.parseInt(this.getAttribute("limit") ?? "5", 10);
    const level = Number.parseInt(this.getAttribute("heading-level") ?? "2", 10);
    return {
      basins: words(this.getAttribute("basin")),
      themes: words(this.getAttribute("theme")),
      lang,
      texts: TEXTS[lang],
      limit: Math.min(10, Math.max(1, limit || 5)),
      heading: this.getAttribute("heading")?.trim(),
      level: Math.min(6, Math.max(2, level || 2)),
    };
  }

  /** Draw the box anew; what was typed and where the cursor stood are kept. */
  #build() {
    this.#stop();
    this.#observer?.disconnect();
    const before = this.#parts?.input ?? this.querySelector('input[name="q"]');
    const active = this.shadowRoot.activeElement ?? (this.contains(document.activeElement) ? document.activeElement : null);
    const focused = Boolean(before) && active === before;
    this.#options = this.#read();
    this.#parts = this.#draw(before?.value ?? "");
    this.shadowRoot.replaceChildren(this.#parts.root);
    if (focused) {
      this.#parts.input.focus({ preventScroll: true });
      this.#parts.input.setSelectionRange(before.selectionStart, before.selectionEnd);
    }
    if (this.#asked || focused) this.#load();
    else this.#loadWhenNear();
  }

  #draw(typed) {
    const { texts, basins, themes, lang, heading, level, limit } = this.#options;
    const input = make("input", { id: "q", name: "q", type: "search", autocomplete: "off", enterkeyhint: "search", maxlength: 512, "aria-describedby": "hint", part: "input" });
    input.value = typed;
    const form = make(
      "form",
      { action: this.#page("", { bare: true }), method: "get", role: "search", "aria-label": this.#name() },
      make("label", { for: "q", part: "label" }, texts.label),
      make(
        "div",
        { class: "ask" },
        input,
        make("button", { type: "submit", part: "button" }, drawing("0 0 20 20", "M13 13l5 5M8.5 15a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13z"), make("span", {}, texts.button)),
      ),
      make("span", { id: "hint", class: "hide" }, texts.hint),
      ...[...basins.map((basin) => ["basin", basin]), ...themes.map((theme) => ["theme", theme])].map(([name, value]) =>
        make("input", { type: "hidden", name, value }),
      ),
    );
    // Focusable by script only: a click on a result's text then leaves the cursor out of the box (delegatesFocus).
    const results = make("div", { class: "results", tabindex: -1, part: "results" }, this.#placeholder(limit));
    const status = make("div", { role: "status", class: "hide" });
    const basin = basins.length === 1 && BASINS.includes(basins[0]) ? basins[0] : "region";
    const box = make(
      "div",
      { class: "box", part: "box" },
      drawing("0 0 72 12", "M2 6c6-6 11-6 17 0s11 6 17 0 11-6 17 0 11 6 17 0", "river"),
      heading ? make(`h${level}`, { part: "heading" }, heading) : null,
      form,
      results,
      status,
    );
    input.addEventListener("input", () => this.#typed());
    box.addEventListener("focusin", () => this.#asked || this.#load(), { once: true });
    return { root: make("div", { class: `senne ${basin}`, lang }, box), box, form, input, results, status };
  }

  /** Room for the list before it is there, so that the page below does not move. */
  #placeholder(rows) {
    const row = () => make("li", {}, make("i"), make("i"), make("i"), make("i"));
    return make("div", { class: "rest", "aria-hidden": "true" }, make("p", { class: "count" }), make("ul", {}, ...Array.from({ length: rows }, row)));
  }

  #loadWhenNear() {
    if (!("IntersectionObserver" in window)) {
      this.#load();
      return;
    }
    this.#observer = new IntersectionObserver(
      (entries) => {
        if (!entries.some((entry) => entry.isIntersecting)) return;
        this.#observer.disconnect();
        if (!this.#asked) this.#load();
      },
      { rootMargin: NEAR },
    );
    this.#observer.observe(this);
  }

  #typed() {
    this.#stop();
    this.#parts.status.textContent = "";
    this.#timer = setTimeout(() => this.#load({ announce: true }), DEBOUNCE_MS);
  }

  /** Forget the pause, the announcement and the answer under way. */
  #stop() {
    clearTimeout(this.#timer);
    clearTimeout(this.#announcement);
    this.#request?.abort();
    this.#request = null;
    this.#parts?.box.classList.remove("busy");
  }

  async #load({ announce = false } = {}) {
    this.#stop();
    this.#asked = true;
    const request = new AbortController();
    this.#request = request;
    const text = this.#parts.input.value.trim();
    const timeout = setTimeout(() => request.abort(), TIMEOUT_MS);
    this.#parts.box.classList.add("busy");
    try {
      const response = await fetch(this.#api(text), { signal: request.signal, credentials: "omit", referrerPolicy: "strict-origin" });
      const answer = await response.json();
      if (this.#request !== request) return;
      if (response.status === 422) this.#showWrong(answer);
      else if (!response.ok || !Array.isArray(answer.hits)) throw new Error(`HTTP ${response.status}`);
      else this.#showHits(text, answer, announce);
    } catch {
      if (this.#request === request) this.#showDown(text, announce);
    } finally {
      clearTimeout(timeout);
      if (this.#request === request) {
        this.#request = null;
        this.#parts.box.classList.remove("busy");
      }
    }
  }

  #terms(parameters) {
    for (const basin of this.#options.basins) parameters.append("basin", basin);
    for (const theme of this.#options.themes) parameters.append("theme", theme);
    return parameters;
  }

  #api(text) {
    const url = new URL("api/v1/search", BASE);
    if (text) url.searchParams.append("q", text);
    this.#terms(url.searchParams).append("lang", this.#options.lang);
    url.searchParams.append("per_page", this.#options.limit);
    return url;
  }

  /** Senne's own page for this search; `bare`: without parameters; `everywhere`: without basin and theme. */
  #page(text, { bare = false, everywhere = false } = {}) {
    const url = new URL(`${this.#options.lang}/ressources`, BASE);
    if (bare) return url.href;
    if (text) url.searchParams.append("q", text);
    return (everywhere ? url : (this.#terms(url.searchParams), url)).href;
  }

  #showHits(text, answer, announce) {
    const { texts, lang, basins, limit } = this.#options;
    const facet = (name) => new Map((answer.facets?.[name] ?? []).map((value) => [value.value, value]));
    const facets = { basin: facet("basin"), theme: facet("theme"), type: facet("type") };
    const local = basins.length === 1 && basins[0] !== "region" ? facets.basin.get(basins[0])?.count : 0;
    const number = answer.total.toLocaleString(lang);
    const count = answer.total ? texts.count(number, answer.total) + (local ? texts.local(local.toLocaleString(lang)) : "") : texts.none;
    const link =
      answer.total > Math.min(limit, answer.hits.length)
        ? make("a", { href: this.#page(text), part: "all" }, texts.all(number))
        : make("a", { href: this.#page(text, { everywhere: !answer.total }), part: "all" }, answer.total ? texts.open : texts.loosen);
    this.#parts.form.setAttribute("aria-label", this.#name(facets));
    this.#parts.results.replaceChildren(
      make("p", { class: "count", part: "count" }, count),
      ...(answer.hits.length ? [make("ul", { role: "list", part: "list" }, ...answer.hits.map((hit) => this.#hit(hit, facets)))] : []),
      make("div", { class: "foot" }, link, make("a", { class: "home", href: new URL(`${lang}/`, BASE).href, title: texts.home, part: "home" }, "Senne")),
    );
    if (announce) this.#announce(count, answer.total ? ANNOUNCE_MS : 0);
  }

  /** Two boxes on one page must not have one name: basin and themes join the label, as terms until their names are known. */
  #name(facets) {
    const { texts, heading, basins, themes } = this.#options;
    const named = (facet) => (term) => facets?.[facet].get(term)?.label ?? term;
    return heading || `${texts.label} ${[...basins.map(named("basin")), ...themes.map(named("theme"))].join(", ")}`.trim();
  }

  #hit(hit, facets) {
    const { texts, lang, themes } = this.#options;
    const shown = (field) => [lang, ...LANGUAGES].find((language) => hit[field]?.[language]) ?? lang;
    const foreign = (language) => (language === lang ? null : language);
    const nodes = (field) => marked(hit.highlight?.[field] ?? "");
    const kinds = [facets.type.get(hit.type), ...(hit.themes ?? []).filter((theme) => !themes.includes(theme)).slice(0, 2).map((theme) => facets.theme.get(theme))];
    const badge = foreign(shown("title")) ?? foreign(shown("summary"));
    return make(
      "li",
      { part: "result" },
      make("p", { class: "kind", part: "kind" }, kinds.filter(Boolean).map((term) => term.label).join(" · ")),
      make("a", { class: "title", href: webAddress(hit.url), lang: foreign(shown("title")), part: "title" }, ...nodes("title")),
      make("p", { class: "summary", lang: foreign(shown("summary")), part: "summary" }, ...nodes("summary")),
      make(
        "p",
        { class: "where" },
        ...(hit.basins ?? []).map((basin) =>
          make("span", { class: BASINS.includes(basin) ? basin : "region" }, make("span", { class: "dot", "aria-hidden": "true" }), facets.basin.get(basin)?.label ?? basin),
        ),
        badge ? make("span", { class: "badge", part: "badge" }, texts.inLanguage[badge]) : null,
      ),
    );
  }

  #showDown(text, announce) {
    const { texts } = this.#options;
    const retry = make("button", { type: "button", class: "retry", part: "retry" }, texts.retry);
    retry.addEventListener("click", () => {
      this.#parts.input.focus();
      this.#load({ announce: true });
    });
    this.#say(texts.down, make("a", { href: this.#page(text) }, texts.page), retry);
    if (announce) this.#announce(texts.down, 0);
  }

  /** Senne refused the attributes: tell the reader plainly, and whoever keeps the site in the console. */
  #showWrong(problem) {
    const { texts, basins, themes } = this.#options;
    const terms = [...basins.map((basin) => `basin="${basin}"`), ...themes.map((theme) => `theme="${theme}"`)].join(" ");
    console.warn("<senne-search>", terms, problem);
    this.#say(texts.wrong(terms), make("a", { href: this.#page("", { everywhere: true }) }, texts.page));
  }

  #say(sentence, ...actions) {
    this.#parts.results.replaceChildren(make("div", { class: "say", part: "message" }, make("p", {}, sentence), make("div", {}, ...actions)));
  }

  /** For screen readers, only while the reader is in the box: never a count out of the blue. */
  #announce(sentence, pause) {
    this.#announcement = setTimeout(() => {
      if (this.shadowRoot.activeElement) this.#parts.status.textContent = sentence;
    }, pause);
  }
}

// A browser too old for the parts used here keeps the plain form.
if ("adoptedStyleSheets" in Document.prototype && "replaceSync" in CSSStyleSheet.prototype && !customElements.get("senne-search")) {
  customElements.define("senne-search", SenneSearch);
}
