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
