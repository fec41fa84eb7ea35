-- title: Lines of spend
-- question: From which lines of which files does the spend of a period come?
-- grain: one row per line of spend in the window of the period
-- parameter by | none, channel, segment, lane, deal_size_band | none | slices
-- parameter grain | month, quarter, year, twelve_months | quarter | length of a period
-- parameter basis | blended, paid, fully_loaded | blended | which spend
-- parameter lag_months | count | none | months between spend and customer; the median sales cycle when empty
-- parameter period | text | none | only this period
-- parameter slice | text | none | only lines that name this channel or segment, or none
-- column month | month | month of the spend
-- column won_month | month | month of the accounts that it belongs to
-- column channel | text | channel; empty when it names none
-- column segment | text | segment; empty when it names none
-- column kind | text | program, salaries, tools, agency or commission
-- column amount | money | in its currency
-- column currency | text | ISO code
-- column converted | money | in the reporting currency
-- column file_name | text | the imported file, or typed by hand
-- column sheet | text | its sheet
-- column source_row | count | line in that file
-- column is_typed | flag | true when it was typed by hand
with
    lagged as (select lag_months from sales_cycle($lag_months)),
    windows as (
        select
            p.period,
            p.month as won_month,
            l.lag_months,
            cast(p.month - to_months(l.lag_months) as date) as spend_month
        from acquisition_months($grain, $to_month) as p
        cross join lagged as l
        where cast($period as varchar) is null or p.period = $period
    )
select
    w.spend_month as month,
    w.won_month,
    s.channel,
    s.segment,
    coalesce(s.kind, 'program') as kind,
    s.amount,
    s.currency,
    cast(s.amount as double) * r.rate as converted,
    coalesce(o.file_name, 'typed by hand') as file_name,
    o.sheet,
    case when o.source_id is not null then s.source_row end as source_row,
    o.source_id is null as is_typed
from windows as w
join spend as s on cast(date_trunc('month', s.month) as date) = w.spend_month
join rates as r on r.currency = s.currency
left join sources as o on o.source_id = s.source_id
where
    s.amount is not null
    and case
        $basis
        when 'blended'
        then coalesce(s.kind, 'program') in ('program', 'agency')
        when 'paid'
        then
            coalesce(s.kind, 'program') = 'program'
            and lower(trim(s.channel)) in (select channel_key from paid_channels)
        else true
    end
    and case
        when cast($slice as varchar) is null
        then true
        when $by = 'channel'
        then s.channel is null or lower(trim(s.channel)) = lower(trim($slice))
        when $by = 'segment'
        then s.segment is null or lower(trim(s.segment)) = lower(trim($slice))
        else true
    end
order by s.month desc, converted desc, o.file_name, s.source_row
