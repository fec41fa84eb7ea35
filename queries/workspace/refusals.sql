-- title: Refused rows
-- question: Which rows were refused, and why?
-- grain: one row per refused row of an imported file
create table if not exists refusals (
    source_id integer, source_row bigint, column_name varchar, value varchar, reason varchar, raw varchar
)
