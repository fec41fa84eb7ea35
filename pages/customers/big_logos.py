"""Big logos: how large the deals with them are, how much of what they could buy they bought, how uneven it all is."""

import streamlit as st

from decade.charts import deals as charts
from decade.charts.formats import count, money, percent
from decade.ui.drill import deals_behind_a_bar
from decade.ui.empty import nothing, stop_if_empty
from decade.ui.fetch import conventions, fetch
from decade.ui.figure import figure
from decade.ui.logo_boxes import account_sizes_box, concentration_box, potential_box, unmatched_box
from decade.ui.logo_settings import definitions_box
from decade.ui.page import choice, go, headline, numbers

headline("Big logos", "Which of our proud logos are small experiments, and how much have they not bought yet?")
stop_if_empty()
rules = conventions()
currency = rules.reporting_currency or ""
accounts = fetch("penetration")
sizes = fetch("deal_sizes")
is_big = accounts["is_big_logo"].fillna(False).to_numpy(bool)
is_small = is_big & accounts["is_small_in_big"].fillna(False).to_numpy(bool)
big_means = (
    f"Accounts with a contract value and at least {rules.big_logo_employees:,} employees or "
    f"{money(rules.big_logo_revenue, currency)} of revenue, or named by hand."
)
small_means = (
    f"Big logos below {percent(rules.small_penetration, 0)} of their potential, or with an ACV below the median "
    "landing ACV of all accounts."
)
open_potential = money(accounts["open_potential"][is_big].sum(min_count=1), currency)
numbers(
    [
        ("Big logos", count(is_big.sum()), big_means),
        (
            "Their ARR",
            money(accounts["acv"][is_big].sum(), currency),
            "12 x MRR, or won deals of the last twelve months.",
        ),
        ("Small deals", count(is_small.sum()), small_means),
        ("ARR in them", money(accounts["acv"][is_small].sum(), currency), small_means),
        ("Open potential", open_potential, "Potential not bought yet, of the big logos whose potential is known."),
    ]
)
unmatched_box(fetch("deal_totals"), currency)
definitions_box(rules, accounts)

left, right = st.columns(2)
with left:
    if sizes.empty:
        nothing("Deal sizes", "No won deals and no billed accounts in this scope.")
    else:
        measure = choice("Measure", {"deals": "Number of deals", "amount": "Money"}, key="measure", default="deals")
        figure(
            charts.histogram(sizes, measure=measure, currency=currency, height=300),
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
        first, second = st.columns(2)
        with first:
            side = choice("Accounts", {"all": "All accounts", "big": "Big logos"}, key="side_shown", default="all")
        with second:
            shown_as = choice("Bars", {"accounts": "Accounts", "acv": "ARR"}, key="band_measure", default="accounts")
        shown = accounts if side == "all" else accounts[is_big]
        known_from = shown["potential_from"].value_counts()
        figure(
            charts.penetration(shown, measure=shown_as, currency=currency, height=300),
            explains="penetration",
            data=shown,
            key="penetration",
            title="Penetration: ACV as a share of potential",
            said=f"Potential is given for {known_from.get('given', 0):,}, estimated from employees for "
            f"{known_from.get('employees', 0):,}, unknown for {known_from.get('unknown', 0):,}",
        )

left, right = st.columns(2)
with left:
    concentration_box(accounts)
with right:
    potential_box(accounts, rules.small_penetration)
    projects = accounts["share_of_project"].dropna()
    if len(projects):
        with st.container(border=True, key="projects_box"):
            st.markdown("**Share of the customer's project**")
            st.caption(
                f"Known for {count(len(projects))} accounts: the median contract is {percent(projects.median(), 2)} of "
                f"the project's budget, and {count((projects < 0.01).sum())} are below 1 %."
            )
    if st.button("The list: whom to call", icon=":material/list:", width="stretch"):
        go("pages/customers/small_deals.py")
deals_behind_a_bar(sizes, currency)
account_sizes_box(currency)
