"""The closed choices of the questions, in the words that people see."""

ATTRIBUTES = {
    "segment": "Segment",
    "lane": "Lane",
    "region": "Region",
    "plan": "Plan",
    "channel": "Channel",
    "owner": "Owner",
}
SLICES = {"none": "No slices", **ATTRIBUTES, "deal_size_band": "Deal size", "big_logo": "Big logos"}
COHORTS_BY = {
    "start": "When they began",
    **{("plan_at_start" if name == "plan" else name): label for name, label in ATTRIBUTES.items()},
    "deal_size_band": "Deal size at start",
    "big_logo": "Big logos",
}
FORMS = {"ttm": "Trailing 12 months", "monthly": "Monthly", "compounded": "Monthly, compounded"}
MOVEMENTS = {
    "all": "All movements",
    "new": "New",
    "reactivation": "Reactivation",
    "expansion": "Expansion",
    "contraction": "Contraction",
    "churn": "Churn",
    "fx": "Exchange rates",
}
RETAINED = {"logo": "Logos", "gross": "Gross revenue", "net": "Net revenue"}
GRAINS = {"month": "Month", "quarter": "Quarter", "year": "Year"}
AGES_IN_TEN_YEARS = {"month": 120, "quarter": 40, "year": 10}
BASES = {"blended": "Blended", "paid": "Paid", "fully_loaded": "Fully loaded"}
WON_BY = {
    "none": "All accounts",
    "channel": "Channel",
    "segment": "Segment",
    "lane": "Lane",
    "deal_size_band": "Deal size",
}
LENGTHS = {
    "period_of_the_plan": "One period, as long as its plan says",
    "running_with_the_plan": "Again and again, as its plan says",
    "month": "One month",
    "quarter": "One quarter",
    "half_year": "Half a year",
    "year": "One year",
    "monthly": "Every month again",
    "quarterly": "Every quarter again",
    "yearly": "Every year again",
    "one_time": "Once: it does not recur",
}
OFFERED: dict[str, dict[str, str]] = {
    "unknown_file": {
        "accounts": "Accounts",
        "charges": "Charges: what customers pay",
        "deals": "Deals",
        "contacts": "Contacts",
        "activities": "Activities",
        "leads": "Leads",
        "spend": "Sales and marketing spend",
        "costs": "Costs of serving",
        "surveys": "Survey answers",
        "usage": "Usage",
        "fx_rates": "Exchange rates",
        "products": "Products",
        "leave_out": "None of these: leave it out",
    },
    "wide_meaning": {
        "mrr": "MRR",
        "arr": "ARR",
        "active_users": "Active users",
        "licences": "Licences",
        "leave_out": "None of these: leave it out",
    },
    "coverage": LENGTHS,
    "date_order": {"dmy": "Day first", "mdy": "Month first"},
    "decimal_sign": {".": "A point", ",": "A comma"},
    "cents": {"units": "Whole units", "cents": "Cents"},
    "units": {"one_unit": "The price of one unit", "all_units": "The price of all of them"},
    "ends": {"last_day": "The last day that is paid for", "day_after": "The day after it"},
    "tax": {"without_tax": "It comes on top", "with_tax": "It is part of the amounts"},
    "once": {"not_recurring": "No part of MRR", "recurring": "Recurring"},
}


def offered(kind: str, given: str) -> str:
    """An answer to a kind of question about a file, in words; one that is not listed stands for itself."""
    return OFFERED.get(kind, {}).get(given, given)
