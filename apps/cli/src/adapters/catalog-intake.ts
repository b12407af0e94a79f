import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { ItemImportAnswer } from '@shopstream/contracts';
import { messageOf, ServiceError } from '@shopstream/platform';
import { request } from 'undici';

/** A large file is judged row by row before the answer comes. */
const ANSWER_TIMEOUT_MS = 600_000;
const GZIP_MAGIC = 0x1f8b;

/** Sends a file to the catalog service as it is. @throws ServiceError when the service is away or refuses the whole file */
export async function importCatalog(
  path: string,
  { url, namespace }: { url: string; namespace?: string | undefined },
): Promise<ItemImportAnswer> {
  const query = namespace === undefined ? '' : `?${new URLSearchParams({ namespace }).toString()}`;
  const contentType = (await isGzip(path)) ? 'application/gzip' : 'text/csv';
  const { status, text } = await post(`${url}/v1/items:import${query}`, path, contentType);
  if (status === 200) return JSON.parse(text) as ItemImportAnswer;
  throw new ServiceError('REFUSED', `the catalog refused the file with ${status}: ${reasonOf(text)}`, {
    retriable: false,
  });
}

async function post(
  url: string,
  path: string,
  contentType: string,
): Promise<{ status: number; text: string }> {
  try {
    const response = await request(url, {
      method: 'POST',
      headers: { 'content-type': contentType },
      body: createReadStream(path),
      headersTimeout: ANSWER_TIMEOUT_MS,
      bodyTimeout: ANSWER_TIMEOUT_MS,
    });
    return { status: response.statusCode, text: await response.body.text() };
  } catch (cause) {
    throw new ServiceError(
      'UNAVAILABLE',
      `no answer from ${url}: ${messageOf(cause) || 'no connection'}; \`shopstream doctor\` looks for the cause`,
      {
        retriable: true,
      },
    );
  }
}

async function isGzip(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer.readUInt16BE(0) === GZIP_MAGIC;
  } finally {
    await file.close();
  }
}

function reasonOf(text: string): string {
  try {
    const { error } = JSON.parse(text) as {
      error: { message: string; details?: { field?: string; reason?: string } };
    };
    return [error.message, error.details?.field, error.details?.reason].filter(Boolean).join(': ');
  } catch {
    return text.slice(0, 300);
  }
}
