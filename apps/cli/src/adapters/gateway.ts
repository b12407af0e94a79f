import type { HistoryResponse, RecommendationsResponse } from '@shopstream/contracts';
import { get } from './services.ts';

export interface ShopperView {
  history: HistoryResponse['interactions'];
  recommendations: RecommendationsResponse['recommendations'];
}

/** What the gateway knows of a shopper and would show them; empty where it does not answer. */
export async function viewShopper(gateway: string, userId: string): Promise<ShopperView> {
  const user = encodeURIComponent(userId);
  const [history, recommendations] = await Promise.all([
    getJson<HistoryResponse>(`${gateway}/v1/users/${user}/history?limit=5`),
    getJson<RecommendationsResponse>(`${gateway}/v1/recommendations?user_id=${user}&limit=5`),
  ]);
  return { history: history?.interactions ?? [], recommendations: recommendations?.recommendations ?? [] };
}

async function getJson<T>(url: string): Promise<T | undefined> {
  const answer = await get(url).catch(() => undefined);
  return answer?.status === 200 ? (JSON.parse(answer.text) as T) : undefined;
}
