-- title: Satisfaction
-- question: How content are the customers who answered in the last twelve months?
-- grain: one row per slice and kind of survey with answers
-- formula: NPS = share of answers 9 and 10 - share of answers 0 to 6; CSAT and ESAT = share of answers of
-- at least
-- formula: four fifths of the scale, which is 5, 7, 10 or 100: the least that holds every answer of its kind
-- note: All answers count, several of one account too. NPS is a rate from -1 to 1 here; in points times 100.
-- parameter by | none, segment, lane, region, plan, channel, owner, deal_size_band, big_logo | none | slices
-- column slice | text | value of the attribute, or All
-- column kind | text | NPS, CSAT or ESAT
-- column score | rate | the NPS, or the share of satisfied answers
-- column answers | count | answers in the twelve months up to as_of
-- column accounts | count | accounts that gave them
with
    sliced as (select account_id, slice from slices_in_scope($scope, $by)),
    scales as (
        select
            kind,
            case
                when max(score) <= 5 then 5 when max(score) <= 7 then 7 when max(score) <= 10 then 10 else 100
            end as scale
        from surveys
        group by kind
    ),
    answered as (
        select i.account_id, v.kind, v.score, c.scale
        from surveys as v
        join account_ids as i on i.alias_id = v.account_id
        join scales as c on c.kind = v.kind
        cross join conventions as o
        where
            v.score is not null
            and v.answered_on <= o.as_of
            and v.answered_on > cast(o.as_of - interval '12' month as date)
    )
select
    s.slice,
    a.kind,
    case
        when a.kind = 'NPS'
        then avg(case when a.score >= 9 then 1.0 when a.score <= 6 then -1.0 else 0.0 end)
        else avg(case when a.score >= 0.8 * a.scale then 1.0 else 0.0 end)
    end as score,
    count(*) as answers,
    count(distinct a.account_id) as accounts
from answered as a
join sliced as s on s.account_id = a.account_id
group by s.slice, a.kind
order by s.slice, a.kind
