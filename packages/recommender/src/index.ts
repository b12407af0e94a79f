export { categoryAffinity } from './affinity.ts';
export { AFFINE_CATEGORIES } from './candidates.ts';
export type { Signals } from './candidates.ts';
export type { Constraints } from './constraints.ts';
export { interestsOf, seedsOf } from './history.ts';
export type { History } from './history.ts';
export { MODEL_VERSION, recommend } from './recommend.ts';
export type { RankingInput } from './recommend.ts';
export { similarTo } from './similar.ts';
export type { SimilarItem, SimilarityInput } from './similar.ts';
export type {
  Activity,
  CandidateSource,
  Explanation,
  Interest,
  RankableItem,
  RankedItem,
  Scored,
  Surface,
} from './types.ts';
