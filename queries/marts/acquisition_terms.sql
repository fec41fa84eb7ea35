-- title: Terms of acquisition
-- question: With which lag and which gross margin is acquisition counted unless something else is asked?
-- grain: one row
-- formula: lag = median days from created to won, of new deals won, in whole months
-- note: Without deals the lag is one quarter.
-- column lag_months | count | months between spend and customer, at most five years
-- column lag_from | text | deals, or one quarter
-- column cycle_days | days | median days from created to won; empty without deals
-- column deal_count | count | deals that it comes from
-- column gross_margin | rate | the margin typed by hand; empty when none was
-- column margin_from | text | typed, costs, or missing
create or replace table acquisition_terms as
with
    cycles as (
        select
            median(cast(date_diff('day', d.created_on, d.closed_on) as double)) as cycle_days,
            count(*) as deal_count
        from deals as d
        cross join conventions as c
        where
            d.is_won
            and coalesce(d.kind, 'new') = 'new'
            and d.created_on <= d.closed_on
            and d.closed_on <= c.as_of
    ),
    typed as (
        select max(try_cast(value as double)) as gross_margin
        from settings
        where name = 'gross_margin'
    ),
    measured as (select count(gross_margin) as margins from margins)
select
    greatest(
        0, least(60, coalesce(cast(round(c.cycle_days / 30.4375) as integer), 3))
    ) as lag_months,
    case when c.deal_count > 0 then 'deals' else 'one quarter' end as lag_from,
    c.cycle_days,
    c.deal_count,
    t.gross_margin,
    case
        when t.gross_margin is not null
        then 'typed'
        when m.margins > 0
        then 'costs'
        else 'missing'
    end as margin_from
from cycles as c
cross join typed as t
cross join measured as m
