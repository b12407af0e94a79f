import { createScanner } from 'jsonc-parser';

/**
 * The bytes of each event of a batch, exactly as they were sent.
 * @param json a valid JSON document: a list of events, or an object with a list `events`
 */
export function sliceEvents(json: string): Buffer[] {
  const scanner = createScanner(json, true);
  let slices: Buffer[] = [];
  let depth = 0;
  // Events are what the outermost list holds, or the list that is the outermost object's `events`.
  let listDepth = 0;
  let key: string | undefined;
  let start = 0;
  const next = (): string => {
    scanner.scan();
    return json.charAt(scanner.getTokenOffset());
  };
  for (let token = next(); token !== ''; token = next()) {
    if (token === ',' || token === ':') continue;
    if (token === '}' || token === ']') depth -= 1;
    else if (depth === listDepth) start = scanner.getTokenOffset();
    const closesList = depth < listDepth;
    if (closesList) listDepth = 0;
    const isList = token === '[' && (depth === 0 || (depth === 1 && key === 'events' && listDepth === 0));
    if (token === '{' || token === '[') depth += 1;
    else if (depth === listDepth && listDepth > 0) {
      slices.push(Buffer.from(json.slice(start, scanner.getTokenOffset() + scanner.getTokenLength())));
    } else if (depth === 1) key = token === '"' ? scanner.getTokenValue() : undefined;
    if (isList) {
      listDepth = depth;
      // Of a key that is there twice, JSON takes the last.
      slices = [];
    }
  }
  return slices;
}
