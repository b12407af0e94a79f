import type { TopicName } from '@shopstream/contracts';
import type { RecordStage } from '../types.ts';
import { type Processor, countSkip, noEffects } from './processor.ts';

/** Runs a record stage: no state but the position. */
export function createRecordProcessor<In extends TopicName, Context>(
  stage: RecordStage<In, Context>,
): Processor<In> {
  return {
    restore: () => undefined,
    async process(records) {
      const contexts = await stage.lookup(records);
      const effects = noEffects();
      records.forEach((record, index) => {
        // A lookup that answers too little is a bug of the stage; undefined is a context of its own.
        const result = stage.process(record, contexts[index] as Context);
        if ('skip' in result) countSkip(effects, result.skip);
        else effects.outputs.push(...result);
      });
      return effects;
    },
    tick: () => null,
    finish: noEffects,
    checkpoint: () => '{}',
    watermarkMs: () => null,
  };
}
