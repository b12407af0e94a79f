import { runService } from '@shopstream/platform';
import { loadConfig } from './config.ts';
import { createEnrichment } from './service.ts';

void runService({ name: 'enrichment', loadConfig, create: createEnrichment });
