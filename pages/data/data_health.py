"""Data health: which rows contradict themselves or each other, the money in them, and what to do."""

from decade.ui import health
from decade.ui.empty import stop_if_empty
from decade.ui.fetch import conventions, fetch
from decade.ui.page import headline

headline("Data health", "Where does the data contradict itself, how much money is in it, and what is to be done?")
stop_if_empty()
found = fetch("data_health")
health.tiles(found, conventions().reporting_currency or "")
health.rules(found)
health.rows_of_a_rule(found)
health.match_assistant()
