import { SERVICE_PORTS, type ServiceName, serviceNames } from './adapters/services.ts';
import type { CliConfig } from './config.ts';

/** Where each service answers HTTP: beside the gateway on its usual port, unless the settings say otherwise. */
export function serviceUrls(config: CliConfig, gateway = config.GATEWAY_URL): Record<ServiceName, string> {
  const { protocol, hostname } = new URL(gateway);
  const usual = serviceNames.map((name) => [name, `${protocol}//${hostname}:${SERVICE_PORTS[name]}`]);
  return {
    ...(Object.fromEntries(usual) as Record<ServiceName, string>),
    serving: gateway,
    catalog: config.CATALOG_URL,
    ...(config.INGESTION_URL !== undefined && { ingestion: config.INGESTION_URL }),
  };
}
