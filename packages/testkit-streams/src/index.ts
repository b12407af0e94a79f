export { sendBytes } from './send-bytes.ts';
export { freshStage, type Stage } from './fresh-stage.ts';
