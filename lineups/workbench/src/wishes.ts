import { reactive } from "vue";
import type { Abilities, Wishes } from "./types";

/** Steps of a slider to either side, in the model's own standard deviations. */
export const MOST = 3;

/** What the officer asks of the next faces: kept while the screen is open. */
export class WishList {
  readonly locks = reactive<Record<string, string>>({});
  readonly adjust = reactive<Record<string, number>>({});
  readonly far = reactive<{ chosen: boolean; distance: number }>({ chosen: false, distance: 0 });

  /** As the API takes it: only what is asked for, and only what the model in use can do. */
  asked(abilities: Abilities | null): Wishes {
    const lockable = new Set(abilities?.locks.map((lock) => lock.name) ?? []);
    const movable = new Set(abilities?.adjustments ?? []);
    const locks = Object.entries(this.locks).filter(([name, value]) => value && lockable.has(name));
    const adjust = Object.entries(this.adjust).filter(([name, step]) => step !== 0 && movable.has(name));
    return {
      ...(locks.length ? { locks: Object.fromEntries(locks) } : {}),
      ...(this.far.chosen ? { distance: this.far.distance } : {}),
      ...(adjust.length ? { adjust: Object.fromEntries(adjust) } : {}),
    };
  }

  /** How many wishes there are, for the heading of the controls while they are folded. */
  count(abilities: Abilities | null): number {
    const { locks = {}, adjust = {}, distance } = this.asked(abilities);
    return Object.keys(locks).length + Object.keys(adjust).length + (distance === undefined ? 0 : 1);
  }

  clear(): void {
    for (const name of Object.keys(this.locks)) this.locks[name] = "";
    for (const name of Object.keys(this.adjust)) this.adjust[name] = 0;
    this.far.chosen = false;
  }
}
