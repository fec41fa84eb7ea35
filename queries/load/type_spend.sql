-- title: Type spend by hand
-- question: Which spend was typed in place of an export?
-- grain: one row per month, channel and kind
insert into spend (month, channel, kind, amount, currency, source_id, source_row, row_key)
select
    unnest(cast($months as date[])) as month,
    cast($channel as varchar) as channel,
    $kind as kind,
    cast($amount as decimal(18, 4)) as amount,
    reporting_currency as currency,
    0 as source_id,
    0 as source_row,
    'typed by hand' as row_key
from conventions
