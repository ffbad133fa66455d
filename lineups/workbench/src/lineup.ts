import { computed, onMounted, onUnmounted, ref, shallowReactive, shallowRef } from "vue";
import { Api, ApiError } from "./api";
import { Constraints } from "./constraints";
import { Inputs, SLOTS } from "./inputs";
import type { InputName, Scenario } from "./inputs";
import { JobTable, isUnfinished } from "./jobs";
import { Live } from "./live";
import type { Connection } from "./live";
import { milestone } from "./milestones";
import { attribute, isUnknown, lockedValue, words } from "./predictions";
import { whyNotGenerate, whyNotRefine, whyNotSave } from "./reasons";
import type { Capabilities, Face, Job, JobRequest, LineupDetail, Member, Page, Readiness, Slot, Source, Uuid } from "./types";

/** Which photographs are refined: that of the suspect, both, or both as of one person. */
export type Refined = "suspect" | "both" | "same";

/** Everything that the workbench knows about one lineup, and what can be done with it. */
export function useLineup(id: Uuid, api: Api) {
  const lineup = shallowRef<LineupDetail | null>(null);
  const status = shallowRef<Readiness | null>(null);
  const connection = ref<Connection>("connecting");
  const scenario = ref<Scenario>("basic");
  const shown = ref<Uuid | null>(null);
  /** The page that was asked for last; `shown` follows when it has come. */
  let wanted: Uuid | null = null;
  const pages = shallowReactive(new Map<Uuid, Page>());
  const error = ref<string | null>(null);
  const announcement = ref("");
  const starting = ref(false);
  const saving = ref(false);

  /** The face that the officer wants beside faces of another source, until a reason is given. */
  const insisting = shallowRef<Face | null>(null);
  const chosenSource = ref<Source | null>(null);

  const jobs = new JobTable();
  const inputs = new Inputs(() => lineup.value, jobs);
  const constraints = new Constraints();
  constraints.unknown = (name) => {
    const known = lockedValue(name, inputs.photo(SLOTS.basic)?.face?.attributes?.predicted ?? []);
    return known !== undefined && isUnknown(known);
  };
  const refined = ref<Refined>("suspect");
  const live = new Live(id, api, {
    job: (job) => void attempt(() => take(job)),
    status: (now) => (status.value = now),
    connection: (now) => (connection.value = now),
    resync: () => void attempt(load),
    unfinished: () => jobs.unfinished.value.map((job) => job.id),
  });

  /** Where the next faces come from: what was chosen, else what the photograph was examined for, else the default. */
  const source = computed((): Source | null => chosenSource.value ?? inputs.photo(1)?.face?.source ?? status.value?.abilities.source ?? null);
  const sources = computed((): Source[] => {
    const able = status.value?.abilities;
    return able ? [able.source, ...able.others.map((one) => one.source)] : [];
  });
  /** What may be asked of that source's faces. */
  const abilities = computed((): Capabilities | null => {
    const able = status.value?.abilities;
    return able ? ([able, ...able.others].find((one) => one.source === source.value) ?? able) : null;
  });
  const canEdit = computed(() => lineup.value?.can.edit === true && lineup.value.state === "draft");
  const members = computed(() => [...(lineup.value?.members ?? [])].sort((a, b) => a.position - b.position));
  const briefs = computed(() => [...(lineup.value?.pages ?? [])].sort((a, b) => a.number - b.number));
  const page = computed(() => (shown.value ? (pages.get(shown.value) ?? null) : null));
  /** What asks for a page less similar than the one that is shown, as the site says it. */
  const following = computed(() => briefs.value.find((brief) => brief.id === shown.value)?.next ?? null);
  const generateReason = computed(() =>
    whyNotGenerate({
      status: status.value,
      connection: connection.value,
      running: jobs.running.value,
      inputs: inputs.of(scenario.value),
    }),
  );
  /** As `generateReason`, for a further page from the inputs of the page that is shown. */
  const nextReason = computed(() =>
    whyNotGenerate({ status: status.value, connection: connection.value, running: jobs.running.value, inputs: [] }),
  );
  const refinedSlots = computed((): Slot[] => (refined.value === "suspect" ? [1] : [1, 2]));
  const refineReason = computed(() =>
    whyNotRefine({
      status: status.value,
      connection: connection.value,
      refining: jobs.refining.value,
      photos: refinedSlots.value.map((slot) => inputs.photograph(slot)),
    }),
  );
  /** Photographic members are evened out and checked before they are saved. */
  const needsPreparing = computed(
    () => members.value.length > 0 && members.value.every((member) => member.face.source === "gallery"),
  );
  const saveReason = computed(() => {
    if (jobs.running.value) return "Wait for the results, or cancel.";
    if (jobs.refining.value) return "Wait for the refinement, end it, or cancel it.";
    return whyNotSave(members.value);
  });

  /** Run `action`; what the site refuses becomes the alert of the screen. */
  async function attempt(action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (cause) {
      if (!(cause instanceof ApiError)) throw cause;
      if (cause.signedOut) live.stop("signed-out");
      error.value = cause.message;
    }
  }

  /** The same for what a person asked for: the last alert goes first. A conflict means that the screen is stale. */
  function act(action: () => Promise<void>): Promise<void> {
    error.value = null;
    return attempt(() =>
      action().catch(async (cause: unknown) => {
        if (cause instanceof ApiError && cause.status === 409) await load();
        throw cause;
      }),
    );
  }

  async function load(): Promise<void> {
    const fresh = await api.lineup(id);
    lineup.value = fresh;
    fresh.jobs.forEach(learn);
    const last = briefs.value.at(-1);
    if (last && !wanted) await show(last.id);
  }

  async function open(): Promise<void> {
    const [, now] = await Promise.all([load(), api.status()]);
    status.value ??= now;
    await restoreInputs();
  }

  /** After a reload, put the faces back that the last results were made from, unless a newer photograph is there. */
  async function restoreInputs(): Promise<void> {
    const names: Record<"generate" | "interpolate", InputName[]> = { generate: ["basic"], interpolate: ["first", "second"] };
    for (const kind of ["generate", "interpolate"] as const) {
      const last = briefs.value.findLast((brief) => brief.kind === kind);
      for (const [index, name] of names[kind].entries()) {
        const photo = inputs.photo(SLOTS[name]);
        const face = last?.inputs[index];
        if (!last || !face || face === photo?.face?.id || (photo && photo.created > last.created)) continue;
        inputs.chosen[name] = await api.face(face);
      }
    }
    if (briefs.value.at(-1)?.kind === "interpolate") scenario.value = "interpolation";
  }

  /** Take news of a job in. True when it ended: then the lineup has changed and has to be read again. */
  function learn(job: Job): boolean {
    const { news, before } = jobs.apply(job);
    if (!news) return false;
    const passed = before || isUnfinished(job) ? milestone(before, job) : null;
    if (passed) announcement.value = passed;
    if (isUnfinished(job) || (before && !isUnfinished(before))) return false;
    const page = before ? job.page : null;
    if (page) void attempt(() => show(page));
    if (before && job.state === "failed" && job.kind !== "examine") error.value = job.reason || "The results could not be made. Try again.";
    return true;
  }

  async function take(job: Job): Promise<void> {
    if (learn(job)) await load();
  }

  async function show(pageId: Uuid): Promise<void> {
    wanted = pageId;
    try {
      if (!pages.has(pageId)) pages.set(pageId, await api.page(pageId));
      if (wanted === pageId) shown.value = pageId;
    } catch (cause) {
      wanted = shown.value;
      throw cause;
    }
  }

  async function start(request: JobRequest): Promise<void> {
    starting.value = true;
    try {
      await take(await api.startJob(id, request));
    } finally {
      starting.value = false;
    }
  }

  const generate = (): Promise<void> =>
    act(async () => {
      const [first, second] = inputs.of(scenario.value);
      if (generateReason.value || starting.value || first?.kind !== "ready") return;
      const asked = constraints.asked(abilities.value);
      if (scenario.value === "basic") return start({ kind: "generate", face: first.face.id, ...asked });
      if (second?.kind === "ready") return start({ kind: "interpolate", faces: [first.face.id, second.face.id] });
    });

  /** One page further away from the same input than any page so far. */
  const generateNext = (): Promise<void> =>
    act(async () => {
      if (following.value && !nextReason.value && !starting.value) await start(following.value);
    });

  /** Refine by the photographs that are chosen, for so many seconds. */
  const refine = (seconds: number): Promise<void> =>
    act(async () => {
      if (refineReason.value || starting.value) return;
      const photos = refinedSlots.value.map((slot) => inputs.photograph(slot));
      const faces = photos.flatMap((photo) => (photo.kind === "ready" ? [photo.face.id] : []));
      const { locks = {} } = constraints.asked(abilities.value);
      await start({ kind: "refine", faces, seconds, same_person: refined.value === "same", locks });
    });

  const cancel = (job: Job | null): Promise<void> =>
    act(async () => {
      if (job) await take(await api.cancelJob(job.id));
    });

  /** End a refinement early and keep what it has reached. */
  const stop = (job: Job | null): Promise<void> =>
    act(async () => {
      if (job) await take(await api.stopJob(job.id));
    });

  /** Upload `file` into an input. What goes wrong is said beside the input, and what was there stays. */
  async function upload(name: InputName, file: File): Promise<void> {
    const slot = SLOTS[name];
    inputs.problems[slot] = null;
    inputs.uploading[slot] = true;
    try {
      const { job } = await api.uploadPhoto(id, file, slot, chosenSource.value);
      learn(job);
      inputs.chosen[name] = null;
      await load();
    } catch (cause) {
      if (!(cause instanceof ApiError)) throw cause;
      inputs.problems[slot] = cause.message;
    } finally {
      inputs.uploading[slot] = false;
    }
  }

  /** Say what the person on a photograph looks like; null takes it back. */
  const state = (face: Face, name: string, said: string | null): Promise<void> =>
    act(async () => {
      await api.state(face.id, name, said);
      await load();
      announcement.value = said ? `${attribute(name)}: ${words(said)}.` : `${attribute(name)}: taken back.`;
    });

  /** Take faces from `to` from now on: photographs that were examined for another source are examined again. */
  const turnSource = (to: Source): Promise<void> =>
    act(async () => {
      chosenSource.value = to;
      const others = (lineup.value?.photos ?? []).filter((photo) => photo.face && photo.face.source !== to);
      for (const photo of others) learn((await api.examineAgain(photo.id, to)).job);
      if (others.length) await load();
    });

  const removePhoto = (name: InputName): Promise<void> =>
    act(async () => {
      const photo = inputs.photo(SLOTS[name]);
      if (photo) await api.removePhoto(photo.id);
      inputs.problems[SLOTS[name]] = null;
      await load();
    });

  function use(face: Face, name: InputName): void {
    inputs.chosen[name] = face;
    scenario.value = name === "basic" ? "basic" : "interpolation";
    const place = { basic: "the input of Basic", first: "interpolation input #1", second: "interpolation input #2" };
    announcement.value = `The face is now ${place[name]}.`;
  }

  const clear = (name: InputName): void => {
    inputs.chosen[name] = null;
  };
  const turn = (to: Scenario): void => {
    scenario.value = to;
  };

  const refineBy = (photographs: Refined): void => {
    refined.value = photographs;
  };

  const isMember = (face: Face): boolean => members.value.some((member) => member.face.sha256 === face.sha256);

  /** Put a face into the lineup; beside faces of another source it needs a reason, which is then asked for. */
  const select = (face: Face, reason = ""): Promise<void> =>
    act(async () => {
      try {
        await api.addMember(id, face.id, reason);
      } catch (cause) {
        if (!(cause instanceof ApiError) || cause.code !== "other_source") throw cause;
        insisting.value = face;
        return;
      }
      insisting.value = null;
      await load();
      announcement.value = `Selected. ${members.value.length} members in the lineup.`;
    });

  /** Leave out the face that needed a reason. */
  const giveWay = (): void => {
    insisting.value = null;
  };

  const remove = (member: Member): Promise<void> =>
    act(async () => {
      await api.removeMember(member.id);
      await load();
      announcement.value = `Removed. ${members.value.length} members in the lineup.`;
    });

  /** Have the members' pictures evened out, or left for a reason, and checked. */
  const prepare = (even: boolean, reason = ""): Promise<void> =>
    act(async () => {
      if (jobs.preparing.value || starting.value) return;
      await start({ kind: "prepare", even, ...(even ? {} : { reason }) });
    });

  const save = (): Promise<void> =>
    act(async () => {
      if (saveReason.value || saving.value) return;
      saving.value = true;
      try {
        await api.save(id);
        await load();
        announcement.value = "The lineup has been saved.";
      } finally {
        saving.value = false;
      }
    });

  onMounted(() => {
    void attempt(open).then(() => {
      if (lineup.value) live.start();
    });
  });
  onUnmounted(() => live.stop());

  return {
    lineup, status, connection, scenario, page, following, briefs, members, error, announcement, starting, saving, canEdit,
    jobs, inputs, constraints, refined, source, sources, abilities, insisting, giveWay, turnSource, needsPreparing, prepare, generateReason, nextReason, refineReason, saveReason,
    generate, generateNext, refine, refineBy, stop, cancel, upload, state, removePhoto, use, clear, turn, isMember, select, remove, save,
    faceImage: api.faceImage,
    show: (pageId: Uuid): Promise<void> => act(() => show(pageId)),
  };
}

export type Workbench = ReturnType<typeof useLineup>;
