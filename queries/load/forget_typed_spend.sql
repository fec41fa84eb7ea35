-- title: Forget spend typed by hand
-- question: Which spend typed before does a new amount replace?
-- grain: one statement
delete from spend
where
    source_id = 0
    and list_contains(cast($months as date[]), month)
    and coalesce(channel, '') = coalesce(cast($channel as varchar), '')
    and kind = $kind
