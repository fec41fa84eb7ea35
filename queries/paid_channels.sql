-- title: Paid channels
-- question: Which channels are paid for?
-- grain: one row per channel
-- note: Those chosen by a person (the setting paid_channels), else those to which programme spend is booked.
-- column channel_key | text | the channel in small letters, without spaces at its ends
create or replace macro paid_channels() as table
    with chosen as (select max(value) as names from settings where name = 'paid_channels')
    select lower(trim(s.channel)) as channel_key
    from spend as s
    where
        coalesce(s.kind, 'program') = 'program' and s.channel is not null and (select names from chosen) is null
    union
    select lower(trim(unnest(from_json(names, '["VARCHAR"]')))) as channel_key
    from chosen
    where names is not null
