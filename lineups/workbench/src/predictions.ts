import type { Predicted } from "./types";

/** `age_group` as "Age group". */
export const attribute = (name: string): string => {
  const words = name.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
};

/** `middle_eastern` as "Middle Eastern", `30-39` as "30–39". */
export const words = (value: string): string =>
  value
    .split("_")
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(" ")
    .replace(/(\d)-(\d)/, "$1–$2");

/** The value in words; what an officer said comes first, and what the model holds less likely than not is marked. */
export function value({ value: predicted, stated, confidence }: Predicted): string {
  if (stated) return `${words(stated.value)} (said by ${stated.by})`;
  if (predicted === null) return "Not known";
  const text = words(typeof predicted === "boolean" ? (predicted ? "yes" : "no") : predicted);
  return confidence < 0.5 ? `${text} (unsure)` : text;
}

/** What is predicted of an attribute that faces can be held to; baldness is told by the hair. */
export function lockedValue(lock: string, predicted: Predicted[]): Predicted | undefined {
  const own = predicted.find((one) => one.name === lock);
  if (lock !== "baldness" || (own && own.value !== null)) return own;
  const hair = predicted.find((one) => one.name === "hair");
  const read = hair && { ...hair, name: lock, value: hair.value === null ? null : hair.value === "bald" };
  return read ? { ...read, stated: own?.stated ?? null } : own;
}

/** Whether neither a model nor an officer has said what it is. */
export const isUnknown = ({ value: predicted, stated }: Predicted): boolean => predicted === null && !stated;

/** A share in whole percents, downwards, so that nothing reads as certain that was wrong once. */
export const percent = (share: number): string => `${Math.floor(100 * share + 1e-9)}\u00a0%`;

export const right = ({ accuracy }: Predicted): string => (accuracy === null ? "not measured" : percent(accuracy));

/** Attributes that are so, or are not so, in one line: "moustache 95 %, goatee 93 %". */
export const listed = (predicted: Predicted[]): string =>
  predicted.map((one) => `${attribute(one.name).toLowerCase()} ${right(one)}`).join(", ");
