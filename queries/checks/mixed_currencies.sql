-- title: Mixed currencies
-- question: Which accounts are charged in more than one currency?
-- grain: one row per row that breaks the rule
-- note: Each is converted at its own rate. Where one of them is a slip of the export, correct it there.
-- column check | text | the rule
-- column source_id | count | the imported file
-- column source_row | count | line in that file
-- column account_id | text | the account
-- column message | text | what was found
-- column amount | money | the money in the row
create or replace view check_mixed_currencies as
with
    mixed as (
        select i.account_id
        from charges as h
        join account_ids as i on i.alias_id = h.account_id
        group by i.account_id
        having min(h.currency) <> max(h.currency)
    ),
    charged as (
        select
            i.account_id,
            count(distinct h.currency) as currencies,
            min(h.currency) as first_currency,
            max(h.currency) as last_currency
        from charges as h
        join account_ids as i on i.alias_id = h.account_id
        semi join mixed as m on m.account_id = i.account_id
        group by i.account_id
    )
select
    'mixed_currencies' as "check",
    cast(null as integer) as source_id,
    cast(null as bigint) as source_row,
    c.account_id,
    'is charged in '
    || c.currencies
    || ' currencies, among them '
    || c.first_currency
    || ' and '
    || c.last_currency as message,
    f.mrr as amount
from charged as c
join account_facts as f on f.account_id = c.account_id
