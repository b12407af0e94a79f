import type { Group, Window } from '../types.ts';
import type { Effects } from './processor.ts';
import { type Horizon, isClosed } from './watermark.ts';
import { fromStateJson, toStateJson } from './state-json.ts';

interface OpenWindow<State> {
  group: Group;
  window: Window;
  state: State;
  revision: number;
  /** Present in the changelog, so that closing it must delete it there. */
  isPersisted: boolean;
}

export interface ClosedOrOpen<State> {
  group: Group;
  window: Window;
  state: State;
  revision: number;
}

/** The open windows of one partition. Grows with groups times windows inside the out-of-orderness, bounded by `maxOpen`. */
export class OpenWindows<State> {
  readonly #windows = new Map<string, OpenWindow<State>>();
  /** Changed since last written to the changelog. */
  readonly #dirty = new Set<string>();
  /** Changed since their row was last emitted. */
  readonly #unemitted = new Set<string>();
  readonly #windowMs: number;
  readonly #maxOpen: number;
  #earliestEndMs = Number.POSITIVE_INFINITY;
  #closedAt: Horizon | null = null;

  constructor(options: { windowMs: number; maxOpen: number }) {
    this.#windowMs = options.windowMs;
    this.#maxOpen = options.maxOpen;
  }

  get size(): number {
    return this.#windows.size;
  }

  get hasUnemitted(): boolean {
    return this.#unemitted.size > 0;
  }

  /** Changes the state of a group's window, opening it when needed. @throws Error when too many windows are open */
  update(
    group: Group,
    window: Window,
    change: { revision: number; init: () => State; apply: (state: State) => State },
  ): void {
    const key = keyOf(group, window);
    let open = this.#windows.get(key);
    if (open === undefined) {
      if (this.#windows.size >= this.#maxOpen) throw new Error(`more than ${this.#maxOpen} windows are open`);
      open = { group, window, state: change.init(), revision: 0, isPersisted: false };
      this.#windows.set(key, open);
      this.#earliestEndMs = Math.min(this.#earliestEndMs, window.end);
    }
    open.state = change.apply(open.state);
    open.revision = change.revision;
    this.#dirty.add(key);
    this.#unemitted.add(key);
  }

  /** Whether `close` could find anything. What is open was open at the horizon before, so the same one closes nothing. */
  mayClose({ liveMs, historyMs }: Horizon): boolean {
    if (this.#earliestEndMs - 1 > Math.max(liveMs, historyMs)) return false;
    return liveMs !== this.#closedAt?.liveMs || historyMs !== this.#closedAt.historyMs;
  }

  /** Removes the windows that are closed, earliest first. */
  close(horizon: Horizon, effects: Effects): ClosedOrOpen<State>[] {
    if (!this.mayClose(horizon)) return [];
    this.#closedAt = horizon;
    const closed: (ClosedOrOpen<State> & { key: string; isPersisted: boolean })[] = [];
    this.#earliestEndMs = Number.POSITIVE_INFINITY;
    for (const [key, open] of this.#windows) {
      if (isClosed(open.window, horizon)) closed.push({ ...open, key });
      else this.#earliestEndMs = Math.min(this.#earliestEndMs, open.window.end);
    }
    for (const { key, isPersisted } of closed) {
      this.#windows.delete(key);
      this.#dirty.delete(key);
      this.#unemitted.delete(key);
      if (isPersisted) effects.windows.set(key, null);
    }
    return closed.sort((a, b) => a.window.end - b.window.end);
  }

  /** The windows changed since they were last emitted; they count as emitted from now on. */
  takeUnemitted(): ClosedOrOpen<State>[] {
    const changed: OpenWindow<State>[] = [];
    for (const key of this.#unemitted) {
      const open = this.#windows.get(key);
      if (open !== undefined) changed.push(open);
    }
    this.#unemitted.clear();
    return changed;
  }

  /** Puts every window changed since the last call into the changelog. */
  persist(effects: Effects): void {
    for (const key of this.#dirty) {
      const open = this.#windows.get(key);
      if (open === undefined) continue;
      open.isPersisted = true;
      effects.windows.set(key, { revision: open.revision, state: toStateJson([open.revision, open.state]) });
    }
    this.#dirty.clear();
  }

  /** Takes windows back from the changelog. Whether their rows were emitted is unknown: they are emitted again. */
  restore(entries: ReadonlyMap<string, string>): void {
    for (const [key, text] of entries) {
      const [start, ...group] = JSON.parse(key) as [number, ...(string | null)[]];
      const [revision, state] = fromStateJson(text) as [number, State];
      const window = { start, end: start + this.#windowMs };
      this.#windows.set(key, { group, window, state, revision, isPersisted: true });
      this.#unemitted.add(key);
      this.#earliestEndMs = Math.min(this.#earliestEndMs, window.end);
    }
  }
}

const keyOf = (group: Group, window: Window): string => JSON.stringify([window.start, ...group]);
