"""The page in a real browser, opened from a disk: it works, loads nothing, and serves everybody.

Needs a Chromium of the system (Debian: `apt install chromium`).
"""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import pytest
from report_fixture import (
    empty_tables,
    large_tables,
    make_coordinates,
    make_tables,
    page_of,
    small_tables,
    with_hostile_text,
)

from pipeline.report.charts import draw_charts

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
expect = playwright.expect

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# No sandbox: tests may run as root in a container. The rest keeps the browser off the network.
FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
LONG_LABEL = ("forvaltningssamarbejdsaftaler og åbenhed i " * 5)[:200]
ARABIC = "هذه جملة عربية في نص دنماركي."
EMOJI = "Borgeren er glad 👩🏽‍💻🇳🇴 og åben."


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    """Chromium with a profile of its own, or a skip that says what is missing."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        pytest.skip("no Chromium here (looked for " + ", ".join(NAMES) + ")")
    with playwright.sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=path, args=FLAGS)
        yield started
        started.close()


class Visit:
    """A page that was opened from a disk, and all that it asked for and complained of."""

    def __init__(self, browser, folder: Path, files: dict[str, bytes], **context) -> None:
        for name, content in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)
        self.context = browser.new_context(**context)
        self.page = self.context.new_page()
        self.complaints: list[str] = []
        self.asked: list[str] = []
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("dialog", lambda dialog: self.complaints.append(dialog.message))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.set_default_timeout(10_000)
        self.page.goto((folder / "index.html").as_uri())

    def count(self):
        return self.page.locator("#filter-count")


@pytest.fixture
def visit(browser, tmp_path):
    """Opens the page of tables; afterwards nothing may have failed or been asked of a network."""
    visits = []

    def open_page(tables, charts=(), *, inline_chars=1_600_000, most_behind=100, **context):
        files = page_of(tables, charts, inline_chars=inline_chars, most_behind=most_behind)
        visits.append(Visit(browser, tmp_path / "rapport æøå", files, **context))
        return visits[-1]

    yield open_page
    for done in visits:
        done.context.close()
        assert done.complaints == []
        assert [url for url in done.asked if not url.startswith(("file:", "data:"))] == []


# Reading


@pytest.mark.parametrize("inline_chars", [1_600_000, 0], ids=["one file", "pieces"])
def test_a_theme_opens_to_its_sentences_in_both_languages(visit, inline_chars):
    page = visit(small_tables(), inline_chars=inline_chars).page
    theme = page.locator("details.theme").first
    expect(theme.locator(".sentence")).to_have_count(0)
    theme.locator("summary").first.click()
    listed = theme.locator(".sentence")
    expect(listed.first).to_be_visible()
    languages = listed.evaluate_all("items => [...new Set(items.map(i => i.dataset.language))]")
    assert "da" in languages
    assert {"nb", "nn"} & set(languages)
    expect(theme.locator(".sentence .place").first).to_contain_text("tekster/")


def test_a_large_page_reads_no_more_than_is_asked_for(visit, monkeypatch):
    monkeypatch.setattr("pipeline.report.page_pieces.PIECE_CHARS", 3000)
    opened = visit(small_tables(), inline_chars=0)
    assert names_of(opened.asked) == ["index.html"]
    opened.page.locator("details.theme > summary").first.click()
    expect(opened.page.locator(".sentence").first).to_be_visible()
    assert sorted(names_of(opened.asked)) == ["documents.js", "index.html", "theme-0.js"]
    opened.page.locator(".sentence button").first.click()
    expect(opened.page.locator(".context .own").first).to_be_visible()
    assert len([name for name in names_of(opened.asked) if name.startswith("texts-")]) == 1
    opened.page.locator("#filter-words").fill("døren")
    expect(opened.count()).to_have_text(re.compile(r"^\d+ of 100 sentences$"))
    texts = [name for name in names_of(opened.asked) if name.startswith("texts-")]
    assert sorted(texts) == ["texts-0.js", "texts-1.js", "texts-2.js"]


def names_of(urls):
    return [url.rpartition("/")[2] for url in urls if url.startswith("file:")]


def test_pieces_that_are_gone_are_told(visit, tmp_path):
    opened = visit(small_tables(), inline_chars=0)
    shutil.rmtree(tmp_path / "rapport æøå" / "pages")
    opened.page.locator("details.theme > summary").first.click()
    told = opened.page.locator("details.theme .found").first
    expect(told).to_contain_text("can’t be read: the folder “pages” has to lie beside this page")
    opened.complaints.clear()  # the browser's own word on the missing file


def test_a_sentence_is_shown_in_its_paragraph_between_its_neighbours(visit):
    tables = make_tables(["da"], 1, per_document=6)
    tables.assignments["theme_id"] = "t01"
    tables.sentences["block"] = [0, 1, 1, 2, 3, 4]
    page = visit(tables).page
    page.locator("details.theme > summary").first.click()
    sentence = page.locator(".sentence", has_text="nr. 2.")
    button = sentence.get_by_role("button", name="In its paragraph")
    expect(button).to_have_attribute("aria-expanded", "false")
    button.click()
    blocks = sentence.locator(".block")
    assert [re.findall(r"nr\. (\d)", text) for text in blocks.all_text_contents()] == [
        ["0"], ["1", "2"], ["3"],
    ]  # fmt: skip
    expect(sentence.locator(".context mark")).to_have_text(re.compile(r"nr\. 2\.$"))
    expect(button).to_have_attribute("aria-expanded", "true")
    button.click()
    expect(sentence.locator(".context")).to_have_count(0)


def test_a_number_leads_to_its_documents_and_on_to_their_sentences(visit):
    tables = small_tables()
    page = visit(tables).page
    theme = page.locator("#theme-0")
    theme.locator("summary").first.click()
    theme.locator(".shares a").first.click()
    row = theme.locator(".documents tbody tr").first
    expect(row).to_be_visible()
    said = row.locator("button").inner_text()
    n, title = int(said.split()[0]), row.locator("bdi").first.inner_text()
    row.locator("button").click()
    expect(page.locator("#filter-count")).to_have_text(f"{n} of 100 sentences")
    expect(theme.locator(".sentence")).to_have_count(n)
    for place in theme.locator(".sentence .place").all_inner_texts():
        assert title in place


def test_where_not_all_documents_are_listed_that_is_said(visit):
    page = visit(small_tables(), most_behind=2).page
    theme = page.locator("#theme-0")
    theme.locator("summary").first.click()
    theme.locator(".shares a").first.click()
    expect(theme.locator(".documents tbody tr")).to_have_count(2)
    said = "These are the 2 with the largest shares; sentences.csv has all."
    expect(theme.locator(".behind .more")).to_have_text(said)


def test_more_sentences_come_when_they_are_asked_for(visit):
    tables = make_tables(["da", "da"], 1, per_document=35)
    tables.assignments["theme_id"] = "t01"
    page = visit(tables).page
    page.locator("details.theme > summary").first.click()
    expect(page.locator(".sentence")).to_have_count(20)
    page.get_by_role("button", name="Show 20 of 50 more sentences").click()
    expect(page.locator(".sentence")).to_have_count(40)
    page.get_by_role("button", name="Show 20 of 30 more sentences").click()
    page.get_by_role("button", name="Show 10 more sentences").click()
    expect(page.locator(".sentence")).to_have_count(70)
    expect(page.get_by_role("button", name="more sentences")).to_have_count(0)


@pytest.mark.parametrize("inline_chars", [1_600_000, 0], ids=["one file", "pieces"])
def test_the_script_speaks_the_language_of_the_report(visit, inline_chars):
    opened = visit(replace(small_tables(), language="da"), inline_chars=inline_chars)
    page = opened.page
    theme = page.locator("details.theme").first
    theme.locator("summary").first.click()
    expect(theme.locator(".column h5").first).to_contain_text(
        re.compile(r"^(Dansk|Norsk) \(\d+\)$")
    )
    place = theme.locator(".sentence .place").first
    expect(place).to_contain_text(re.compile(r"(afsnit|overskrift), nr\. \d+"))
    place.get_by_role("button", name="I sit afsnit").click()
    expect(theme.locator(".context").first).to_contain_text("blok nr. 1")
    page.locator("#filter-words").fill("døren")
    expect(opened.count()).to_have_text(re.compile(r"^\d+ af 100 sætninger$"))
    page.get_by_role("button", name="Ryd").click()
    theme.locator(".behind > summary").click()
    shares = theme.locator(".documents tbody td:last-child")
    expect(shares.first).to_have_text(re.compile(r"^\d+ %$"))
    expect(theme.locator(".documents thead")).to_contain_text("Temaets sætninger")


# The filter


@pytest.mark.parametrize("inline_chars", [1_600_000, 0], ids=["one file", "pieces"])
def test_the_filter_finds_words_language_theme_and_document(visit, inline_chars):
    tables = small_tables()
    tables.sentences.loc[7, "text"] = "En Særlig sætning om Ærøskøbing."
    opened = visit(tables, inline_chars=inline_chars)
    page, count = opened.page, opened.count()
    page.locator("#filter-words").fill("ærøskøbing særlig")
    expect(count).to_have_text("1 of 100 sentences")
    expect(page.locator(".sentence")).to_have_count(1)
    assert page.locator(".sentence mark").all_inner_texts() == ["Særlig", "Ærøskøbing"]
    page.get_by_role("button", name="Clear").click()
    expect(count).to_have_text("")
    page.locator("#filter-language").select_option("nn")
    expect(count).to_have_text("20 of 100 sentences")
    page.locator("#filter-document").fill("tekster/da-00.txt")
    expect(count).to_have_text("0 of 100 sentences")
    expect(page.locator("#filter-none")).to_be_visible()
    page.locator("#filter-language").select_option("")
    expect(count).to_have_text("20 of 100 sentences")
    page.locator("#filter-document").fill("DEL 4 hjælper")  # words of a title
    expect(count).to_have_text("20 of 100 sentences")
    page.locator("#filter-document").fill("")
    page.locator("#filter-theme").select_option("2")
    expect(page.locator("details.theme:visible")).to_have_count(1)


def test_a_link_opens_a_theme_that_the_filter_hides(visit):
    page = visit(small_tables()).page
    page.locator("#filter-theme").select_option("5")
    expect(page.locator("#theme-0")).to_be_hidden()
    page.locator(".answers a[href='#theme-0']").click()
    expect(page.locator("#theme-0 .sentence").first).to_be_visible()
    expect(page.locator("#theme-0")).to_be_in_viewport()


# Whatever the texts hold


def test_hostile_text_stays_text(visit):
    evil = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    tables = with_hostile_text(small_tables())
    tables = replace(
        tables,
        documents=tables.documents.assign(path=f"{evil}.txt", title=evil),
        sentences=tables.sentences.assign(text=f"{evil} åben"),
    )
    for inline_chars in (1_600_000, 0):
        page = visit(tables, inline_chars=inline_chars).page
        page.locator("#filter-words").fill("<script>alert åben")
        expect(page.locator(".sentence .text").first).to_have_text(f"{evil} åben")
        expect(page.locator(".sentence .path").first).to_have_text(f"{evil}.txt")
        page.locator(".sentence button").first.click()
        expect(page.locator(".context .own mark").first).to_have_text(f"{evil} åben")
        page.locator("details.theme:visible .behind > summary").first.click()
        expect(page.locator(".documents tbody th").first).to_contain_text(evil)
        assert page.locator("main img").count() == 0
        assert page.locator("main script").count() == 0


def one_theme():
    return make_tables(["da"] * 4 + ["nb"] * 4, 1)


def sixty_themes():
    return make_tables(["da"] * 20 + ["nb"] * 20, 60, per_document=40)


def one_language():
    return make_tables(["da"] * 3, 4)


def strange_texts():
    tables = small_tables()
    texts = [
        ARABIC,
        EMOJI,
        "Lang sætning " * 800,
        "x" * 10_000,
        "\u202egnitsøp",
        "\u2028",
    ]
    for number, text in enumerate(texts):
        tables.sentences.loc[number, "text"] = text
    return replace(
        tables,
        themes=tables.themes.assign(label=LONG_LABEL, label_da="ø" * 200, label_no=EMOJI),
        documents=tables.documents.assign(title=ARABIC, path="mappe/" + "y" * 200 + ".txt"),
    )


MADE = [small_tables, large_tables, empty_tables, one_theme, sixty_themes, one_language,
        strange_texts]  # fmt: skip


@pytest.mark.parametrize("make", MADE)
def test_the_page_fits_a_phone(visit, make):
    page = visit(make(), viewport={"width": 360, "height": 800}).page
    open_details(page, 500)
    for button in page.locator(".sentence .place button").all()[:3]:
        button.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_long_and_odd_sentences_are_shown_whole_in_their_paragraph(visit):
    page = visit(strange_texts()).page
    page.locator("#filter-words").fill("lang sætning")
    text = page.locator(".sentence .text").first
    expect(text).to_have_text(re.compile("…$"))
    assert len(text.inner_text()) < 700
    page.locator(".sentence button").first.click()
    assert len(page.locator(".context mark").first.inner_text()) > 10_000
    page.locator("#filter-words").fill("عربية")
    expect(text).to_have_text(ARABIC)
    assert text.evaluate("e => getComputedStyle(e).direction") == "rtl"


# Keyboard, screen readers, paper


def open_details(page, most):
    """Open the first `most` parts that can be opened, and wait for what they hold."""
    some = f"[...document.querySelectorAll('details')].slice(0, {most})"
    page.evaluate(f"for (const one of {some}) one.open = true")
    page.wait_for_timeout(300)


def axe_source():
    """axe-core as a package of the tests brings it."""
    spec = find_spec("axe_playwright_python")
    if spec is None or not spec.submodule_search_locations:
        pytest.skip("axe-core is not installed (axe-playwright-python of the extra `dev`)")
    return (Path(spec.submodule_search_locations[0]) / "axe.min.js").read_text("utf-8")


@pytest.mark.parametrize(
    ("make", "scheme"), [*((make, "light") for make in MADE), (small_tables, "dark")]
)
def test_axe_finds_no_serious_fault(visit, make, scheme):
    page = visit(make(), color_scheme=scheme).page
    open_details(page, 8)
    for button in page.locator(".sentence .place button").all()[:2]:
        button.click()
    page.evaluate(axe_source())
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    faults = [
        f"{fault['id']}: {node['html'][:200]}"
        for fault in found
        if fault["impact"] in {"serious", "critical"}
        for node in fault["nodes"]
    ]
    assert faults == []


def test_everything_can_be_done_with_the_keyboard(visit):
    page = visit(small_tables()).page
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    page.locator("#filter-words").focus()
    for _ in range(5):  # theme, language, document, clear, the first theme
        page.keyboard.press("Tab")
    summary = page.locator("details.theme > summary").first
    expect(summary).to_be_focused()
    assert summary.evaluate("e => getComputedStyle(e).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    expect(page.locator("#theme-0 .sentence").first).to_be_visible()
    button = page.locator("#theme-0 .sentence button").first
    button.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#theme-0 .context").first).to_be_visible()


def test_paper_has_every_theme_open_and_no_controls(visit):
    page = visit(small_tables()).page
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    expect(page.locator("details.theme:not([open])")).to_have_count(0)
    expect(page.locator("#filter")).to_be_hidden()
    expect(page.locator(".quote").first).to_be_visible()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(page.locator("details.theme[open]")).to_have_count(0)
    assert page.pdf(format="A4").startswith(b"%PDF")


@pytest.fixture(scope="module")
def five_thousand():
    """Tables of 5,000 sentences of 107 characters in the mean, and all charts of them."""
    tables = make_tables(["da"] * 125 + ["nb"] * 125, 24)
    tables.sentences["text"] = tables.sentences["text"] + " Og så nogle ord, så den er lang nok."
    themes, languages = list(tables.assignments["theme_id"]), list(tables.sentences["language"])
    return tables, draw_charts(tables, make_coordinates(tables), themes, languages)


def test_five_thousand_sentences_are_less_than_five_megabytes(five_thousand):
    tables, charts = five_thousand
    files = page_of(tables, charts)
    assert len(tables.sentences) == 5000
    assert list(files) == ["index.html"]
    assert len(files["index.html"]) < 5_000_000


def test_charts_are_pictures_that_load(visit, five_thousand, tmp_path, monkeypatch):
    tables, charts = five_thousand
    monkeypatch.setattr("pipeline.report.page.EMBEDDED_BYTES", 200_000)
    for chart in charts:
        place = tmp_path / "rapport æøå" / "charts" / f"{chart.name}.png"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(chart.png)
    page = visit(tables, charts).page
    images = page.locator("figure img")
    expect(images).to_have_count(len(charts))
    sources = set()
    for image in images.all():
        image.scroll_into_view_if_needed()
        expect(image).to_have_js_property("complete", True)
        assert image.evaluate("e => e.naturalWidth") > 0
        sources.add((image.get_attribute("src") or "").partition("/")[0])
    assert sources == {"data:image", "charts"}
