"""Import: every file recognised, mapped, typed and accounted for, before the database is touched."""

from decade.ingest.doubts import Doubt, answer
from decade.ingest.guess import Candidate, candidates, guess, likely_tables
from decade.ingest.headers import shape
from decade.ingest.joins import quoted
from decade.ingest.load import carry_out, plan
from decade.ingest.mapping import Mapping
from decade.ingest.plans import FilePlan, ImportPlan, ImportReport
from decade.ingest.rates import typed_rates
from decade.ingest.raw import RawTable, Upload
from decade.ingest.recognise import known_sources
from decade.ingest.schema import canonical_tables

__all__ = [
    "Candidate",
    "Doubt",
    "FilePlan",
    "ImportPlan",
    "ImportReport",
    "Mapping",
    "RawTable",
    "Upload",
    "answer",
    "candidates",
    "canonical_tables",
    "carry_out",
    "guess",
    "known_sources",
    "likely_tables",
    "plan",
    "quoted",
    "shape",
    "typed_rates",
]
