-- title: Conventions in force
-- question: Under which conventions were the marts built?
-- grain: one row, always
create table if not exists conventions (
    name varchar,
    as_of date,
    reporting_currency varchar,
    grace_days integer,
    bridge_days integer,
    churn_recognised varchar,
    reactivation_window_days integer,
    reactivation_after_months integer,
    past_due_counts boolean,
    zero_is_active boolean,
    discounts varchar,
    fx varchar,
    same_month_new_and_churn varchar,
    parents_roll_up boolean,
    big_logo_employees bigint,
    big_logo_revenue decimal(18, 2),
    small_penetration double
)
