/** Something with a beginning and an end: a connection, a consumer, a timer. `stop` is only called after `start` succeeded. */
export interface Resource {
  readonly name: string;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Many resources as one: started in the order given, stopped in reverse. A failed start stops what had
 * started and throws the start's error. A failed stop does not keep the others from being stopped.
 * @example const resources = inOrder([redis, producer, stage]); return { ...resources, ready };
 */
export function inOrder(resources: readonly Resource[]): { start(): Promise<void>; stop(): Promise<void> } {
  const started: Resource[] = [];

  async function stop(): Promise<void> {
    const failures: unknown[] = [];
    for (let resource = started.pop(); resource; resource = started.pop()) {
      try {
        await resource.stop();
      } catch (error) {
        failures.push(new Error(`${resource.name} did not stop`, { cause: error }));
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, 'some resources did not stop');
  }

  async function start(): Promise<void> {
    for (const resource of resources) {
      try {
        await resource.start();
        started.push(resource);
      } catch (error) {
        const failure = new Error(`${resource.name} did not start`, { cause: error });
        await stop().catch((stopError: unknown) => {
          throw new AggregateError([failure, stopError], failure.message);
        });
        throw failure;
      }
    }
  }

  return { start, stop };
}
