"""Writes the exports of the sample company beside this file, the same bytes each time."""

import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER))

from generator import accounts, billing, crm, flaws, leads, money, people, sales, stripe, voice  # noqa: E402
from generator.book import Book  # noqa: E402


def main() -> None:
    """All files, in the order in which they depend on one another."""
    customers = accounts.customers()
    book = Book()
    billing.bill(customers, book)
    trials = accounts.trial_only()
    billing.try_out(trials, book)
    deals, prospects = sales.deals(customers, book)
    flaws.plant(book, deals)
    persons = people.contacts(customers, prospects)
    touches = people.activities(persons, customers, book)

    stripe.write(FOLDER, customers + trials, book)
    crm.write(FOLDER, customers + trials + prospects, deals, persons, touches, book)
    leads.write(FOLDER, deals, book)
    money.write(FOLDER, book, deals)
    voice.write(FOLDER, customers, book)


if __name__ == "__main__":
    main()
