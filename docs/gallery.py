"""Make the pictures of the README and the docs again: `make gallery`.

Runs the sample texts in raw/ into a temporary folder, and copies charts of the report and pictures
of its page into docs/images/. The page is drawn by Chromium; where there is none, they stay as
they are, and that is said.
"""

from __future__ import annotations

import io
import shutil
import sys
import tempfile
from pathlib import Path

from pipeline import run

HOME = Path(__file__).parent
IMAGES = HOME / "images"
CHARTS = ("emphasis", "contrast", "themes_documents", "terms", "sentence_map", "placebo")
WIDTH = 1200  # pixels: twice what a README shows
# name -> window (pixels), and the part of the page that is opened before
PAGES = {"page": (1280, 900), "page_phone": (390, 844)}


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        outputs = run(HOME.parent / "raw", folder)
        print("\n".join(outputs.answer))
        report = Path(folder) / "report"
        for name in CHARTS:
            (IMAGES / f"{name}.png").write_bytes(shrink(report / "charts" / f"{name}.png"))
        told = draw_page(report / "index.html")
    if told:
        print(f"{', '.join(PAGES)}: not drawn again ({told})", file=sys.stderr)
    return 0


def shrink(path: Path) -> bytes:
    """A chart as PNG of at most `WIDTH` pixels' width, by whole steps of its own resolution."""
    from PIL import Image  # what matplotlib writes its pictures with

    with Image.open(path) as chart:
        height = round(chart.height * WIDTH / chart.width)
        small = chart.convert("RGB").resize((WIDTH, height), Image.Resampling.LANCZOS)
        sink = io.BytesIO()
        small.quantize(128, dither=Image.Dither.NONE).save(sink, "png", optimize=True)
        return sink.getvalue()


def draw_page(page: Path) -> str:
    """Pictures of the page at `PAGES`' sizes; gives why not where there are none."""
    browser = shutil.which("chromium") or shutil.which("chromium-browser")
    if browser is None:
        return "Chromium is not installed"
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        for name, (width, height) in PAGES.items():
            tab = chromium.new_page(viewport={"width": width, "height": height})
            tab.goto(page.as_uri())
            tab.screenshot(path=IMAGES / f"{name}.png")
        chromium.close()
    return ""


if __name__ == "__main__":
    sys.exit(main())
