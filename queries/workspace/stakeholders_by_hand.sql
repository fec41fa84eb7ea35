-- title: Stakeholders typed by hand
-- question: Which people at an account did somebody add, beside those of the files?
-- grain: one row per person
create table if not exists stakeholders_by_hand (
    person_id varchar,
    account_id varchar,
    name varchar,
    title varchar,
    role varchar,
    last_touch_on date
)
