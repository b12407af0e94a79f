-- events-enriched: clean events with the columns of the product version valid at event time.
-- Mended against document 002: products are versions by `valid_from` under the key of tenant and product (the time of the Kafka
-- record is when a version was published, not when it was valid).
-- An event waits until the watermarks of both topics have passed it; later than OUT_OF_ORDERNESS_MS it may find its version gone.

INSERT INTO `events_enriched_sink`
SELECT CONCAT(e.`namespace`, ':', e.`session_id`) AS `message_key`,
  e.`event_id`, e.`session_id`, e.`user_identifier`, e.`user_id`, e.`event_type`, e.`page_url`, e.`product_id`,
  e.`search_query`, e.`device_type`, e.`country`, e.`timestamp`,
  p.`name` AS `product_name`, p.`category` AS `product_category`, p.`subcategory` AS `product_subcategory`,
  p.`price` AS `product_price`, p.`brand` AS `product_brand`,
  e.`namespace`, e.`anonymous_id`, e.`received_at`, e.`client_timestamp`, e.`clock`, e.`session_derived`, e.`schema_version`,
  e.`dialect`, e.`consent`, e.`quantity`, e.`unit_price`, e.`currency`, e.`value`, e.`order_id`, e.`order_total`,
  e.`parent_event_id`, e.`line_number`, e.`line_items`, e.`cart_id`, e.`dwell_ms`, e.`surface`, e.`widget`, e.`recommended`,
  e.`request_id`, e.`rank`, e.`referrer`, e.`experiment`, e.`ab_bucket`, e.`properties`
FROM `events_clean` AS e
LEFT JOIN `products` FOR SYSTEM_TIME AS OF e.`timestamp` AS p
  ON p.`product_key` = CONCAT(e.`namespace`, ':', e.`product_id`);
