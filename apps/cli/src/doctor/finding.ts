export interface Finding {
  area: 'machine' | 'servers' | 'topics' | 'schemas' | 'services';
  name: string;
  ok: boolean;
  detail: string;
  /** What to do about it. */
  advice?: string;
}

export const fine = (area: Finding['area'], name: string, detail: string): Finding => ({
  area,
  name,
  ok: true,
  detail,
});

export const problem = (
  area: Finding['area'],
  name: string,
  what: { detail: string; advice: string },
): Finding => ({
  area,
  name,
  ok: false,
  ...what,
});

/** Advice for something on a port that does not answer as it should. */
export function portAdvice(isOpen: boolean, port: number): string {
  return isOpen
    ? `another program has port ${port}: stop it, or choose another port in .env`
    : 'start the platform with `npm start`';
}
