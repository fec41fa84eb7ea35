-- title: Parents in a circle
-- question: Which accounts have parents that go round in a circle?
-- grain: one row per row that breaks the rule
-- note: Rolled up, the accounts of a circle are counted as one, under the id that sorts first. Correct one of
-- note: the parents. More than eight levels count as a circle.
-- column check | text | the rule
-- column source_id | count | the imported file
-- column source_row | count | line in that file
-- column account_id | text | the account
-- column message | text | what was found
-- column amount | money | the money in the row
create or replace view check_parents_in_a_circle as
select
    'parents_in_a_circle' as "check",
    a.source_id,
    a.source_row,
    i.own_id as account_id,
    'account ' || a.account_id || ' has parents that go round in a circle' as message,
    cast(null as decimal(18, 4)) as amount
from accounts as a
join account_ids as i on i.alias_id = a.account_id
where i.is_in_circle and a.parent_account_id is not null
