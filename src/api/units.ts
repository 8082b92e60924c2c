/** Brands keep ids and units apart at compile time; at run time they are plain strings and numbers. */
declare const brand: unique symbol;
type Branded<T, Name extends string> = T & { readonly [brand]: Name };

/** Milliseconds since 1970-01-01T00:00:00Z. */
export type EpochMs = Branded<number, 'EpochMs'>;
/**
 * Milliseconds of a monotonic clock, with an arbitrary origin. On some systems it stops while the machine sleeps. All waiting
 * is measured by it.
 */
export type MonotonicMs = Branded<number, 'MonotonicMs'>;
export type Milliseconds = Branded<number, 'Milliseconds'>;
export type Seconds = Branded<number, 'Seconds'>;
export type Nanoseconds = Branded<number, 'Nanoseconds'>;

export type WorkspaceId = Branded<string, 'WorkspaceId'>;
export type BuildId = Branded<string, 'BuildId'>;
export type TemplateId = Branded<string, 'TemplateId'>;
export type TemplateVersionId = Branded<string, 'TemplateVersionId'>;
export type PresetId = Branded<string, 'PresetId'>;
export type OrganizationId = Branded<string, 'OrganizationId'>;
export type UserId = Branded<string, 'UserId'>;
export type ResourceId = Branded<string, 'ResourceId'>;
export type AgentId = Branded<string, 'AgentId'>;
export type AppId = Branded<string, 'AppId'>;

export const minutes = (count: number): Milliseconds => (count * 60_000) as Milliseconds;
export const hours = (count: number): Milliseconds => (count * 3_600_000) as Milliseconds;

/** `at` moved by `by`. */
export const later = <Moment extends EpochMs | MonotonicMs>(at: Moment, by: Milliseconds): Moment =>
  (at + by) as Moment;

/** How long from `from` until `to`; negative once `to` has passed. */
export const between = <Moment extends EpochMs | MonotonicMs>(from: Moment, to: Moment): Milliseconds =>
  (to - from) as Milliseconds;
