-- title: Slice of each account
-- question: Which value of an attribute does each account have?
-- grain: one row per account in scope
-- parameter by | none, segment, lane, region, plan, channel, owner, deal_size_band, big_logo | none | the
-- attribute
-- column account_id | text | the account
-- column slice | text | its value, or All
select account_id, slice from slices_in_scope($scope, $by)
