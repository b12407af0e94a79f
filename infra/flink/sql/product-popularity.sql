-- product-popularity: 5-minute tumbling windows per product. Only final rows.
-- Mended against document 002:
--   the table-valued TUMBLE: the old form is refused in streams;
--   the tenant is part of the group, name and category are not: a product renamed in mid-window stays one row and takes the
--   name and category seen last by time, then by event id;
--   `views` is a reserved word;
--   counts are BIGINT.

-- Name and category of an event as text that sorts by time and event id. Ids hold no spaces, nor does Base64.
CREATE TEMPORARY VIEW named AS
SELECT `namespace`, `product_id`, `event_type`, `user_identifier`, `timestamp`,
  CONCAT(DATE_FORMAT(`timestamp`, 'yyyyMMddHHmmssSSS'), ' ', `event_id`, ' ', TO_BASE64(`product_name`),
    COALESCE(CONCAT(' ', TO_BASE64(`product_category`)), '')) AS `seen`
FROM `events_enriched`
WHERE `product_id` IS NOT NULL;

CREATE TEMPORARY VIEW counted AS
SELECT `namespace`, `product_id`, `window_start`, `window_end`,
  MAX(`seen`) AS `last_seen`,
  COUNT(*) AS `total_interactions`,
  COUNT(*) FILTER (WHERE `event_type` = 'page_view') AS `views`,
  COUNT(*) FILTER (WHERE `event_type` = 'add_to_cart') AS `add_to_carts`,
  COUNT(*) FILTER (WHERE `event_type` = 'purchase') AS `purchases`,
  COUNT(DISTINCT `user_identifier`) AS `unique_users`
FROM TABLE(TUMBLE(TABLE named, DESCRIPTOR(`timestamp`), INTERVAL '5' MINUTES))
GROUP BY `namespace`, `product_id`, `window_start`, `window_end`;

INSERT INTO `product_popularity_sink`
SELECT
  JSON_ARRAY(`namespace`, `product_id`,
    TIMESTAMPDIFF(SECOND, TIMESTAMP '1970-01-01 00:00:00', `window_start`) * CAST(1000 AS BIGINT)) AS `message_key`,
  `product_id`,
  FROM_BASE64(SPLIT_INDEX(`last_seen`, ' ', 2)) AS `product_name`,
  FROM_BASE64(SPLIT_INDEX(`last_seen`, ' ', 3)) AS `product_category`,
  `window_start`, `window_end`, `total_interactions`, `views`, `add_to_carts`, `purchases`, `unique_users`,
  `views` + 5 * `add_to_carts` + 10 * `purchases` AS `popularity_score`,
  `namespace`,
  TRUE AS `is_final`,
  -- Readers take the row of the greatest revision, and none comes after a final one.
  CAST(9000000000000000 AS BIGINT) AS `revision`
FROM counted;
