import { runService } from '@shopstream/platform';
import { loadConfig } from './config.ts';
import { createIngestion } from './service.ts';

void runService({ name: 'ingestion', loadConfig, create: createIngestion });
