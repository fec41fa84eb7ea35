-- title: Remove the rows of an import
-- question: Which rows came with the files of an import?
-- grain: one statement per canonical table
delete from accounts
where source_id in (select source_id from undone where table_name = 'accounts')
;
delete from charges
where source_id in (select source_id from undone where table_name = 'charges')
;
delete from deals
where source_id in (select source_id from undone where table_name = 'deals')
;
delete from products
where source_id in (select source_id from undone where table_name = 'products')
;
delete from contacts
where source_id in (select source_id from undone where table_name = 'contacts')
;
delete from activities
where source_id in (select source_id from undone where table_name = 'activities')
;
delete from leads
where source_id in (select source_id from undone where table_name = 'leads')
;
delete from spend
where source_id in (select source_id from undone where table_name = 'spend')
;
delete from costs
where source_id in (select source_id from undone where table_name = 'costs')
;
delete from surveys
where source_id in (select source_id from undone where table_name = 'surveys')
;
delete from usage
where source_id in (select source_id from undone where table_name = 'usage')
;
delete from fx_rates
where source_id in (select source_id from undone where table_name = 'fx_rates')
;
