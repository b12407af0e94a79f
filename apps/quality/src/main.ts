import { runService } from '@shopstream/platform';
import { loadConfig } from './config.ts';
import { createQuality } from './service.ts';

void runService({ name: 'quality', loadConfig, create: createQuality });
