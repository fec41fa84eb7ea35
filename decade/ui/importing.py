"""The import page's parts: uploads kept, what was recognised, questions, columns, and the account that adds up."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from decade import ingest
from decade.errors import Refused
from decade.places import SAMPLE, sample_files
from decade.ui import receiving, session
from decade.ui.job import Job, Stopped
from decade.ui.page import plain
from decade.ui.words import offered
from decade.warehouse import Progress

ANSWERS, COLUMNS, REPORT, PLAN, DESK, JOB, READY = "answers", "columns", "report", "plan", "desk", "job", "ready"
LONG = 20 << 20  # bytes: work on more goes on in the background
NOT_READ = "(not read)"
FIRST_DAY = date(1970, 1, 1)  # without one, a date field offers no day more than ten years back


def sample_uploads() -> list[ingest.Upload]:
    """The sample company's exports, as if they had been dropped."""
    return [ingest.Upload(path, path.name) for path in sample_files()]


def begin(dropped: Sequence[str]) -> None:
    """Forget the import before when other files were dropped (the same again are others), its answers when none are."""
    if session.stashed("files") == list(dropped):
        return
    session.stash("files", list(dropped))
    for name in (REPORT,) if dropped else (ANSWERS, COLUMNS, PLAN):
        session.drop(name)


def kept(uploads: Sequence[Any]) -> list[ingest.Upload]:
    """The dropped files, written beside the workspace under names of our own."""
    folder = session.workspace().folder / "uploads"
    folder.mkdir(exist_ok=True)
    found = []
    for upload in uploads:
        path = folder / hashlib.sha256(upload.file_id.encode()).hexdigest()[:24]
        if not path.exists():
            path.write_bytes(upload.getbuffer())
        found.append(ingest.Upload(path, upload.name))
    return found


def desk() -> str:
    """The token under which this session may put large files beside the workspace."""
    token = session.stashed(DESK)
    if token is None:
        token = receiving.open_desk(session.workspace().folder)
        session.stash(DESK, token)
    return str(token)


def large_files() -> list[ingest.Upload]:
    """A frame that sends files straight to the disk, whatever their size; the files that came so far."""
    with st.expander("Files of more than 200 MB", icon=":material/hard_drive:", key="large", on_change="rerun") as box:
        if box.open:
            token = desk()
            st.iframe(f"{receiving.FRAME}/{token}", height=130)
            _watch(token, len(receiving.received(token)))
    return receiving.received(session.stashed(DESK))


@st.fragment(run_every=1)
def _watch(token: str, seen: int) -> None:
    names = [each.name for each in receiving.received(token)]
    if len(names) != seen:
        st.rerun()
    if names:
        st.caption(plain(f"Here: {', '.join(names)}"))


def worked(name: str, work: Callable[[Progress], Any], size: int, interrupt: Callable[[], None] | None = None) -> Any:
    """The result of work on files of a size; while it goes on, the page shows how far it is and can stop it."""
    job = session.stashed(JOB)
    if job is None:
        job = Job(work, interrupt)
        session.stash(JOB, job)
    with st.spinner(f"{name} …"):
        over = job.wait(None if size < LONG else 0.3)
    if not over:
        _under_way(job, name)
        st.stop()
    session.drop(JOB)
    return job.outcome()


@st.fragment(run_every=0.5)
def _under_way(job: Job, name: str) -> None:
    if job.is_over:
        st.rerun()
    share = min(1.0, job.done / job.total) if job.total else 0.0
    left, right = st.columns([5, 1], vertical_alignment="center")
    left.progress(share, text=f"{name}: {job.what}, {share:.0%} of this step")
    right.button("Cancel", icon=":material/close:", on_click=job.stop, width="stretch", disabled=job.is_stopped)


def give_up() -> None:
    """Forget an import under way, with the large files that were sent for it."""
    receiving.close_desk(session.stashed(DESK))
    for kept_name in (DESK, JOB, ANSWERS, COLUMNS, PLAN, READY):
        session.drop(kept_name)


def planned(files: Sequence[ingest.Upload]) -> ingest.ImportPlan:
    """The plan for these files under the answers and corrections given so far; made once for each."""
    answers: dict[str, str] = session.stashed(ANSWERS) or {}
    corrected: dict[str, ingest.Mapping] = session.stashed(COLUMNS) or {}
    key = (
        str(session.workspace().folder),
        session.workspace().revision,
        tuple((each.name, str(each.path)) for each in files),
        tuple(sorted(answers.items())),
        tuple(sorted((label, str(mapping.as_spec())) for label, mapping in corrected.items())),
    )
    held = session.stashed(PLAN)
    # While it is loaded a plan stays the plan: the load itself makes the workspace another.
    if held is None or (held[0] != key and session.stashed(READY) is None):
        if held is not None:
            held[1].discard(session.workspace())
            session.drop(PLAN)
        workspace = session.workspace()

        def work(progress: Progress) -> ingest.ImportPlan:
            return ingest.plan(files, workspace, answers=answers, mappings=corrected, progress=progress)

        held = (key, worked("Reading the files", work, sizes(files)))
        session.stash(PLAN, held)
    plan: ingest.ImportPlan = held[1]
    return plan


def recognised(plan: ingest.ImportPlan) -> None:
    """What each file was taken for."""
    st.dataframe(
        pd.DataFrame(
            [
                {
                    "File": each.raw.label,
                    "Recognised as": each.recognised,
                    "Rows": each.raw.rows,
                    "Written in": each.raw.written,
                    "Confidence": each.confidence,
                }
                for each in plan.files
            ]
        ),
        hide_index=True,
        column_config={
            "Confidence": st.column_config.NumberColumn("Sure", format="percent", width="small"),
            "Rows": st.column_config.NumberColumn("Rows", format="%,d"),
            "Recognised as": st.column_config.TextColumn("Recognised as", width="large"),
        },
        key="recognised",
    )


def questions(doubts: Sequence[ingest.Doubt]) -> None:
    """Each doubt with examples from the file; an answer is one click, and the files are read again with it."""
    st.markdown(f"**{len(doubts)} question{'s' if len(doubts) != 1 else ''} before anything is loaded**")
    for number, doubt in enumerate(doubts):
        with st.container(border=True):
            st.markdown("A question about your file")
            question, *examples = _shown(doubt)
            st.text(question)
            if examples:
                st.code("\n".join(examples), language=None, height="content" if len(examples) <= 8 else 210)
            key = f"doubt_{number}_{doubt.answer_key}"
            if doubt.options:
                st.pills(
                    "Answer",
                    list(doubt.options),
                    format_func=partial(offered, doubt.kind),
                    key=key,
                    label_visibility="collapsed",
                    on_change=lambda k=key, d=doubt: answer(d.answer_key, session.value(k)),
                )
            else:
                st.text_input(
                    "Answer", key=key, on_change=lambda k=key, d=doubt: answer(d.answer_key, session.value(k))
                )


def _shown(doubt: ingest.Doubt) -> list[str]:
    """The question and its examples, with customers' names masked where they must not be seen."""
    texts = [doubt.question, *(doubt.examples if doubt.pairs else doubt.examples[:8])]
    if session.is_masked() and doubt.column != "product":
        for name in {name for pair in doubt.pairs for name in (pair.id, pair.twin, pair.name)}:
            texts = [text.replace(ingest.quoted(name), session.masked_name(name)) for text in texts]
    return texts


def answer(key: str, given: str | None) -> None:
    """Keep an answer for this import."""
    if given:
        session.stash(ANSWERS, {**(session.stashed(ANSWERS) or {}), key: given})


def columns(plan: ingest.ImportPlan) -> None:
    """The mapping of one file, to be corrected: for each canonical column, the column of the file."""
    chosen = {each.raw.label: each for each in plan.files if each.mapping.table}
    if not chosen:
        return
    with st.expander("Columns: what is read from where", icon=":material/table_chart:"):
        label = st.selectbox("File", list(chosen), key="columns_of")
        file_plan = chosen[label]
        header = [name for name in file_plan.raw.header if name]
        rows = []
        for column in ingest.canonical_tables()[file_plan.mapping.table].columns:
            readings = file_plan.mapping.columns.get(column.name, ())
            source = next((each.source for each in readings if each.source is not None), None)
            told = "; ".join(str(dict(each.spec)) for each in readings if each.source is None)
            rows.append(
                {
                    "Column": column.name,
                    "Read from": file_plan.raw.header[source] if source is not None else NOT_READ,
                    "For example": ", ".join(file_plan.raw.examples(source, 3)) if source is not None else told,
                    "Meaning": column.meaning,
                }
            )
        before = pd.DataFrame(rows)
        after = st.data_editor(
            before,
            hide_index=True,
            disabled=["Column", "For example", "Meaning"],
            column_config={
                "Read from": st.column_config.SelectboxColumn("Read from", options=[NOT_READ, *header], required=True)
            },
            key=f"columns_{label}",
        )
        changed = after[after["Read from"] != before["Read from"]]
        if len(changed) and st.button("Read the file with these columns", icon=":material/refresh:"):
            mapping = file_plan.mapping
            for name, source in zip(changed["Column"], changed["Read from"], strict=True):
                mapping = mapping.with_column(str(name), None if source == NOT_READ else {"from": source})
            session.stash(COLUMNS, {**(session.stashed(COLUMNS) or {}), label: mapping})
            st.rerun()
        st.download_button(
            "Download this mapping (.toml)",
            data=file_plan.mapping.to_toml(),
            file_name="mapping.toml",
            on_click="ignore",
        )


def sizes(files: Sequence[ingest.Upload]) -> int:
    """Bytes of all files."""
    return sum(each.path.stat().st_size for each in files if each.path.exists())


def load(plan: ingest.ImportPlan, files: Sequence[ingest.Upload], chosen: Mapping[str, Any]) -> None:
    """Load a plan under the choices that were made, and keep its account for the page to show."""
    workspace, size = session.workspace(), sizes(files)

    def work(progress: Progress) -> ingest.ImportReport:
        return ingest.carry_out(plan, workspace, **chosen, progress=progress)

    session.stash(READY, chosen)
    try:
        report = worked("Loading", work, size, workspace.interrupt)
    except (Refused, Stopped):
        session.drop(READY)
        raise
    give_up()
    session.stash(REPORT, [{**each.row(), "header": list(each.staged.header)} for each in report.accounts])
    session.stash("totals", (report.before, report.after))
    session.stash("notices", list(report.notices))
    for path in (session.workspace().folder / "uploads").glob("*"):
        if path.is_file():  # folders are other people's desks
            path.unlink(missing_ok=True)


def parsed_rates(text: str) -> dict[str, float]:
    """Rates written as EUR=1.08, separated by spaces or commas."""
    parts = (part.partition("=") for part in text.replace(",", " ").split())
    return ingest.typed_rates(((currency, rate) for currency, _, rate in parts), "exchange rates")


def has_sample() -> bool:
    """True when the sample company's files are here."""
    return SAMPLE.is_dir()
