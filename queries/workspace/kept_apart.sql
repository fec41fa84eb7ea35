-- title: Names kept apart
-- question: Which id or product looks like another and is not, as a person said?
-- grain: one row per kind (account or product), id and what it looks like
create table if not exists kept_apart (kind varchar, alias varchar, twin varchar)
