import { reactive } from "vue";
import { attribute, words } from "./predictions";
import type { Capabilities, FaceConstraints, Lock, Page } from "./types";

/** Steps of a slider to either side, in the model's own standard deviations. */
export const MOST = 3;

/** What the officer asks of the next faces: kept while the screen is open. */
export class Constraints {
  /** What the officer has chosen, "" for any value; of what is not in it the usual is asked. */
  readonly locks = reactive<Record<string, string>>({});
  /** Whether it is not known what the suspect is in an attribute: then nothing is asked of it as the suspect's. */
  unknown: (name: string) => boolean = () => false;
  readonly adjust = reactive<Record<string, number>>({});
  readonly far = reactive<{ chosen: boolean; distance: number }>({ chosen: false, distance: 0 });

  /** The value that `lock` is held to, "" for any. The usual gives way where the officer changes that attribute. */
  held(lock: Lock): string {
    const usual = this.adjust[lock.name] ? null : lock.usual;
    const chosen = this.locks[lock.name] ?? usual ?? "";
    return chosen === "same" && this.unknown(lock.name) ? "" : chosen;
  }

  /** As the API takes it: only what is asked for, and only what the model in use can do. */
  asked(capabilities: Capabilities | null): FaceConstraints {
    const movable = new Set(capabilities?.adjustments ?? []);
    const locks = (capabilities?.locks ?? []).map((lock) => [lock.name, this.held(lock)]).filter(([, value]) => value);
    const adjust = Object.entries(this.adjust).filter(([name, step]) => step !== 0 && movable.has(name));
    return {
      ...(locks.length ? { locks: Object.fromEntries(locks) } : {}),
      ...(this.far.chosen ? { distance: this.far.distance } : {}),
      ...(adjust.length ? { adjust: Object.fromEntries(adjust) } : {}),
    };
  }

  /** How many constraints there are, for the heading of the controls while they are folded. */
  count(capabilities: Capabilities | null): number {
    const { locks = {}, adjust = {}, distance } = this.asked(capabilities);
    return Object.keys(locks).length + Object.keys(adjust).length + (distance === undefined ? 0 : 1);
  }

  clear(capabilities: Capabilities | null): void {
    for (const { name } of capabilities?.locks ?? []) this.locks[name] = "";
    for (const name of Object.keys(this.adjust)) this.adjust[name] = 0;
    this.far.chosen = false;
  }
}

/** What every face of a page was held to, in one line; "" where it was nothing. */
export function heldTo({ kind, wishes: { locks = {} } }: Page): string {
  const same = kind === "refine" ? "as in the photograph" : "as the suspect";
  const names = new Map<string, string[]>();
  for (const [name, value] of Object.entries(locks)) {
    names.set(value, [...(names.get(value) ?? []), attribute(name).toLowerCase()]);
  }
  const each = [...names].map(([value, held]) => `${held.join(", ")} ${value === "same" ? same : words(value).toLowerCase()}`);
  return each.length ? `Every face: ${each.join("; ")}` : "";
}
