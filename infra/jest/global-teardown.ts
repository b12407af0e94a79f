import { stopServers } from './servers-of-this-run.ts';

export default stopServers;
