-- title: Paid channels
-- question: Which channels are paid for?
-- grain: one row per channel
-- note: Those chosen by a person, else those to which programme spend is booked.
-- column channel_key | text | the channel in small letters, without spaces at its ends
create or replace table paid_channels as
with choices as (select count(*) as held from settings where name = 'paid_channels')
select lower(trim(s.channel)) as channel_key
from spend as s
cross join choices as c
where c.held = 0 and coalesce(s.kind, 'program') = 'program' and s.channel is not null
union
select channel_key
from chosen_channels
