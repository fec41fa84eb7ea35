"""Invented names: companies, people, domains (all under the reserved .example)."""

from random import Random

_HEADS = (
    "Bral Corv Dunv Elv Farr Gant Hulv Irv Jask Kelb Lorv Marv Nesk Orv Pelv Quar Rusk Selv Tarv Ulv "
    "Velk Wesk Yarv Zelb Ambr Brisk Calv Drov Estr Fenv Grisk Holv Istr Jorv Krev Lusk Morv Nalv "
    "Ostr Prav"
)
_TAILS = (
    "ackwell anholt edra elmoor enby erstow etta ilund imore inwick olden omere ondale orvik osta "
    "overn uldane umber unholm urra yndal aveth eskar ovane"
)
_NOUNS = {
    "Elevators & Climate": ["Lifts", "Elevators", "Climate", "Air Systems", "Cooling"],
    "Medical Devices": ["Medical Systems", "Imaging Care", "Lab Service", "Diagnostics"],
    "Utilities": ["Water", "Grid Services", "Energy Networks", "District Heat"],
    "Telecom Field Service": ["Networks", "Fibre Works", "Field Networks", "Connect"],
    "Facilities Management": ["Facilities", "Property Care", "Building Services", "Site Services"],
    "Retail Maintenance": ["Shopfitting", "Store Services", "Refrigeration", "Retail Works"],
}
_FORMS = {"North America": ["Inc.", "LLC", "Corp."], "Europe": ["GmbH", "B.V.", "SAS", "Sp. z o.o.", "Ltd"]}
_FIRST = (
    "Ada Amir Anneke Bruno Carla Dario Edda Elif Femke Goran Hanna Ida Jonas Kaja Lena Luca Mara "
    "Milan Nadia Noor Olek Paula Priya Ravi Rosa Samir Sanne Tariq Tessa Tomas Uma Vera Viktor Wanda "
    "Yusuf Zofia"
)
_LAST = (
    "Albrand Bexley Corvino Dahlmar Eskander Falkner Grenholt Havlin Ivarsen Jasko Kestrin Lindqvar "
    "Morvay Nordahl Okello Pradhan Quist Rovelli Sandhu Tervo Ullman Vasko Wendt Yilmaz Zabor Ansari "
    "Brook Castell"
)

INDUSTRIES = tuple(_NOUNS)
COMPETITORS = ("Routewell", "Dispatchly One", "Kronfeld FSM", "In-house build", "No decision")


class CompanyNames:
    """Company names, each given once."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        stems = [head + tail for head in _HEADS.split() for tail in _TAILS.split()]
        rng.shuffle(stems)
        self._stems = iter(stems)
        self._pairs: set[str] = set()

    def give(self, industry: str) -> tuple[str, str]:
        """A name and its domain."""
        stem = next(self._stems)
        noun = self._rng.choice(_NOUNS[industry])
        return f"{stem} {noun}", f"{stem.lower()}.example"

    def give_pair(self, industry: str) -> str:
        """A name of two families, never that of a single one."""
        while True:
            stem = self._rng.choice(_HEADS.split()) + self._rng.choice(_TAILS.split())
            pair = f"{stem} & {self._rng.choice(_LAST.split())}"
            if pair not in self._pairs:
                self._pairs.add(pair)
                return f"{pair} {self._rng.choice(_NOUNS[industry])}"


def legal_form(rng: Random, region: str) -> str:
    """The ending that billing writes behind a name."""
    return rng.choice(_FORMS.get(region, ["Pty Ltd", "Pte. Ltd."]))


def person(rng: Random) -> tuple[str, str]:
    """First and last name."""
    return rng.choice(_FIRST.split()), rng.choice(_LAST.split())
