import type { Window, WindowInput } from '../types.ts';
import type { Output } from '../types.ts';

interface LateContext {
  stage: string;
  reason: 'window_closed' | 'window_closed_while_source_idle';
  window: Window;
  watermarkMs: number;
  source: { topic: string; partition: number; offset: bigint };
}

/** The row that keeps what came after the final row of its window. */
export function toLateRow(
  row: WindowInput,
  { stage, reason, window, watermarkMs, source }: LateContext,
): Output {
  return {
    topic: 'ecom.late.v1',
    value: {
      stage,
      namespace: row.namespace,
      event_id: row.event_id,
      reason,
      event_timestamp: row.timestamp,
      window_start: window.start,
      window_end: window.end,
      watermark: watermarkMs,
      source_topic: source.topic,
      source_partition: source.partition,
      source_offset: Number(source.offset),
    },
  };
}
