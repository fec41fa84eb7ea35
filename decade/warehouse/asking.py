"""Asking a question on a cursor: its values, its SQL, its answer as a normalised DataFrame."""

from __future__ import annotations

import warnings
from collections.abc import Mapping

import duckdb
import pandas as pd
import pyarrow as pa

from decade.queries import Question, catalogue
from decade.scope import Scope
from decade.warehouse.frames import framed

# The copy is quicker than what is recommended in its place, which plans every question twice.
warnings.filterwarnings("ignore", message="Arrow output on a DB-API result", category=UserWarning)


class Asker:
    """Answers questions on one cursor."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection) -> None:
        self._cursor = cursor

    def ask(
        self,
        name: str,
        scope: Scope | None = None,
        *,
        settings: Mapping[str, str] | None = None,
        **parameters: object,
    ) -> pd.DataFrame:
        """As Workspace.ask."""
        return ask(self._cursor, catalogue()[name], scope, settings, parameters)


def ask(
    cursor: duckdb.DuckDBPyConnection,
    question: Question,
    scope: Scope | None,
    settings: Mapping[str, str] | None,
    parameters: Mapping[str, object],
) -> pd.DataFrame:
    """The answer to a question: its promised columns, in the kinds of its header."""
    values = question.values({**(scope or Scope()).parameters(), **parameters}, settings)
    answer: pa.RecordBatchReader = cursor.execute(question.sql, values).to_arrow_reader()
    return framed(answer.read_all(), question)
