-- title: Forget stale rows
-- question: Which held rows does a newer export replace?
-- grain: one statement per canonical table
delete from accounts
where row_key in (select row_key from stale where table_name = 'accounts')
;
delete from charges
where row_key in (select row_key from stale where table_name = 'charges')
;
delete from deals
where row_key in (select row_key from stale where table_name = 'deals')
;
delete from products
where row_key in (select row_key from stale where table_name = 'products')
;
delete from contacts
where row_key in (select row_key from stale where table_name = 'contacts')
;
delete from activities
where row_key in (select row_key from stale where table_name = 'activities')
;
delete from leads
where row_key in (select row_key from stale where table_name = 'leads')
;
delete from spend
where row_key in (select row_key from stale where table_name = 'spend')
;
delete from costs
where row_key in (select row_key from stale where table_name = 'costs')
;
delete from surveys
where row_key in (select row_key from stale where table_name = 'surveys')
;
delete from usage
where row_key in (select row_key from stale where table_name = 'usage')
;
delete from fx_rates
where row_key in (select row_key from stale where table_name = 'fx_rates')
;
