"""The words that exports use for missing, yes, no, intervals, statuses, roles and months."""

from __future__ import annotations

import re

OPEN_ENDED = frozenset(
    {
        "evergreen", "until cancelled", "until canceled", "open", "open ended", "open-ended", "ongoing", "indefinite",
        "perpetual", "never", "no end", "no end date", "rolling", "auto-renew", "auto renew", "current", "present",
        "laufend", "unbefristet", "offen", "bis auf weiteres", "bis kündigung", "indéterminée", "durée indéterminée",
        "en cours", "sans fin", "indefinido", "sin fin", "vigente", "bezterminowo", "bezterminowa", "nieokreślony",
        "czas nieokreślony", "na czas nieokreślony", "бессрочно", "бессрочный", "бессрочная", "без срока",
    }
)  # fmt: skip
MISSING = frozenset({"", "--", "-", "—", "n/a", "na", "#n/a", "null", "nan", "none", "nat", "(blank)", "\\n"})
TRUE = frozenset({"true", "t", "yes", "y", "1", "x", "ja", "j", "oui", "vrai", "sí", "si", "tak", "да", "wahr"})
FALSE = frozenset({"false", "f", "no", "n", "0", "nein", "non", "faux", "nie", "нет", "falsch"})

STATUSES: dict[str, str] = {
    **dict.fromkeys(
        (
            "active",
            "live",
            "non renewing",
            "paid",
            "open",
            "finalized",
            "aktiv",
            "actif",
            "activo",
            "activa",
            "aktywna",
            "aktywny",
            "активна",
            "активен",
            "действует",
            "alta",
            "paid in full",
            "fully paid",
            "partially paid",
            "fully applied",
            "issued",
            "sent",
            "gestellt",
            "versendet",
            "wystawiona",
            "wysłana",
            "émise",
            "envoyée",
            "emitida",
            "enviada",
            "enabled",
            "running",
            "laufend",
            "bezahlt",
            "offen",
            "payée",
            "payé",
            "réglée",
            "pagada",
            "pagado",
            "cobrada",
            "cobrado",
            "opłacona",
            "zapłacona",
            "оплачен",
            "оплачена",
            "оплачено",
            "in progress",
        ),
        "active",
    ),
    **dict.fromkeys(("trialing", "trial", "in trial", "in_trial"), "trialing"),
    **dict.fromkeys(
        ("past due", "past_due", "overdue", "dunning", "überfällig", "en retard", "vencida", "просрочен"), "past_due"
    ),
    **dict.fromkeys(("unpaid", "uncollectible"), "unpaid"),
    **dict.fromkeys(("paused", "on hold"), "paused"),
    **dict.fromkeys(
        (
            "canceled",
            "cancelled",
            "churned",
            "deactivated",
            "baja",
            "closed",
            "stopped",
            "abandoned",
            "kündigung",
            "ended",
            "terminated",
            "gekündigt",
            "beendet",
            "résilié",
            "résiliée",
            "cancelada",
            "cancelado",
            "rozwiązana",
            "zakończona",
            "расторгнут",
            "завершён",
        ),
        "cancelled",
    ),
    **dict.fromkeys(("expired", "incomplete expired"), "expired"),
    **dict.fromkeys(("future", "scheduled", "pending"), "future"),
    "incomplete": "incomplete",
    **dict.fromkeys(("draft", "quotation", "quote", "entwurf", "brouillon", "borrador", "szkic", "черновик"), "draft"),
    **dict.fromkeys(
        ("void", "voided", "deleted", "storniert", "annulée", "anulada", "anulowana", "аннулирован"), "void"
    ),
}
WON = (
    "closed won", "closedwon", "won", "gewonnen", "geschlossen gewonnen", "geschlossen und gewonnen",
    "abgeschlossen und gewonnen", "abgeschlossen (gewonnen)", "gagné", "gagnée", "fermée gagnée", "clôturée gagnée",
    "conclu gagné", "ganado", "ganada", "cerrada ganada", "cerrado ganado", "cierre ganado", "wygrana", "wygrane",
    "zamknięte wygrane", "zamknięta wygrana", "выиграно", "закрыто и выиграно", "успешно реализовано",
    "сделка успешна",
)  # fmt: skip
LOST = (
    "closed lost", "closedlost", "lost", "abandoned", "disqualified", "rejected",
    "verloren", "geschlossen verloren", "geschlossen und verloren",
    "abgeschlossen und verloren", "abgeschlossen (verloren)", "perdu", "perdue", "fermée perdue", "clôturée perdue",
    "conclu perdu", "perdido", "perdida", "cerrada perdida", "cerrado perdido", "cierre perdido", "przegrana",
    "przegrane", "zamknięte przegrane", "zamknięta przegrana", "проиграно", "закрыто и проиграно",
    "закрыто и не реализовано", "сделка проиграна",
)  # fmt: skip
ROLES: dict[str, str] = {
    **dict.fromkeys(("economic buyer", "economic decision maker", "decision maker", "buyer"), "economic_buyer"),
    **dict.fromkeys(("champion", "business user champion", "sponsor", "executive sponsor"), "champion"),
    **dict.fromkeys(("user", "business user", "end user"), "user"),
    **dict.fromkeys(("technical", "technical buyer", "evaluator", "technical evaluator"), "technical"),
    **dict.fromkeys(("procurement", "purchasing", "legal"), "procurement"),
    **dict.fromkeys(("cio office", "cio", "it executive"), "cio_office"),
    "other": "other",
}
CHANNEL_KINDS: dict[str, str] = {
    **dict.fromkeys(("meeting", "event", "demo"), "meeting"),
    **dict.fromkeys(("visit", "on site", "onsite"), "visit"),
    **dict.fromkeys(("call", "phone", "phone call"), "call"),
    **dict.fromkeys(("email", "e mail", "mail"), "email"),
    **dict.fromkeys(("qbr", "quarterly business review", "business review"), "qbr"),
    **dict.fromkeys(("support", "case", "ticket"), "support"),
}
MONTHS: dict[str, int] = {}
for _words in (
    "january february march april may june july august september october november december",
    "jan feb mar apr may jun jul aug sep oct nov dec",
    "januar februar märz april mai juni juli august september oktober november dezember",
    "jan feb mrz apr mai jun jul aug sep okt nov dez",
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "janv févr mars avr mai juin juil août sept oct nov déc",
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "ene feb mar abr may jun jul ago sep oct nov dic",
    "styczeń luty marzec kwiecień maj czerwiec lipiec sierpień wrzesień październik listopad grudzień",
    "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
    "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь",
    "янв фев мар апр май июн июл авг сен окт ноя дек",
    "sty lut mar kwi maj cze lip sie wrz paź lis gru",
    "ene febr mar abr may jun jul ago sept oct nov dic",
    "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
):
    MONTHS.update({word: number for number, word in enumerate(_words.split(), start=1)})

_INTERVALS: dict[str, tuple[str, int]] = {
    **dict.fromkeys(("day", "days", "daily", "tag", "täglich", "jour", "día"), ("day", 1)),
    **dict.fromkeys(
        ("week", "weeks", "weekly", "wk", "woche", "wöchentlich", "semaine", "semana", "tydzień"), ("week", 1)
    ),
    **dict.fromkeys(("biweekly", "fortnight", "fortnightly"), ("week", 2)),
    **dict.fromkeys(
        ("month", "months", "monthly", "mo", "mth", "monat", "monatlich", "mois", "mensuel", "mes"),
        ("month", 1),
    ),
    **dict.fromkeys(("monate", "monatliche", "mensuelle", "mensuellement", "mensualmente", "meses"), ("month", 1)),
    **dict.fromkeys(("mensual", "miesiąc", "miesięczny", "miesięcznie", "месяц", "месяца", "месяцев"), ("month", 1)),
    **dict.fromkeys(("ежемесячно", "ежемесячная", "ежемесячный", "m"), ("month", 1)),
    **dict.fromkeys(("quarter", "quarters", "quarterly", "qtr", "quartal", "quartale", "trimestre"), ("quarter", 1)),
    **dict.fromkeys(
        ("vierteljahr", "vierteljährlich", "quartalsweise", "trimestriel", "trimestrielle"), ("quarter", 1)
    ),
    **dict.fromkeys(("trimestral", "trimestralmente", "kwartał", "kwartalnie", "kwartalny"), ("quarter", 1)),
    **dict.fromkeys(("квартал", "ежеквартально", "ежеквартальная"), ("quarter", 1)),
    **dict.fromkeys(
        ("halbjährlich", "semestriel", "semestrielle", "semestral", "półrocznie", "półroczny"), ("half_year", 1)
    ),
    **dict.fromkeys(("полугодие", "полгода"), ("half_year", 1)),
    **dict.fromkeys(
        ("biannual", "biannually", "semiannual", "semiannually", "halfyear", "halfyearly"), ("half_year", 1)
    ),
    **dict.fromkeys(("semester", "half_year", "halbjahr"), ("half_year", 1)),
    **dict.fromkeys(
        ("year", "years", "yearly", "annual", "annually", "annum", "yr", "jahr", "jahre", "jährlich", "an", "annuel"),
        ("year", 1),
    ),
    **dict.fromkeys(("annuelle", "annuellement", "anual", "anualmente", "año", "años", "rok", "roczny"), ("year", 1)),
    **dict.fromkeys(("rocznie", "год", "года", "лет", "ежегодно", "ежегодная", "y"), ("year", 1)),
    **dict.fromkeys(("biennial", "biennially"), ("year", 2)),
    **dict.fromkeys(("triennial",), ("year", 3)),
}


def interval(text: str) -> tuple[str, int] | None:
    """Unit and count of an interval's words (`6 months`, `every quarter`, `gold_monthly`), or None."""
    lowered = text.strip().lower()
    lowered = re.sub(r"(?:half|semi|bi)[\s_-]?(?:year(?:ly)?|annual(?:ly)?)", "biannual", lowered)
    tokens = [token for token in re.split(r"[^\w]+|_", lowered) if token]
    found = [(at, _INTERVALS[token]) for at, token in enumerate(tokens) if token in _INTERVALS]
    if len(tokens) > 2:  # one letter decides only where there is little else to read
        found = [(at, each) for at, each in found if len(tokens[at]) > 2 or tokens[at] in ("mo", "yr")]
    if len({each for _, each in found}) != 1:
        joined = re.fullmatch(r"(\d{1,2})([dwmy])", lowered)
        units = {"d": "day", "w": "week", "m": "month", "y": "year"}
        return (units[joined.group(2)], int(joined.group(1))) if joined else None
    at, (unit, count) = found[0]
    if at and re.fullmatch(r"\d{1,2}", tokens[at - 1]) and int(tokens[at - 1]) > 0:
        return unit, count * int(tokens[at - 1])
    return unit, count


# Words with which a name means something else, however alike it is: the present period is not the whole service.
NEVER_MEANT = {
    "account_id": frozenset({"email", "document", "receipt"}),
    "quantity": frozenset({"payment", "payments", "invoices", "upcoming", "remaining", "cycles", "renewals"}),
    "subscription_id": frozenset(
        {"status", "state", "end", "start", "date", "term", "type", "months", "length", "value"}
    ),
    "status": frozenset({"payment", "previous", "delivery", "email", "tax", "sync"}),
    "starts_on": frozenset({"current", "next", "trial", "renewal"}),
    "ends_on": frozenset({"current", "next", "trial", "due"}),
    "amount": frozenset(
        {
            "id",
            "tax",
            "taxes",
            "vat",
            "refund",
            "refunded",
            "balance",
            "paid",
            "outstanding",
            "discount",
            "credit",
            "minimum",
            "unit",
        }
    ),
}
# MRR with one of these is not what is paid now.
RATES_OF_OTHERS = frozenset(
    {
        "change", "delta", "movement", "expansion", "contraction", "churn", "churned", "new", "lost", "growth", "net",
        "previous", "prior", "before", "starting", "opening", "initial", "upgrade", "downgrade", "reactivation",
        "id", "type", "status", "target", "forecast", "expected", "potential", "date", "currency", "band", "share",
    }
)  # fmt: skip
# A required id alone says little: one of these has to be there before a file is taken for the table.
TELLING = {
    "accounts": ("name", "lane", "employees", "domain", "customer_since"),
    "contacts": ("title", "role", "last_contacted_on"),
    "deals": ("stage", "closed_on", "probability"),
    "leads": ("source", "sales_ready_on", "demo_on", "bant_qualified"),
    "activities": ("kind", "by"),
    "products": ("list_price", "family"),
}
HEADS = ("country", "currency", "status")  # whatever words stand beside these: of registration, of the contract
OF_NOBODY = ("fx_rates", "products")  # no row of these is about an account
