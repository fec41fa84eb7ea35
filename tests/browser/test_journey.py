"""The road in a real browser: start, sample company, each page, drill, account, line of a file; and the link shared."""

from __future__ import annotations

import re
import urllib.request
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from decade.ui.frame import SECTIONS

pytestmark = pytest.mark.browser

FITS = (
    "() => [document.documentElement, document.querySelector('[data-testid=stMain]')]"
    ".every(each => each.scrollWidth <= each.clientWidth)"
)
# The script has ended, and for 300 ms no chart has been replaced or moved.
QUIET = """() => {
    const app = document.querySelector('[data-testid=stApp]');
    const done = app && app.dataset.testScriptState === 'notRunning' && app.dataset.testConnectionState === 'CONNECTED';
    const drawn = [...document.querySelectorAll('.nsewdrag')];
    const places = drawn.map(each => JSON.stringify(each.getBoundingClientRect()));
    const before = window.decadeSeen;
    const same = before && before.drawn.length === drawn.length
        && drawn.every((each, k) => each === before.drawn[k] && places[k] === before.places[k]);
    if (!done || !same) { window.decadeSeen = {drawn, places, since: Date.now()}; return false; }
    return Date.now() - before.since >= 300;
}"""
PAGES = {
    "": "Overview",
    "net_revenue_retention": "Net revenue retention",
    "movements": "Movements",
    "cohorts": "Cohorts",
    "lifetimes": "Lifetimes",
    "big_logos": "Big logos",
    "small_deals": "Small deals",
    "landing": "After landing",
    "stakeholders": "Stakeholders",
    "capacity": "Capacity",
    "renewals": "Renewals",
    "account": "Account",
    "acquisition": "Acquisition",
    "payback": "Payback",
    "lifetime_value": "Lifetime value",
    "scenarios": "Scenarios",
    "import_data": "Import",
    "data_health": "Data health",
    "workspace": "Workspace",
    "definitions": "Definitions",
    "conventions_compared": "Why do they differ?",
}
CHARTS = {
    "net_revenue_retention": ("retention", "bridge", "quick"),
    "renewals": ("calendar",),
    "movements": ("by_slice",),
    "cohorts": ("cells", "curves"),
    "lifetimes": ("expected", "revenue", "survival"),
    "big_logos": ("sizes", "penetration", "lorenz"),
    "acquisition": ("cac", "by_lag"),
    "payback": ("payback",),
    "lifetime_value": ("formulas", "balances"),
    "landing": ("survival", "hazards", "revenue"),
    "capacity": ("movers",),
    "scenarios": ("years", "cash"),
    "conventions_compared": ("causes",),
}


def settle(page: Any) -> None:
    """Returns when the server has nothing more to say and what it drew has kept its place for a moment."""
    page.wait_for_function(QUIET, polling=100)


def visit(page: Any, address: str, path: str, heading: str | None = None) -> None:
    """Open an address and wait until all of its page is there."""
    page.goto(f"{address}/{path}")
    page.locator("h3", has_text=heading or PAGES[path.partition("?")[0]]).first.wait_for()
    settle(page)
    for key in CHARTS.get(path.partition("?")[0], ()):
        page.locator(f".st-key-{key} .nsewdrag").first.wait_for()


def by_menu(page: Any, heading: str) -> None:
    """Choose a page in the menu at the top."""
    section = next(name for name, pages in SECTIONS.items() if heading in [title for _, title, _ in pages])
    page.locator("[data-testid=stTopNavSection]", has_text=section).click()
    page.locator("[data-testid=stTopNavDropdownLink]", has=page.get_by_text(heading, exact=True)).click()


def tiles(page: Any) -> list[str]:
    return page.locator("[data-testid=stMetricValue]").all_inner_texts()


def drill(page: Any, key: str = "behind_box") -> str:
    """The small print above the table behind a chart."""
    return "\n".join(page.locator(f".st-key-{key} [data-testid=stCaptionContainer]").all_inner_texts())


def query(page: Any) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def click_cell(page: Any, cohort: int, age: int, cohorts: int, ages: int = 11) -> None:
    """Click the middle of a cell of the heatmap."""
    area = page.locator(".st-key-cells .nsewdrag").first
    area.evaluate("each => each.scrollIntoView({block: 'center'})")
    settle(page)
    box = area.bounding_box()
    page.mouse.click(box["x"] + box["width"] * (age + 0.5) / ages, box["y"] + box["height"] * (cohort + 0.5) / cohorts)


def open_row(page: Any, key: str, row: int = 0) -> None:
    """Choose a row of a table by its box at the left."""
    canvas = page.locator(f".st-key-{key} .dvn-scroller").first
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    page.mouse.move(box["x"] + 14, box["y"] + 35 * (row + 1) + 18)
    page.wait_for_timeout(150)
    page.mouse.down()
    page.wait_for_timeout(100)
    page.mouse.up()


@pytest.fixture(scope="module")
def loaded(address: str, watch: Callable[..., Any]) -> str:
    """The app after a person asked for the sample company and loaded it."""
    with watch() as watched:
        page = watched.page
        page.goto(address)
        page.get_by_text("Nothing imported yet").wait_for()
        page.get_by_role("button", name="Show the sample company").click()
        page.locator("h3", has_text="Import").wait_for()
        page.get_by_role("button", name=re.compile("^.*Load [0-9,]+ rows")).click(timeout=60_000)
        page.get_by_text("Loaded in one transaction.").wait_for(timeout=120_000)
        account = page.get_by_text(re.compile(r"[0-9,]+ rows read = ")).first.inner_text()
        read, taken, refused, duplicate, left_out = (
            int(each.replace(",", ""))
            for each in re.findall(r"([0-9,]+) (?:rows|taken|refused|duplicate|left out)", account)
        )
        assert read == taken + refused + duplicate + left_out > 20_000
        settle(page)
        page.get_by_role("button", name="Net revenue retention").click()
        page.locator("h3", has_text="Net revenue retention").wait_for()
        page.locator(".st-key-bridge .nsewdrag").first.wait_for()
        settle(page)
        assert tiles(page)[0].endswith("%")
    return address


def test_the_answer_of_the_server_forbids_everything_from_elsewhere(address: str) -> None:
    with urllib.request.urlopen(address, timeout=10) as answer:
        policy = answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
    rules = dict(each.strip().split(" ", 1) for each in policy.split(";"))
    assert rules["default-src"] == rules["connect-src"] == rules["form-action"] == "'self'"
    assert rules["frame-ancestors"] == rules["object-src"] == "'none'"
    assert "http" not in policy


def test_a_bar_of_the_bridge_to_the_line_of_a_file(loaded: str, watch: Callable[..., Any]) -> None:
    with watch() as watched:
        page = watched.page
        visit(page, loaded, "net_revenue_retention")
        bars = page.locator(".st-key-bridge .barlayer .trace").nth(2).locator(".point path")
        bars.nth(bars.count() - 2).click(force=True)
        page.wait_for_url("**movement=*")
        settle(page)
        assert query(page) == {"behind": ["true"], "movement": ["Expansion"], "month": ["2026-09"]}
        assert re.search(r"\d+ movements, \$[0-9.]+k net, in 2026-09", drill(page))
        open_row(page, "moved")
        page.wait_for_url("**/account?*account=*")
        page.get_by_text("Charges, with the file and line that each comes from").wait_for()
        settle(page)
        table = page.locator(".st-key-charges_box [data-testid=stDataFrame]")
        table.scroll_into_view_if_needed()
        table.locator("td", has_text="stripe_invoice_line_items.csv").first.wait_for(state="attached")
        page.go_back()
        page.locator("h3", has_text="Net revenue retention").wait_for()


def test_a_point_of_a_rate_shows_who_was_kept(loaded: str, watch: Callable[..., Any]) -> None:
    with watch() as watched:
        page = watched.page
        visit(page, loaded, "net_revenue_retention")
        points = page.locator(".st-key-retention .scatterlayer .trace").first.locator(".points path")
        points.nth(points.count() - 1).click(force=True)
        page.wait_for_url("**view=*")
        settle(page)
        assert "accounts active twelve months before 2026-10" in drill(page)


def test_a_cell_of_the_heatmap_and_the_link_to_it_opened_cold(loaded: str, watch: Callable[..., Any]) -> None:
    with watch() as watched:
        page = watched.page
        visit(page, loaded, "cohorts")
        page.get_by_text("Net revenue", exact=True).click()
        page.wait_for_url("**kind=*")
        settle(page)
        cohorts = page.locator(".st-key-cells .yaxislayer-above text, .st-key-cells .ytick text").count()
        click_cell(page, cohort=4, age=2, cohorts=cohorts)
        page.wait_for_url("**age=2*")
        settle(page)
        shared, behind = page.url, drill(page)
        assert query(page)["age"] == ["2"]
        found = re.match(r"\d{4} after 2 years: (\d+) accounts: ", behind)
        assert found
        assert int(found[1]) > 0
    with watch(width=1280, height=720, scheme="dark") as watched:
        page = watched.page
        path = shared.removeprefix(f"{loaded}/")
        visit(page, loaded, path)
        assert drill(page) == behind
        assert page.url == shared


def test_a_bar_of_the_histogram_has_its_deals_behind_it(loaded: str, watch: Callable[..., Any]) -> None:
    with watch() as watched:
        page = watched.page
        visit(page, loaded, "big_logos")
        bars = page.locator(".st-key-sizes .barlayer .trace").nth(1).locator(".point path")
        bars.nth(3).click(force=True)
        page.wait_for_url("**size=*")
        settle(page)
        assert query(page)["side"] == ["The rest"]
        assert re.search(r"\d+ rows\.", drill(page, "bin_box"))


def test_filters_in_the_address_and_back(loaded: str, watch: Callable[..., Any]) -> None:
    with watch() as watched:
        page = watched.page
        visit(page, loaded, "net_revenue_retention")
        whole = tiles(page)
        page.locator(".st-key-region input").click()
        page.get_by_role("option", name="Europe").click()
        page.wait_for_url("**region=Europe*")
        settle(page)
        page.get_by_text("Accounts with region Europe").first.wait_for()
        europe = tiles(page)
        assert europe != whole
        page.keyboard.press("Escape")
        by_menu(page, "Cohorts")
        page.locator("h3", has_text="Cohorts").wait_for()
        settle(page)
        assert query(page)["region"] == ["Europe"]
        page.go_back()
        page.locator("h3", has_text="Net revenue retention").wait_for()
        settle(page)
        assert tiles(page) == europe
    with watch() as watched:
        visit(watched.page, loaded, "net_revenue_retention?region=Europe")
        watched.page.locator(".st-key-bridge .nsewdrag").first.wait_for()
        assert tiles(watched.page) == europe


def test_names_masked_by_a_shared_link_stay_masked(loaded: str, watch: Callable[..., Any]) -> None:
    with watch() as watched:
        page = watched.page
        visit(page, loaded, "account?mask=true", "Account")
        page.locator(".st-key-accounts td").first.wait_for(state="attached")
        names = page.locator(".st-key-accounts td[aria-colindex='1']").all_text_contents()
        assert names
        assert all(re.fullmatch(r"Account [0-9A-F]{6}", each) for each in names)


def test_a_scenario_is_shared_by_its_address(loaded: str, watch: Callable[..., Any]) -> None:
    with watch() as watched:
        page = watched.page
        visit(page, loaded, "scenarios")
        before = tiles(page)[0]
        page.locator(".st-key-s_nrr input").fill("120")
        page.locator(".st-key-s_nrr input").press("Enter")
        page.wait_for_url("**s_nrr=120*")
        # The address changes before the server has answered.
        page.locator("[data-testid=stMetricValue]", has_text=before).first.wait_for(state="detached")
        settle(page)
        shared, shown = page.url, tiles(page)
    with watch() as watched:
        visit(watched.page, loaded, shared.removeprefix(f"{loaded}/"))
        assert tiles(watched.page) == shown


def test_own_values_filled_in_are_in_the_address(loaded: str, watch: Callable[..., Any]) -> None:
    with watch() as watched:
        page = watched.page
        visit(page, loaded, "scenarios")
        page.get_by_role("button", name="Use them").click()
        page.wait_for_url("**s_churn_path=*")
        settle(page)
        shared, shown = page.url, tiles(page)
    with watch() as watched:
        visit(watched.page, loaded, shared.removeprefix(f"{loaded}/"))
        assert tiles(watched.page) == shown


def test_explain_opens_with_definition_sql_and_data(loaded: str, watch: Callable[..., Any]) -> None:
    with watch() as watched:
        page = watched.page
        visit(page, loaded, "cohorts")
        page.locator(".st-key-cells_explain button").first.click()
        page.get_by_role("tab", name="SQL").wait_for()
        settle(page)
        page.get_by_role("tab", name="SQL").click()
        page.get_by_text("title: Cohort retention").first.wait_for()
        with page.expect_download() as download:
            page.get_by_role("button", name=re.compile("Download [0-9,]+ rows as CSV")).click()
        assert download.value.suggested_filename == "cohort_retention.csv"
        assert download.value.path().read_text(encoding="utf-8").startswith("cohort,age,n,numerator")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_from_page_to_page_by_the_menu_and_none_scrolls_sideways(
    loaded: str, watch: Callable[..., Any], scheme: str
) -> None:
    with watch(1280, 720, scheme) as watched:
        page = watched.page
        visit(page, loaded, "net_revenue_retention")
        shade = page.evaluate("getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor")
        assert (sum(map(int, re.findall(r"\d+", shade)[:3])) < 384) == (scheme == "dark")
        # Colours move nothing: each scheme has every second page, and every page is in one of them.
        for path, heading in list(PAGES.items())[scheme == "dark" :: 2]:
            by_menu(page, heading)
            page.locator("h3", has_text=heading).first.wait_for()
            settle(page)
            assert urlsplit(page.url).path == f"/{path}"
            assert not page.locator("[data-testid=stException], [data-testid=stAlertContentError]").count()
            for width, height in ((1280, 720), (1920, 1080)):
                page.set_viewport_size({"width": width, "height": height})
                page.wait_for_function(FITS, timeout=10_000)  # charts follow a new width after a moment


def test_a_deep_link_asks_twice_for_the_server_and_for_nothing_else_in_vain(
    loaded: str, watch: Callable[..., Any]
) -> None:
    with watch() as watched:
        visit(watched.page, loaded, "cohorts")
        in_vain = {urlsplit(each).path for each in watched.missing}
    assert in_vain <= {"/cohorts/_stcore/health", "/cohorts/_stcore/host-config"}
