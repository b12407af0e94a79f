-- events-clean and signals from clickstream.
-- Mended against document 002:
--   a type comes in several spellings, and a view in a widget is an impression: `canonical`;
--   ids, tenant and time are checked, or one row without a time ends every job that reads on;
--   times ahead of the broker's are held to it, or one wrong clock closes everybody's windows;
--   an event that is sent again counts once within 24 hours: `firsts`;
--   the other types are no refuse but go to signals.
-- Rows that are refused are left out: only the TypeScript stage writes dead letters.

SET 'table.exec.state.ttl' = '24 h';

CREATE TEMPORARY FUNCTION is_id AS 'shopstream.flink.IsId';

CREATE TEMPORARY VIEW canonical AS
SELECT *,
  CAST(`appended_at` AS TIMESTAMP(3)) AS `broker_time`,
  CASE
    WHEN `event_type` IN ('page_view', 'view', '0') THEN
      CASE WHEN `widget` IS NOT NULL AND `surface` IS DISTINCT FROM 'pdp' THEN 'impression' ELSE 'page_view' END
    WHEN `event_type` IN ('click', '1') THEN 'click'
    WHEN `event_type` IN ('add_to_cart', 'add', '2') THEN 'add_to_cart'
    WHEN `event_type` IN ('purchase', '3') THEN 'purchase'
    WHEN `event_type` IN ('custom', '4') THEN 'custom'
    WHEN `event_type` IN ('impression', 'remove_from_cart', 'search', 'like', 'dislike', 'watch') THEN `event_type`
  END AS `type`
FROM `clickstream`;

CREATE TEMPORARY VIEW valid AS
SELECT * FROM canonical
WHERE `event_id` IS NOT NULL AND `session_id` IS NOT NULL AND `type` IS NOT NULL
  AND REGEXP(`namespace`, '^[a-z0-9-]{1,32}$')
  AND `timestamp` >= TIMESTAMP '2000-01-01 00:00:00'
  AND `timestamp` <= `broker_time` + INTERVAL '24' HOUR
  AND is_id(`event_id`, 64) AND is_id(`session_id`, 50)
  AND is_id(`user_id`, 50) IS NOT FALSE AND is_id(`anonymous_id`, 50) IS NOT FALSE
  AND is_id(`product_id`, 50) IS NOT FALSE;

-- Which of two records is first is decided by who reads them first, as it is in the TypeScript stage.
CREATE TEMPORARY VIEW firsts AS
SELECT * FROM (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY `namespace`, `event_id` ORDER BY `read_at`) AS `nth` FROM valid
) WHERE `nth` = 1;

CREATE TEMPORARY VIEW cleaned AS
SELECT CONCAT(`namespace`, ':', `session_id`) AS `message_key`,
  `event_id`, `session_id`, COALESCE(`user_id`, `anonymous_id`) AS `user_identifier`, `user_id`, `anonymous_id`,
  `type` AS `event_type`, `page_url`, `referrer_url`, `product_id`, `search_query`, `device_type`, `browser`, `country`,
  CASE WHEN `timestamp` > `broker_time` THEN `broker_time` ELSE `timestamp` END AS `timestamp`,
  `namespace`, `received_at`, `client_timestamp`,
  CASE WHEN `timestamp` > `broker_time` THEN 'clamped' ELSE `clock` END AS `clock`,
  `session_derived`, `schema_version`, `dialect`, `consent`, `quantity`, `unit_price`, `currency`, `value`, `order_id`,
  `order_total`, `parent_event_id`, `line_number`, `line_items`, `cart_id`, `dwell_ms`, `surface`, `widget`, `recommended`,
  `request_id`, `rank`, `referrer`, `experiment`, `ab_bucket`, `properties`
FROM firsts;

EXECUTE STATEMENT SET BEGIN
INSERT INTO `events_clean_sink` SELECT * FROM cleaned
WHERE `event_type` IN ('page_view', 'click', 'add_to_cart', 'remove_from_cart', 'purchase', 'search');
INSERT INTO `signals_sink` SELECT * FROM cleaned
WHERE `event_type` NOT IN ('page_view', 'click', 'add_to_cart', 'remove_from_cart', 'purchase', 'search');
END;
