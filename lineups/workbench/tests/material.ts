import type { Face, Job, LineupDetail, Member, Page, PageBrief, Photo, Predicted, Readiness } from "../src/types";

let made = 0;
const next = (): string => `00000000-0000-4000-8000-${String(++made).padStart(12, "0")}`;
const moment = (): string => new Date(Date.UTC(2026, 0, 1, 0, 0, ++made)).toISOString();

export function face(fields: Partial<Face> = {}): Face {
  const id = fields.id ?? next();
  return {
    id, kind: "synthetic", source: "generator", position: 1, page: null, image: `/api/v1/faces/${id}/image/`, similarity: 0.91, realism: null,
    sha256: id, width: 64, height: 64, recipe_summary: { bundle: "abcdef0123456789", noise_seed: 0, refinement: null, arithmetic: null },
    attributes: null,
    ...fields,
  };
}

export function predicted(name: string, fields: Partial<Predicted> = {}): Predicted {
  const measured = { accuracy: 0.96, near: null, measured: 320, measured_on: "rendered heads", real_people: false };
  return { name, value: true, stated: null, confidence: 0.9, ...measured, ...fields };
}

export function photo(fields: Partial<Photo> = {}): Photo {
  const id = fields.id ?? next();
  return {
    id, slot: 1, width: 512, height: 512, sha256: id, image: `/api/v1/photos/${id}/image/`, face: null,
    advice: null, created: moment(), ...fields,
  };
}

export function job(fields: Partial<Job> = {}): Job {
  return {
    id: next(), lineup: LINEUP, kind: "generate", state: "queued", sequence: 1, progress: 0, stage: "", reason: "",
    reason_code: "", created: moment(), started: null, finished: null, page: null, photo: null,
    cancel_requested: false, queue_position: null, stop_requested: false, preview: null, seconds: null, ...fields,
  };
}

/** A worker of each kind is ready; the model predicts sex and knows the direction of age. */
export const READY: Readiness = {
  ready: true,
  reason: null,
  refining: { ready: true, reason: null, least_seconds: 60, most_seconds: 600 },
  casework: false,
  abilities: { source: "generator", others: [], fitness: { casework: false, figures: {} }, locks: [{ name: "sex", values: ["same", "male", "female"], usual: "same" }, { name: "baldness", values: ["same", "yes", "no"], usual: null }], adjustments: ["age", "sex"] },
};

export function page(fields: Partial<Page & PageBrief> = {}): Page & PageBrief {
  const id = fields.id ?? next();
  return {
    id, number: 1, kind: "generate", similarity_rank: 1, mean_similarity: 0.9, inputs: [], job: next(),
    created: moment(), wishes: {}, note: null, next: null, faces: [1, 2, 3, 4].map((position) => face({ position, page: id })), ...fields,
  };
}

export function member(fields: Partial<Member> = {}): Member {
  return { id: next(), face: face(), role: "filler", position: 1, reason: "", ...fields };
}

export const LINEUP = next();

export function lineup(fields: Partial<LineupDetail> = {}): LineupDetail {
  return {
    id: LINEUP, case_reference: "C-1", title: "Robbery", state: "draft",
    owner: { id: 1, username: "officer", full_name: "Olga Officer" }, unit: null, created: moment(), updated: moment(),
    saved_at: null, can: { edit: true }, member_count: 0, photos: [], members: [], pages: [], jobs: [], preparation: null, export: null,
    ...fields,
  };
}
