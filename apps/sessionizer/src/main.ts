import { runService } from '@shopstream/platform';
import { loadConfig } from './config.ts';
import { createSessionizer } from './service.ts';

void runService({ name: 'sessionizer', loadConfig, create: createSessionizer });
