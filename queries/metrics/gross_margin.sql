-- title: Gross margin
-- question: What is left of revenue after the cost of serving it, and who says so?
-- grain: one row per segment with revenue, and one for the company
-- formula: 1 - (cogs + support) / revenue, over the last twelve months that have costs
-- note: A margin typed by hand stands for every segment. Costs that name no segment with revenue are shared
-- by
-- note: revenue; a segment that they leave out takes the company's margin. Customer success is a cost to
-- retain: it is shown, and not in the gross margin.
-- column segment | text | segment; "(all)" for the company
-- column gross_margin | rate | the margin in force: typed, else measured
-- column margin_from | text | typed, costs, or missing
-- column measured_margin | rate | 1 - (cogs + support) / revenue; empty without costs of its own
-- column margin_after_success | rate | the same after the cost of customer success
-- column revenue | money | MRR summed over the months with costs
-- column cogs | money | cost of goods
-- column support | money | cost of support
-- column success | money | cost of customer success
-- column month_count | count | months with costs in the window
-- column first_month | month | first of them
-- column last_month | month | last of them
with
    typed as (
        select max(try_cast(value as double)) as gross_margin from settings where name = 'gross_margin'
    ),
    known as (
        select segment
        from margins
        union
        select '(all)'
    )
select
    k.segment,
    coalesce(t.gross_margin, m.gross_margin, c.gross_margin) as gross_margin,
    case
        when t.gross_margin is not null
        then 'typed'
        when c.gross_margin is not null
        then 'costs'
        else 'missing'
    end as margin_from,
    m.gross_margin as measured_margin,
    m.gross_margin - m.success / nullif(m.revenue, 0) as margin_after_success,
    m.revenue,
    m.cogs,
    m.support,
    m.success,
    m.month_count,
    m.first_month,
    m.last_month
from known as k
cross join typed as t
left join margins as m on m.segment = k.segment
left join margins as c on c.segment = '(all)'
order by k.segment = '(all)' desc, m.revenue desc, k.segment
