import { runService } from '@shopstream/platform';
import { loadConfig } from './config.ts';
import { createPopularity } from './service.ts';

void runService({ name: 'popularity', loadConfig, create: createPopularity });
