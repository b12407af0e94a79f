export { freshStage, type Stage } from './fresh-stage.ts';
