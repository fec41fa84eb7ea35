"""Big logos: how large the deals with them are, how much of what they could buy they bought, and who they are."""

import streamlit as st

from decade.charts import deals as charts
from decade.charts.formats import count, money, percent
from decade.ui.drill import deals_behind_a_bar
from decade.ui.empty import nothing, stop_if_empty
from decade.ui.fetch import conventions, fetch
from decade.ui.figure import figure
from decade.ui.page import choice, headline, numbers
from decade.ui.table import table

headline("Big logos", "Which of our proud logos are small experiments, and how much have they not bought yet?")
stop_if_empty()
rules = conventions()
currency = rules.reporting_currency or ""
accounts = fetch("penetration")
sizes = fetch("deal_sizes")
big = accounts[accounts["is_big_logo"].fillna(False)]
small = big[big["is_small_in_big"].fillna(False)]
big_means = (
    f"Accounts with a contract value and at least {rules.big_logo_employees:,} employees or "
    f"{money(rules.big_logo_revenue, currency)} of revenue, or named by hand."
)
small_means = (
    f"Big logos below {percent(rules.small_penetration, 0)} of their potential, or with an ACV below the median "
    "landing ACV of all accounts."
)
open_potential = money(big["open_potential"].sum(min_count=1), currency)
numbers(
    [
        ("Big logos", count(len(big)), big_means),
        ("Their ARR", money(big["acv"].sum(), currency), "12 x MRR, or won deals of the last twelve months."),
        ("Small deals in big logos", count(len(small)), small_means),
        ("ARR in them", money(small["acv"].sum(), currency), small_means),
        ("Open potential", open_potential, "Potential not bought yet, of the big logos whose potential is known."),
    ]
)

left, right = st.columns(2)
with left:
    if sizes.empty:
        nothing("Deal sizes", "No won deals and no billed accounts in this scope.")
    else:
        measure = choice("Measure", {"deals": "Number of deals", "amount": "Money"}, key="measure", default="deals")
        figure(
            charts.histogram(sizes, measure=measure, currency=currency),
            explains="deal_sizes",
            data=sizes,
            key="sizes",
            title="Deal sizes, four bins a decade",
            picks=["size", "side"],
            opens="deals",
            hint="Click a bar for its deals",
        )
with right:
    if accounts.empty:
        nothing("Penetration", "No account in this scope has a contract value today.")
    else:
        side = choice("Accounts", {"all": "All accounts", "big": "Big logos"}, key="side_shown", default="all")
        shown = accounts if side == "all" else big
        unknown = int((shown["potential_from"] == "unknown").sum())
        figure(
            charts.penetration(shown),
            explains="penetration",
            data=shown,
            key="penetration",
            title="Penetration: ACV as a share of potential",
            said=f"Potential is given for {(shown['potential_from'] == 'given').sum():,}, estimated from employees for "
            f"{(shown['potential_from'] == 'employees').sum():,}, unknown for {unknown:,}",
        )

deals_behind_a_bar(sizes, currency)
with st.container(border=True, key="list_box"):
    st.markdown("**The list: big logos by open potential**")
    only = choice("List", {"small": "Small deals only", "every": "Every big logo"}, key="list", default="small")
    st.caption(
        f"Small: below {percent(rules.small_penetration, 0)} of potential, or below the median landing ACV. "
        "Potential from employees takes the P90 of "
        "ACV per employee among your own accounts of the segment; low and high take P75 and P95."
    )
    table(
        small if only == "small" else big,
        explains="penetration",
        key="logos",
        columns=[
            "account",
            "segment",
            "owner",
            "acv",
            "landing_acv",
            "penetration",
            "landing_penetration",
            "potential_acv",
            "potential_from",
            "potential_low",
            "potential_high",
            "open_potential",
            "share_of_project",
        ],
    )
