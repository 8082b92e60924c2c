/** Recorded requests that are asked one after the other, in the recorded order. */

const words = (text: string): string[] => text.trim().split(/\s+/);

/** What is asked about the settled scenario, in both ages. */
export const settledRequests = words(`
  workspace workspace-by-name workspace-by-name-case workspace-by-name-missing workspace-unknown
  workspace-bad-uuid workspace-bad-flag workspace-other-member workspaces workspaces-limit-1 workspaces-page-2
  workspaces-past-end workspaces-limit-negative workspaces-limit-not-a-number workspaces-member
  workspaces-owner-param-ignored workspaces-q-name workspaces-q-owner-me workspaces-q-status-running
  workspaces-q-status-failed workspaces-q-has-agent workspaces-q-bad-status workspaces-q-unknown-key
  workspaces-q-two-colons build build-by-number build-unknown builds builds-after builds-past-end resources state
  agent listening-ports listening-ports-not-connected
`);

export const settings = words(`
  ttl ttl-null ttl-zero ttl-too-short ttl-too-long ttl-minute ttl-text autostart autostart-null autostart-empty
  autostart-invalid autostart-day-of-month autostart-local-tz autostart-descriptor autostart-six-fields
  autostart-missing
`);

export const extensions = words(`
  extend extend-shorter extend-too-soon extend-past extend-29-and-a-half-minutes extend-far extend-not-a-time
  extend-no-deadline extend-stopped extend-other-member
`);

export const renames = words(`
  rename rename-same rename-taken rename-bad rename-empty rename-too-long
`);

export const createRefusals = words(`
  workspace-create-bad-name workspace-create-no-name workspace-create-bad-template-uuid
  workspace-create-unknown-template workspace-create-ttl-too-short workspace-create-bad-schedule
  workspace-create-malformed-json
`);
