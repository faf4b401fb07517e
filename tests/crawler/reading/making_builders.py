"""One page in the HTML that common site builders make of it, with their menus, side columns and footers. All invented."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

SITE = "Réseau Coin de Rue"
MENU = ("Accueil", "Nos activités", "Documentation utile", "Notre équipe", "Nous contacter")
ASIDE = ("Prochainement chez nous", "Balade du samedi matin", "Soirée des bénévoles")
FOOTER = "Réseau Coin de Rue asbl, rue des Palais 44, 1030 Schaerbeek – 02 244 10 10 – © 2026"
COOKIES = "Nous utilisons des cookies pour améliorer votre visite."


@dataclass(frozen=True)
class Content:
    """title, paragraphs of the text, and items (title, teaser) that each lead to a page of their own."""

    title: str
    paragraphs: Sequence[str] = ()
    items: Sequence[tuple[str, str]] = ()


Builder = Callable[[Content], str]


def _links(element: str = "li", css: str = "menu-item") -> str:
    return "".join(f'<{element} class="{css}"><a href="/m{i}/">{text}</a></{element}>' for i, text in enumerate(MENU))


def _page(title: str, body: str, css: str = "") -> str:
    return (
        f'<!doctype html><html lang="fr-FR"><head><meta charset="utf-8"><title>{title} – {SITE}</title></head>'
        f'<body class="{css}">{body}</body></html>'
    )


def elementor(content: Content) -> str:
    """WordPress with Elementor: every text in five elements, headings of any level, a header of its own template."""

    def widget(kind: str, inner: str) -> str:
        return (
            f'<div class="elementor-element elementor-widget elementor-widget-{kind}" data-widget_type="{kind}.default">'
            f'<div class="elementor-widget-container">{inner}</div></div>'
        )

    items = "".join(
        '<article class="elementor-post elementor-grid-item"><div class="elementor-post__card"><div class="elementor-post__text">'
        f'<h3 class="elementor-post__title"><a href="/p{i}/">{title}</a></h3><div class="elementor-post__excerpt"><p>{teaser}</p></div>'
        f'<a class="elementor-post__read-more" href="/p{i}/">Lire la suite »</a></div></div></article>'
        for i, (title, teaser) in enumerate(content.items)
    )
    texts = "".join(widget("text-editor", f"<p>{text}</p>") for text in content.paragraphs)
    inner = (
        widget("heading", f'<h2 class="elementor-heading-title elementor-size-default">{content.title}</h2>') + texts
    )
    inner += (
        widget("posts", f'<div class="elementor-posts-container elementor-posts elementor-grid">{items}</div>')
        if items
        else ""
    )
    aside = widget("heading", f'<h4 class="elementor-heading-title">{ASIDE[0]}</h4>') + widget(
        "icon-list",
        "<ul class='elementor-icon-list-items'>"
        + "".join(f'<li><a href="/a/{i}">{text}</a></li>' for i, text in enumerate(ASIDE[1:]))
        + "</ul>",
    )
    logo = widget("site-logo", f"<a href='/'><img src='/l.png' alt='{SITE}'></a>")
    menu = widget("nav-menu", f"<nav class='elementor-nav-menu--main'><ul>{_links()}</ul></nav>")
    foot = widget("text-editor", f"<p>{FOOTER}</p>")
    return _page(
        content.title,
        f'<header data-elementor-type="header" class="elementor elementor-location-header"><div class="e-con">{logo}{menu}</div></header>'
        '<div data-elementor-type="wp-page" class="elementor elementor-55"><section class="elementor-section"><div class="elementor-container">'
        f'<div class="elementor-column elementor-col-66"><div class="elementor-widget-wrap">{inner}</div></div>'
        f'<div class="elementor-column elementor-col-33 sidebar"><div class="elementor-widget-wrap">{aside}</div></div></div></section></div>'
        f'<footer data-elementor-type="footer" class="elementor elementor-location-footer">{foot}</footer>',
        "page-template-default page elementor-default elementor-page",
    )


def gutenberg(content: Content) -> str:
    """WordPress blocks (a block theme): groups, columns, a query loop."""
    texts = "".join(f'<p class="wp-block-paragraph">{text}</p>' for text in content.paragraphs)
    items = "".join(
        f'<li class="wp-block-post post"><h2 class="wp-block-post-title"><a href="/p{i}/">{title}</a></h2><div class="wp-block-post-excerpt"><p>{teaser}</p></div></li>'
        for i, (title, teaser) in enumerate(content.items)
    )
    loop = f'<div class="wp-block-query"><ul class="wp-block-post-template">{items}</ul></div>' if items else ""
    return _page(
        content.title,
        f'<div class="wp-site-blocks"><header class="wp-block-template-part"><p class="wp-block-site-title"><a href="/" rel="home">{SITE}</a></p>'
        f'<nav class="wp-block-navigation"><ul>{_links()}</ul></nav></header>'
        f'<main class="wp-block-group"><h1 class="wp-block-post-title">{content.title}</h1><div class="entry-content wp-block-post-content">{texts}{loop}</div></main>'
        f'<aside class="wp-block-template-part"><h2>{ASIDE[0]}</h2><ul class="wp-block-latest-posts">'
        + "".join(f'<li><a href="/a/{i}">{text}</a></li>' for i, text in enumerate(ASIDE[1:]))
        + "</ul></aside>"
        f'<footer class="wp-block-template-part"><p>{FOOTER}</p></footer></div>',
        "page wp-embed-responsive",
    )


def wix(content: Content) -> str:
    """Wix: nothing but nested div with ids, titles as styled spans, text in rich-text boxes."""

    def box(inner: str, number: int) -> str:
        return f'<div id="comp-{number:x}k2" class="KcpHeO tz5f0K comp-{number:x}k2 wixui-rich-text" data-testid="richTextElement">{inner}</div>'

    texts = "".join(
        box(f'<p class="font_8"><span style="font-size:17px">{text}</span></p>', 20 + i)
        for i, text in enumerate(content.paragraphs)
    )
    items = "".join(
        f'<div role="listitem" class="T7n0L6"><div class="wixui-box">{box(f"<h3 class=font_5><a href=/p{i}>{title}</a></h3>", 60 + i)}{box(f"<p class=font_8>{teaser}</p>", 80 + i)}</div></div>'
        for i, (title, teaser) in enumerate(content.items)
    )
    repeater = f'<div class="wixui-repeater" role="list">{items}</div>' if items else ""
    return _page(
        content.title,
        f'<div id="SITE_CONTAINER"><div id="main_MF"><div id="masterPage" class="mesh-layout"><div id="SITE_HEADER"><div class="MazNVa"><a href="/"><span>{SITE}</span></a></div>'
        f'<div id="comp-menu" class="wixui-dropdown-menu"><ul>{_links(css="xpmKd_")}</ul></div></div>'
        f'<div id="PAGES_CONTAINER"><div id="SITE_PAGES"><div id="c1dmp" class="page-without-sosp"><div data-testid="mesh-container-content">'
        f"{box(f'<h2 class=font_2><span>{content.title}</span></h2>', 10)}{texts}{repeater}</div></div></div></div>"
        f'<div id="SITE_FOOTER">{box(f"<p class=font_9>{FOOTER}</p>", 9)}</div></div></div></div>',
    )


def squarespace(content: Content) -> str:
    """Squarespace: sections of blocks, the title in the first of them."""
    texts = "".join(
        f'<div class="sqs-block html-block sqs-block-html"><div class="sqs-block-content"><p class="">{text}</p></div></div>'
        for text in content.paragraphs
    )
    items = "".join(
        f'<div class="summary-item"><div class="summary-content"><div class="summary-title"><a href="/p{i}" class="summary-title-link">{title}</a></div><div class="summary-excerpt"><p>{teaser}</p></div></div></div>'
        for i, (title, teaser) in enumerate(content.items)
    )
    block = (
        f'<div class="sqs-block summary-v2-block"><div class="summary-item-list">{items}</div></div>' if items else ""
    )
    return _page(
        content.title,
        f'<div id="siteWrapper" class="clearfix site-wrapper"><header id="header" class="header"><div class="header-title-text"><a id="site-title" href="/">{SITE}</a></div>'
        f'<div class="header-nav"><nav class="header-nav-list">{_links("div", "header-nav-item")}</nav></div></header>'
        f'<main id="page" class="container"><article class="sections" id="sections"><section class="page-section"><div class="fluid-engine">'
        f'<div class="sqs-block html-block"><div class="sqs-block-content"><h1 style="white-space:pre-wrap;">{content.title}</h1></div></div>{texts}{block}</div></section></article></main>'
        f'<footer class="sections" id="footer-sections"><div class="sqs-block-content"><p>{FOOTER}</p></div></footer></div>',
    )


def drupal(content: Content) -> str:
    """Drupal: blocks in regions, fields in a node, lists as views."""
    fields = "".join(
        f'<div class="field field--name-body field--type-text-long"><p>{text}</p></div>' for text in content.paragraphs
    )
    rows = "".join(
        f'<div class="views-row"><div class="views-field views-field-title"><span class="field-content"><a href="/node/{i + 7}">{title}</a></span></div><div class="views-field views-field-body"><div class="field-content">{teaser}</div></div></div>'
        for i, (title, teaser) in enumerate(content.items)
    )
    view = (
        f'<div class="views-element-container"><div class="view view-activites"><div class="view-content">{rows}</div></div></div>'
        if rows
        else ""
    )
    return _page(
        content.title,
        f'<div class="layout-container"><header role="banner"><div class="region region-header"><div class="block block-system-branding"><a href="/" class="site-name">{SITE}</a></div>'
        f'<nav class="block block-menu navigation"><ul class="menu">{_links()}</ul></nav></div></header>'
        f'<main role="main"><div class="region region-breadcrumb"><nav class="breadcrumb"><ol><li><a href="/">Accueil</a></li></ol></nav></div><div class="layout-content"><div class="region region-content">'
        f'<div class="block block-page-title-block"><h1 class="page-title">{content.title}</h1></div><div class="block block-system-main-block"><article class="node node--type-page"><div class="node__content">{fields}{view}</div></article></div></div></div>'
        f'<aside class="layout-sidebar-first" role="complementary"><div class="region region-sidebar-first"><h2>{ASIDE[0]}</h2><ul>'
        + "".join(f'<li><a href="/a/{i}">{text}</a></li>' for i, text in enumerate(ASIDE[1:]))
        + "</ul></div></aside></main>"
        f'<footer role="contentinfo"><div class="region region-footer"><p>{FOOTER}</p></div></footer></div>',
        "path-node page-node-type-page" if not content.items else "",
    )


def joomla(content: Content) -> str:
    """Joomla: item-page in a component, modules around it, no semantic element."""
    texts = "".join(f"<p>{text}</p>" for text in content.paragraphs)
    items = "".join(
        f'<div class="items-row cols-1 row-{i}"><div class="item column-1" itemprop="blogPost"><div class="page-header"><h2 itemprop="name"><a href="/index.php/p{i}">{title}</a></h2></div><p>{teaser}</p><p class="readmore"><a class="btn" href="/index.php/p{i}">Lire la suite...</a></p></div></div>'
        for i, (title, teaser) in enumerate(content.items)
    )
    inner = (
        f'<div class="blog"><div class="page-header"><h1>{content.title}</h1></div>{items}</div>'
        if items
        else f'<div class="item-page" itemscope><div class="page-header"><h2 itemprop="headline">{content.title}</h2></div><div itemprop="articleBody">{texts}</div></div>'
    )
    return _page(
        content.title,
        f'<div class="body"><div class="container"><div class="header"><a class="brand pull-left" href="/"><span class="site-title" title="{SITE}">{SITE}</span></a></div>'
        f'<div class="navigation"><div class="nav-collapse"><ul class="nav menu">{_links()}</ul></div></div><div class="row-fluid"><div id="content" class="span9"><div id="system-message-container"></div>{inner}</div>'
        f'<div id="aside" class="span3"><div class="well"><h3 class="page-header">{ASIDE[0]}</h3><ul class="latestnews">'
        + "".join(f'<li><a href="/a/{i}">{text}</a></li>' for i, text in enumerate(ASIDE[1:]))
        + "</ul></div></div></div></div></div>"
        f'<div class="footer"><div class="container"><p>{FOOTER}</p></div></div>',
        "site com_content view-category" if items else "site com_content view-article",
    )


def divi(content: Content) -> str:
    """WordPress with Divi: sections, rows, modules; titles in the text modules, blurbs as cards."""
    texts = "".join(
        f'<div class="et_pb_module et_pb_text et_pb_text_{i + 1}"><div class="et_pb_text_inner"><p>{text}</p></div></div>'
        for i, text in enumerate(content.paragraphs)
    )
    items = "".join(
        f'<div class="et_pb_column et_pb_column_1_3"><div class="et_pb_module et_pb_blurb et_clickable"><div class="et_pb_blurb_content"><h4 class="et_pb_module_header"><a href="/p{i}/">{title}</a></h4><div class="et_pb_blurb_description"><p>{teaser}</p></div></div></div></div>'
        for i, (title, teaser) in enumerate(content.items)
    )
    rows = f'<div class="et_pb_section"><div class="et_pb_row et_pb_equal_columns">{items}</div></div>' if items else ""
    return _page(
        content.title,
        f'<div id="page-container"><header id="main-header"><div class="logo_container"><a href="/"><img id="logo" alt="{SITE}" src="/l.png"></a></div><div id="et-top-navigation"><nav id="top-menu-nav"><ul id="top-menu" class="nav">{_links()}</ul></nav></div></header>'
        f'<div id="et-main-area"><div id="main-content"><article class="page type-page"><div class="entry-content"><div id="et-boc" class="et-boc"><div class="et-l et-l--post"><div class="et_builder_inner_content">'
        f'<div class="et_pb_section"><div class="et_pb_row"><div class="et_pb_column et_pb_column_4_4"><div class="et_pb_module et_pb_text"><div class="et_pb_text_inner"><h1>{content.title}</h1></div></div>{texts}</div></div></div>{rows}</div></div></div></div></article></div>'
        f'<footer id="main-footer"><div id="footer-bottom"><div id="footer-info">{FOOTER}</div></div></footer></div></div>',
        "page-template-default page et_pb_pagebuilder_layout et_divi_theme",
    )


def tables(content: Content) -> str:
    """A page of 2001: layout tables, titles in font elements, a menu in the left cell."""
    texts = "".join(f"{text}<br><br>" for text in content.paragraphs)
    items = "".join(
        f'<tr><td><font size="2"><a href="p{i}.htm"><b>{title}</b></a></font></td><td><font size="2">{teaser}</font></td></tr>'
        for i, (title, teaser) in enumerate(content.items)
    )
    listing = f'<table border="1" cellpadding="4">{items}</table>' if items else ""
    menu = "".join(f'<a href="m{i}.htm">{text}</a><br>' for i, text in enumerate(MENU))
    return _page(
        content.title,
        f'<table width="760" cellspacing="0"><tr><td colspan="2" bgcolor="#003366"><font color="white" size="5">{SITE}</font></td></tr>'
        f'<tr><td width="160" valign="top"><font size="2">{menu}</font></td><td valign="top"><font size="4"><b>{content.title}</b></font><br><br><font size="2">{texts}</font>{listing}</td></tr>'
        f'<tr><td colspan="2"><font size="1">{FOOTER}</font></td></tr></table>',
    )


def misused_headings(content: Content) -> str:
    """A theme whose only h1 is the site's name, with h2 for every side block and h5 for the page's own title."""
    texts = "".join(f"<h6>{text}</h6>" if i == 0 else f"<p>{text}</p>" for i, text in enumerate(content.paragraphs))
    items = "".join(
        f'<div class="card"><h5><a href="/p{i}">{title}</a></h5><p>{teaser}</p></div>'
        for i, (title, teaser) in enumerate(content.items)
    )
    return _page(
        content.title,
        f'<div class="cookie-banner" id="cookie-notice"><p>{COOKIES}</p></div><div class="top"><h1><a href="/">{SITE}</a></h1><h2>Menu</h2><ul class="nav">{_links()}</ul></div>'
        f'<div class="wrap"><div class="content"><h5 class="titre">{content.title}</h5>{texts}{items}</div><div class="sidebar"><h2>{ASIDE[0]}</h2>'
        + "".join(f'<p><a href="/a/{i}">{text}</a></p>' for i, text in enumerate(ASIDE[1:]))
        + "</div></div>"
        f'<div class="bottom footer"><h2>Où nous trouver</h2><p>{FOOTER}</p></div>',
    )


def hero(content: Content) -> str:
    """A theme with the title on a picture above the text, in what its classes call a banner."""
    texts = "".join(f"<p>{text}</p>" for text in content.paragraphs)
    items = "".join(
        f'<div class="col"><a class="card" href="/p{i}"><span class="card-title">{title}</span><span class="card-text">{teaser}</span></a></div>'
        for i, (title, teaser) in enumerate(content.items)
    )
    return _page(
        content.title,
        f'<div class="topbar"><a href="/">{SITE}</a><ul class="navbar-nav">{_links()}</ul></div><div class="page-banner hero"><div class="container"><h1>{content.title}</h1></div></div>'
        f'<div class="page-wrapper has-sidebar"><div class="container">{texts}<div class="row">{items}</div></div></div><div class="site-footer">{FOOTER}</div>',
    )


BUILDERS: tuple[Builder, ...] = (
    elementor,
    gutenberg,
    wix,
    squarespace,
    drupal,
    joomla,
    divi,
    tables,
    misused_headings,
    hero,
)
