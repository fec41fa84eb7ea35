-- title: Chosen channels
-- question: Which channels did a person say are paid for?
-- grain: one row per channel
-- note: The setting paid_channels, read.
create table if not exists chosen_channels (channel_key varchar)
