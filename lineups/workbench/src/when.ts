const FORMAT = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short" });

/** A moment of the API (ISO 8601, UTC) on the clock of the reader. */
export const when = (moment: string): string => FORMAT.format(new Date(moment));
