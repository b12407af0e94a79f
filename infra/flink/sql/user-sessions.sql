-- user-sessions: 30-minute tumbling windows per session, user, device and country. Only final rows.
-- Mended against document 002:
--   the table-valued TUMBLE: the old form is refused in streams;
--   the tenant is part of the group, and the whole group with the window is the key: `session_id` alone would let compaction
--   merge two groups;
--   categories are a sorted list: COLLECT makes a multiset, whose order changes from run to run;
--   counts are BIGINT.

INSERT INTO `user_sessions_sink`
SELECT
  JSON_ARRAY(`namespace`, `session_id`, `user_identifier`, `device_type`, `country`,
    TIMESTAMPDIFF(SECOND, TIMESTAMP '1970-01-01 00:00:00', `window_start`) * CAST(1000 AS BIGINT) NULL ON NULL) AS `message_key`,
  `session_id`, `user_identifier`, `device_type`, `country`,
  `window_start` AS `session_start`, `window_end` AS `session_end`,
  COUNT(*) AS `event_count`,
  COUNT(DISTINCT `page_url`) AS `pages_viewed`,
  COUNT(*) FILTER (WHERE `event_type` = 'page_view') AS `page_views`,
  COUNT(*) FILTER (WHERE `event_type` = 'click') AS `clicks`,
  COUNT(*) FILTER (WHERE `event_type` = 'add_to_cart') AS `add_to_carts`,
  COUNT(*) FILTER (WHERE `event_type` = 'purchase') AS `purchases`,
  COUNT(*) FILTER (WHERE `event_type` = 'search') AS `searches`,
  ARRAY_SORT(ARRAY_REMOVE(ARRAY_AGG(DISTINCT `product_category`), CAST(NULL AS STRING))) AS `categories_browsed`,
  MAX(`product_price`) AS `max_product_price`,
  AVG(`product_price`) AS `avg_product_price`,
  `namespace`,
  TRUE AS `is_final`,
  -- Readers take the row of the greatest revision, and none comes after a final one.
  CAST(9000000000000000 AS BIGINT) AS `revision`
FROM TABLE(TUMBLE(TABLE `events_enriched`, DESCRIPTOR(`timestamp`), INTERVAL '30' MINUTES))
GROUP BY `namespace`, `session_id`, `user_identifier`, `device_type`, `country`, `window_start`, `window_end`;
