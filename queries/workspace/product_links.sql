-- title: Products spelled two ways
-- question: Which product of the price list does a name in a deal mean, as a person said?
-- grain: one row per name
create table if not exists product_links (alias varchar, product varchar)
