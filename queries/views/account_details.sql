-- title: Account details
-- question: What do we know about each account, over all files?
-- grain: one row per account
-- note: Where two files speak of one account, the one that knows its billing id (the CRM) is believed first.
-- column account_id | text | the account
-- column account | text | its name, or its id where no file names it
-- column domain | text | its internet domain
-- column parent_account_id | text | its parent, as written
-- column segment | text | segment
-- column lane | text | industry, vertical or market
-- column region | text | sales region
-- column country | text | country
-- column employees | count | number of employees
-- column annual_revenue | money | the organisation's own yearly revenue
-- column potential_acv | money | yearly contract value if everything were bought, where given
-- column project_cost | money | the customer's budget for the project, where given
-- column owner | text | the person responsible
-- column channel | text | how the account was won
-- column customer_since | date | first day as a customer, where given
-- column fiscal_year_start_month | count | month in which its fiscal year starts
-- column is_in_crm | flag | true when an accounts file names it
create or replace view account_details as
with
    rows_of_account as not materialized (
        select
            i.account_id,
            a.name,
            a.domain,
            a.parent_account_id,
            a.segment,
            a.lane,
            a.region,
            a.country,
            a.employees,
            a.annual_revenue,
            a.potential_acv,
            a.project_cost,
            a.owner,
            a.channel,
            a.customer_since,
            a.fiscal_year_start_month,
            case when a.account_id is null then 0 else 1 end as is_named,
            case when a.billing_account_id is not null then 1 else 0 end as is_crm
        from account_ids as i
        left join accounts as a on a.account_id = i.alias_id and i.own_id = i.account_id
    ),
    -- Most accounts have one row, and nothing has to be chosen there.
    several as (select account_id from rows_of_account group by account_id having count(*) > 1)
select
    r.account_id,
    coalesce(r.name, r.account_id) as account,
    r.domain,
    r.parent_account_id,
    r.segment,
    r.lane,
    r.region,
    r.country,
    r.employees,
    r.annual_revenue,
    r.potential_acv,
    r.project_cost,
    r.owner,
    r.channel,
    r.customer_since,
    r.fiscal_year_start_month,
    r.is_named = 1 as is_in_crm
from rows_of_account as r
anti join several as s on s.account_id = r.account_id
union all
select
    r.account_id,
    coalesce(max(name) filter (where is_crm = 1), max(name), r.account_id) as account,
    coalesce(max(domain) filter (where is_crm = 1), max(domain)) as domain,
    max(parent_account_id) as parent_account_id,
    coalesce(max(segment) filter (where is_crm = 1), max(segment)) as segment,
    coalesce(max(lane) filter (where is_crm = 1), max(lane)) as lane,
    coalesce(max(region) filter (where is_crm = 1), max(region)) as region,
    coalesce(max(country) filter (where is_crm = 1), max(country)) as country,
    max(employees) as employees,
    max(annual_revenue) as annual_revenue,
    max(potential_acv) as potential_acv,
    max(project_cost) as project_cost,
    coalesce(max(owner) filter (where is_crm = 1), max(owner)) as owner,
    coalesce(max(channel) filter (where is_crm = 1), max(channel)) as channel,
    min(customer_since) as customer_since,
    max(fiscal_year_start_month) as fiscal_year_start_month,
    max(is_named) = 1 as is_in_crm
from rows_of_account as r
semi join several as s on s.account_id = r.account_id
group by r.account_id
