import { runService } from '@shopstream/platform';
import { loadConfig } from './config.ts';
import { createInteractions } from './service.ts';

void runService({ name: 'interactions', loadConfig, create: createInteractions });
