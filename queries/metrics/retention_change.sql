-- title: What moved retention
-- question: Which slices, fates and accounts made the change of trailing-twelve-month retention?
-- grain: one row per slice, fate and account among those that moved a rate most
-- formula: share now - share then, where share = (MRR now - MRR a year before) / MRR of all a year before
-- note: The shares of all accounts add up to NRR - 1 (to GRR - 1 with losses alone; to logo retention - 1
-- note: with each account as one), so their differences between two months add up to the change, exactly.
-- note: An account whose fate differs between the two windows has a row in each. cell_ columns speak of all
-- note: accounts of a slice and fate.
-- parameter until | month | none | later month; the last full one when empty
-- parameter months | count | 3 | how many months lie between the two
-- parameter by | none, segment, lane, region, plan, channel, owner, deal_size_band, big_logo | none | slices
-- column slice | text | value of the attribute, or All
-- column status | text | left, shrank or grew within its twelve months
-- column account_id | text | the account
-- column account | text | its name
-- column nrr | rate | its part of the change of NRR
-- column grr | rate | its part of the change of GRR
-- column logo_retention | rate | its part of the change of logo retention
-- column cell_nrr | rate | part of all accounts of the slice and fate
-- column cell_grr | rate | the same for GRR
-- column cell_logo_retention | rate | the same for logo retention
-- column cell_accounts | count | how many accounts
with
    chosen as (select coalesce(cast($until as date), max(month)) as month from months where is_full),
    ends as (
        select 1 as sign, month, cast(month - interval '12' month as date) as before
        from chosen
        union all
        select
            -1 as sign,
            cast(month - to_months($months) as date) as month,
            cast(month - to_months($months) - interval '12' month as date) as before
        from chosen
    ),
    levels as (
        select
            e.sign,
            g.account_id,
            greatest(
                max(g.closing) filter (
                    where g.month <= e.before and (g.next_month is null or g.next_month > e.before)
                ),
                0
            ) as mrr_then,
            greatest(
                coalesce(
                    max(g.closing) filter (
                        where g.month <= e.month and (g.next_month is null or g.next_month > e.month)
                    ),
                    0
                ),
                0
            ) as mrr_now,
            bool_or(g.is_active) filter (
                where g.month <= e.before and (g.next_month is null or g.next_month > e.before)
            ) as was_active,
            coalesce(
                bool_or(g.is_active) filter (
                    where g.month <= e.month and (g.next_month is null or g.next_month > e.month)
                ),
                false
            ) as is_active
        from changes as g
        cross join ends as e
        semi join accounts_in_scope($scope) as s on s.account_id = g.account_id
        group by e.sign, g.account_id
        having was_active
    ),
    shares as (
        select
            account_id,
            case
                when mrr_now <= 0 then 'left' when mrr_now < mrr_then then 'shrank' else 'grew'
            end as status,
            sign * (mrr_now - mrr_then)::double / nullif(sum(mrr_then) over of_end, 0)::double as nrr,
            sign
            * (least(mrr_now, mrr_then) - mrr_then)::double
            / nullif(sum(mrr_then) over of_end, 0)::double as grr,
            case when not is_active then 0 - sign::double / count(*) over of_end else 0 end as logo_retention
        from levels
        window of_end as (partition by sign)
    ),
    cells as (
        select
            s.slice,
            p.status,
            p.account_id,
            sum(p.nrr) as nrr,
            sum(p.grr) as grr,
            sum(p.logo_retention) as logo_retention
        from shares as p
        join slices_in_scope($scope, $by) as s on s.account_id = p.account_id
        group by s.slice, p.status, p.account_id
        having sum(p.nrr) <> 0 or sum(p.logo_retention) <> 0
    ),
    ranked as (
        select
            *,
            sum(nrr) over cell as cell_nrr,
            sum(grr) over cell as cell_grr,
            sum(logo_retention) over cell as cell_logo_retention,
            count(*) over cell as cell_accounts,
            row_number() over (partition by slice, status order by nrr, account_id) as from_below,
            row_number() over (partition by slice, status order by nrr desc, account_id) as from_above
        from cells
        window cell as (partition by slice, status)
    )
select
    r.slice,
    r.status,
    r.account_id,
    f.account,
    r.nrr,
    r.grr,
    r.logo_retention,
    r.cell_nrr,
    r.cell_grr,
    r.cell_logo_retention,
    r.cell_accounts
from ranked as r
join account_facts as f on f.account_id = r.account_id
where r.from_below <= 8 or r.from_above <= 8
order by abs(r.cell_nrr) desc, r.slice, r.status, abs(r.nrr) desc, r.account_id
