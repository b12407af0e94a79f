import type { Settings } from '../launcher/settings.ts';

/** The services that make up the platform, with the setting that holds each one's port. */
const ports = {
  catalog: 'CATALOG_PORT',
  ingestion: 'INGESTION_PORT',
  enrichment: 'ENRICHMENT_PORT',
  sessionizer: 'SESSIONIZER_PORT',
  popularity: 'POPULARITY_PORT',
  interactions: 'INTERACTIONS_PORT',
  features: 'FEATURES_PORT',
  quality: 'QUALITY_PORT',
  serving: 'SERVING_PORT',
} as const satisfies Record<string, keyof Settings>;

export type ServiceName = keyof typeof ports;
export const serviceNames = Object.keys(ports) as ServiceName[];
export const portName = (name: ServiceName) => ports[name];
export const servicePort = (settings: Settings, name: ServiceName): number => settings[ports[name]];
