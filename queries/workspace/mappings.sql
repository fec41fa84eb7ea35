-- title: Saved mappings
-- question: How was a file with these headers read before?
-- grain: one row per shape of file
create table if not exists mappings (shape varchar, mapping varchar, saved_at timestamp)
