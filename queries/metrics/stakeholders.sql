-- title: Stakeholders
-- question: Which people do we know at the account, and when was each last spoken to?
-- grain: one row per account and person
-- note: Active people first, those with a role that decides before others, then the latest touch. Five names
-- note: an account are wanted. Nobody is counted twice: rows of one account with the same name are one
-- person.
-- parameter account_id | text | none | only this account
-- parameter top | count | none | only so many accounts, those with the most ARR
-- column account_id | text | the account
-- column account | text | its name
-- column place | count | place among the account's people, 1 to 5 are its five names
-- column person | text | the person's name
-- column person_id | text | the person's id
-- column title | text | job title
-- column role | text | economic_buyer, champion, user, technical, procurement, cio_office or other
-- column is_active | flag | false when the person has left
-- column last_touch_on | date | day of the last touch
-- column days_since | count | days from then to as_of
-- column is_by_hand | flag | true when typed by hand, in no file
select
    p.account_id,
    f.account,
    row_number() over (
        partition by p.account_id
        order by
            p.is_active desc,
            case
                p.role
                when 'economic_buyer'
                then 1
                when 'champion'
                then 2
                when 'cio_office'
                then 3
                when 'procurement'
                then 4
                when 'technical'
                then 5
                when 'user'
                then 6
                else 7
            end,
            p.last_touch_on desc nulls last,
            p.person_id
    ) as place,
    coalesce(p.name, p.person_id) as person,
    p.person_id,
    p.title,
    p.role,
    p.is_active,
    p.last_touch_on,
    date_diff('day', p.last_touch_on, c.as_of) as days_since,
    p.is_by_hand
from people as p
join account_facts as f on f.account_id = p.account_id
semi join
    (
        select g.account_id
        from accounts_in_scope($scope) as g
        order by g.acv desc nulls last, g.account_id
        limit coalesce($top, 1000000000)
    ) as s
    on s.account_id = p.account_id
cross join conventions as c
where cast($account_id as varchar) is null or p.account_id = $account_id
order by p.account_id, place
