/** A wait that ends by time or by a call; a call that comes while nobody waits is remembered. */
export interface Waker {
  wake(): void;
  wait(timeoutMs: number): Promise<void>;
}

export function createWaker(): Waker {
  let isCalled = false;
  let end: (() => void) | undefined;
  return {
    wake() {
      isCalled = true;
      end?.();
    },
    async wait(timeoutMs) {
      if (!isCalled) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, timeoutMs);
          end = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      isCalled = false;
    },
  };
}
