import { runService } from '@shopstream/platform';
import { loadConfig } from './config.ts';
import { createFeatures } from './service.ts';

void runService({ name: 'features', loadConfig, create: createFeatures });
