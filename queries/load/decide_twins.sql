-- title: Decided pairs
-- question: What did a person say of ids and products that look alike?
-- grain: one statement per place where it is kept
delete from kept_apart
where exists (select 1 from decided as d where d.kind = kept_apart.kind and d.alias = kept_apart.alias)
;
delete from account_links
where alias_id in (select alias from decided where kind = 'account')
;
delete from product_links
where alias in (select alias from decided where kind = 'product')
;
insert into account_links
select distinct alias, twin
from decided
where kind = 'account' and is_same
;
insert into product_links
select distinct alias, twin
from decided
where kind = 'product' and is_same
;
insert into kept_apart
select distinct kind, alias, twin
from decided
where not is_same
;
