-- title: Notes
-- question: What did people write about an account or a month?
-- grain: one row per note
create table if not exists notes (
    note_id varchar, account_id varchar, month date, words varchar, saved_at timestamp
)
