import * as l10n from '@vscode/l10n';
import * as builds from '../api/builds.ts';
import { noBuild } from '../api/operations.ts';
import type { Build } from '../api/schemas/workspaces.ts';
import type { BuildId } from '../api/units.ts';
import * as workspaces from '../api/workspaces.ts';
import type { Verb } from '../model/actions.ts';
import { buildRow } from '../model/buildTexts.ts';
import type { CommandContext } from './context.ts';
import { Refusal } from './refusal.ts';
import type { Command } from './table.ts';
import { buildIdOf, findTarget, nameIn, type Target } from './target.ts';

/** The build that a command is about. */
interface BuildTarget {
  readonly target: Target;
  readonly build: Build;
}

/**
 * For the workspace of `argument`: the build with the id `buildId`, or the one of the document `argument`,
 * or the latest. @throws what `findTarget` throws, ApiError
 */
async function findBuild(
  context: CommandContext,
  argument: unknown,
  verb: Verb,
  buildId: unknown,
): Promise<BuildTarget> {
  const id = typeof buildId === 'string' ? buildId : buildIdOf(argument);
  // The verb's conditions concern only the latest build.
  const target = await findTarget(context, argument, id === undefined ? verb : 'showLog');
  return { target, build: id === undefined ? target.workspace.latest_build : await readBuild(target, id) };
}

/** A command about a build. */
export const ofBuild =
  (verb: Verb, run: (context: CommandContext, target: Target, build: Build) => Promise<void>): Command =>
  async (context, argument, buildId) => {
    const { target, build } = await findBuild(context, argument, verb, buildId);
    await run(context, target, build);
  };

/** A build of the workspace; another extension may pass the id of any. @throws Refusal, ApiError */
export async function readBuild({ session, workspace, signal }: Target, id: string): Promise<Build> {
  if (id === workspace.latest_build.id) return workspace.latest_build;
  const build = await builds.get(session.calls, id as BuildId, signal);
  if (build.workspace_id !== workspace.id) throw new Refusal(noBuild());
  return build;
}

/** The first page comes at once; further ones are large, so that the first of a thousand builds is a few steps away. */
const FIRST_PAGE = 50;
const PAGE = 250;

/** The builds of a workspace as far as they have been read, the newest first. */
export class BuildList {
  readonly target: Target;
  readonly builds: Build[] = [];
  /** Whether there may be older ones. */
  hasMore = true;
  /** Offset of the next page; a build made meanwhile shifts the pages, so one may come twice. */
  #offset = 0;

  constructor(target: Target) {
    this.target = target;
  }

  /** @throws ApiError */
  async readMore(signal: AbortSignal): Promise<void> {
    const { session, workspace } = this.target;
    const limit = this.#offset === 0 ? FIRST_PAGE : PAGE;
    const page = { limit, offset: this.#offset };
    const rows = await workspaces.builds(session.calls, workspace.id, page, signal);
    this.#offset += rows.length + rows.skippedRows;
    this.hasMore = rows.length + rows.skippedRows >= limit;
    const known = new Set(this.builds.map(({ id }) => id));
    this.builds.push(...rows.filter(({ id }) => !known.has(id)));
  }
}

type Choice = Build | 'more';

/** One of the builds for which `fits` holds; older ones are read when they are asked for. @throws Dismissed, ApiError */
export async function pickBuild(
  { ui }: CommandContext,
  list: BuildList,
  { title, placeholder, fits = () => true, at }: PickBuild,
): Promise<Build> {
  const { session, workspace, signal } = list.target;
  const readMore = () =>
    ui.withDelayedProgress(l10n.t('Loading the builds of {0}', workspace.name), (stop) => list.readMore(stop), signal);
  let active = at;
  for (;;) {
    if (list.builds.length === 0) await readMore();
    const now = session.now();
    const shown = list.builds.filter(fits);
    if (shown.length === 0 && !list.hasMore) throw new Refusal(l10n.t('{0} has no other build.', nameIn(list.target)));
    const picked = await ui.pick<Choice>({
      title,
      placeholder,
      rows: [
        ...shown.map((build) => ({ ...buildRow(build, now, ui.displayLocale()), value: build })),
        list.hasMore && { label: l10n.t('Show Older Builds…'), icon: 'history', value: 'more' },
      ],
      active: (value) => value !== 'more' && value.id === active,
      signal,
    });
    if (picked !== 'more') return picked;
    const count = list.builds.length;
    await readMore();
    active = list.builds[count]?.id;
  }
}

interface PickBuild {
  readonly title: string;
  readonly placeholder: string;
  readonly fits?: (build: Build) => boolean;
  /** Where one begins. */
  readonly at?: BuildId | undefined;
}
