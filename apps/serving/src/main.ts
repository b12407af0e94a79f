import { runService } from '@shopstream/platform';
import { loadConfig } from './config.ts';
import { createServing } from './service.ts';

void runService({ name: 'serving', loadConfig, create: createServing });
