import * as l10n from '@vscode/l10n';
import { isSilent, SILENT_AFTER_MS } from '../api/buildEnd.ts';
import { joined } from '../api/plainText.ts';
import type { Build } from '../api/schemas/workspaces.ts';
import type { EpochMs } from '../api/units.ts';
import { Variable, type Disposable, type Observable } from '../model/observable.ts';
import type { Session } from '../model/session.ts';
import { workspaceIn } from '../model/state.ts';
import { isActive } from '../model/status.ts';
import { queuedText, statusWord, timeLeft } from '../model/statusText.ts';
import { clockTime, duration } from '../model/times.ts';
import type { Ui } from './ui.ts';

/** As rows in the tree do. */
const TICK_MS = 5000;

/** Progress message: the stage and its duration, or since when the provisioner has sent nothing. */
export class BuildStage {
  readonly message = new Variable('');
  readonly #ui: Ui;
  readonly #session: Session;
  readonly #isOneOfSeveral: boolean;
  #subscriptions: readonly Disposable[] = [];

  /** `isOneOfSeveral`: which of them is said, too. */
  constructor(ui: Ui, session: Session, isOneOfSeveral: boolean) {
    this.#ui = ui;
    this.#session = session;
    this.#isOneOfSeveral = isOneOfSeveral;
  }

  of(build: Build, stage: Observable<string>): void {
    this.dispose();
    const { state, usualTimes } = this.#session;
    const word = this.#isOneOfSeveral ? statusWord(build.transition === 'stop' ? 'stopping' : 'starting') : '';
    let silentSince: EpochMs | undefined;
    const update = () => {
      const workspace = workspaceIn(state.value, build.workspace_id);
      const latest = workspace?.latest_build.id === build.id ? workspace.latest_build : undefined;
      const now = this.#session.now();
      silentSince =
        latest !== undefined && isSilent(latest) ? (silentSince ?? ((now - SILENT_AFTER_MS) as EpochMs)) : undefined;
      const left =
        workspace !== undefined && latest !== undefined && isActive(workspace)
          ? timeLeft(workspace, usualTimes.value, now)
          : undefined;
      const queued = latest?.status === 'pending' && workspace !== undefined ? queuedText(workspace) : '';
      const texts =
        silentSince === undefined
          ? [stage.value || queued, left === undefined ? '' : l10n.t('about {0} left', duration(left))]
          : [l10n.t('no word from the provisioner since {0}', clockTime(silentSince, now, this.#ui.displayLocale()))];
      this.message.set(joined([word, ...texts]));
    };
    const timer = setInterval(update, TICK_MS);
    this.#subscriptions = [
      { dispose: () => clearInterval(timer) },
      ...[state, stage, usualTimes].map((each) => each.subscribe(update)),
    ];
    update();
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }
}
