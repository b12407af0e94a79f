import { get, serviceNames } from '../adapters/services.ts';
import { type Finding, fine, portAdvice, problem } from './finding.ts';
import { isPortOpen } from './servers.ts';

/** Whether each service is there and ready. */
export async function checkServices(urls: Readonly<Record<string, string>>): Promise<Finding[]> {
  return Promise.all(serviceNames.map((name) => check(name, urls[name] ?? '')));
}

async function check(name: string, url: string): Promise<Finding> {
  const { hostname, port } = new URL(url);
  if (!(await isPortOpen(hostname, Number(port)))) {
    return problem('services', name, {
      detail: `nothing listens on ${url}`,
      advice: portAdvice(false, Number(port)),
    });
  }
  try {
    const { status, text } = await get(`${url}/readyz`);
    const answer = JSON.parse(text) as { checks?: Record<string, string> };
    if (status === 200) return fine('services', name, url);
    const missing = Object.entries(answer.checks ?? {}).filter(([, state]) => state !== 'ok');
    const detail = missing.map(([what, state]) => `${what}: ${state}`).join(', ') || `status ${status}`;
    return problem('services', name, {
      detail: `${url} is not ready: ${detail}`,
      advice: 'mend that first, then look at its log',
    });
  } catch {
    const detail = `${url} is open but does not answer as a service of the platform`;
    return problem('services', name, { detail, advice: portAdvice(true, Number(port)) });
  }
}
