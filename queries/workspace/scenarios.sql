-- title: Saved scenarios
-- question: Which scenarios were kept, with which inputs?
-- grain: one row per scenario
create table if not exists scenarios (name varchar, inputs varchar, saved_at timestamp)
