import type { Connection } from "./live";
import type { InputState } from "./inputs";
import type { Job, Member, Readiness } from "./types";

/** Why results cannot be generated now, in one sentence that says what to do; null when they can. */
export function whyNotGenerate(now: {
  status: Readiness | null;
  connection: Connection;
  running: Job | null;
  inputs: InputState[];
}): string | null {
  if (now.running) return "Results are being generated. Wait for them, or cancel.";
  if (now.connection === "signed-out") return "You have been signed out. Sign in again to go on.";
  if (!now.status) return "Asking whether a worker is ready …";
  if (!now.status.ready) return now.status.reason || "No worker is ready yet. This page goes on by itself when one is.";
  const missing = now.inputs.map(whyNotUsable).find((reason) => reason !== null);
  if (missing) return missing;
  const faces = now.inputs.map((input) => (input.kind === "ready" ? input.face.id : null));
  return new Set(faces).size < faces.length ? "Choose two different faces." : null;
}

/** Why photographs cannot be refined now, in one sentence; null when they can. */
export function whyNotRefine(now: {
  status: Readiness | null;
  connection: Connection;
  refining: Job | null;
  photos: InputState[];
}): string | null {
  if (now.refining) return "A refinement is running. Wait for it, end it, or cancel it.";
  if (now.connection === "signed-out") return "You have been signed out. Sign in again to go on.";
  if (!now.status) return "Asking whether a worker is ready …";
  const { ready, reason } = now.status.refining;
  if (!ready) return reason || "No worker that refines is ready yet. This page goes on by itself when one is.";
  const unusable = now.photos.map(whyNotUsable).find((one) => one !== null);
  if (unusable) return unusable;
  const framed = now.photos.every((photo) => photo.kind === "ready" && photo.face.source === "generator");
  return framed ? null : "Only the generator can be refined. Take faces from it first.";
}

function whyNotUsable(input: InputState): string | null {
  switch (input.kind) {
    case "ready":
      return null;
    case "empty":
      return `Add ${input.name} first.`;
    case "uploading":
      return "The photograph is being uploaded.";
    case "examining":
      return "The photograph is being examined.";
    case "failed":
      return "The photograph cannot be used. Add another one.";
  }
}

/** Why the lineup cannot be saved now; null when it can. */
export function whyNotSave(members: Member[]): string | null {
  if (!members.some((member) => member.role === "suspect")) return "The suspect is not in the lineup. Add the photograph.";
  if (!members.some((member) => member.role === "filler")) return "Select at least one filler from the results.";
  return null;
}
