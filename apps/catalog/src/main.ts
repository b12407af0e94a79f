import { runService } from '@shopstream/platform';
import { loadConfig } from './config.ts';
import { createCatalog } from './service.ts';

void runService({ name: 'catalog', loadConfig, create: createCatalog });
