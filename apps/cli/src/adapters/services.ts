import { request } from 'undici';
import { parseSamples, type Sample } from '../domain/metric-samples.ts';

/** The platform's services and the ports they serve HTTP on unless told otherwise. */
export const SERVICE_PORTS = {
  serving: 8080,
  ingestion: 8081,
  catalog: 8082,
  enrichment: 8083,
  sessionizer: 8084,
  popularity: 8085,
  interactions: 8086,
  features: 8087,
  quality: 8088,
} as const;

export type ServiceName = keyof typeof SERVICE_PORTS;
export const serviceNames = Object.keys(SERVICE_PORTS) as ServiceName[];

const ANSWER_TIMEOUT_MS = 2_000;

export interface HttpAnswer {
  status: number;
  text: string;
}

/** @throws when nobody answers in time */
export async function get(url: string): Promise<HttpAnswer> {
  const { statusCode, body } = await request(url, {
    headersTimeout: ANSWER_TIMEOUT_MS,
    bodyTimeout: ANSWER_TIMEOUT_MS,
    signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
  });
  return { status: statusCode, text: await body.text() };
}

/** Metrics of all services that answer. */
export async function readMetrics(urls: Readonly<Record<ServiceName, string>>): Promise<Sample[]> {
  const texts = await Promise.all(
    serviceNames.map((name) =>
      get(`${urls[name]}/metrics`).then(
        ({ text }) => text,
        () => '',
      ),
    ),
  );
  return texts.flatMap(parseSamples);
}
