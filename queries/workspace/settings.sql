-- title: Settings
-- question: What was decided for this workspace?
-- grain: one row per setting
create table if not exists settings (name varchar, value varchar)
