-- title: Choose channels
-- question: Which channels does the setting paid_channels name?
-- grain: one row per channel
insert into chosen_channels
select distinct lower(trim(channel)) as channel_key
from
    (
        select unnest(from_json(value, '["VARCHAR"]')) as channel
        from settings
        where name = 'paid_channels'
    ) as named
