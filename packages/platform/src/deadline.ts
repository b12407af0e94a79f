/** Thrown by `withDeadline`. */
export class DeadlineError extends Error {
  override readonly name = 'DeadlineError';
}

/**
 * The work's result, or a DeadlineError when it takes longer. The work itself goes on: only the waiting ends.
 * @param what names the work in the error
 */
export async function withDeadline<T>(work: Promise<T>, timeoutMs: number, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const expired = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new DeadlineError(`${what} took longer than ${timeoutMs} ms`)),
      timeoutMs,
    );
  });
  try {
    return await Promise.race([work, expired]);
  } finally {
    clearTimeout(timer);
  }
}
