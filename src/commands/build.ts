import type { Act } from './act.ts';
import type { BuildForm } from './buildForm.ts';
import type { CommandContext } from './context.ts';
import { followAct } from './followBuild.ts';
import { planStart, type Wanted } from './planBuild.ts';
import { sendAct } from './sendAct.ts';
import { currentWorkspace, type Target } from './target.ts';

/** Plans a start and carries it out. @throws what `planStart` and `build` throw */
export async function buildStart(context: CommandContext, target: Target, wanted: Wanted): Promise<void> {
  const { act, form } = await planStart(context, target, wanted);
  await build(context, target, act, form);
}

/**
 * Asks for what `form` needs, carries out `act`, and follows it to its end; where another build is active already, that
 * one is followed instead. Throws a `Refusal` where nothing was built, `Dismissed`, and ApiError.
 */
export async function build(context: CommandContext, target: Target, act: Act, form?: BuildForm): Promise<void> {
  const sent = await sendAct(context, target, act, { form });
  if (sent === undefined) return;
  // After the deletion, the name is no longer available.
  await followAct(context, { ...target, workspace: currentWorkspace(target) }, sent.act, sent.begun);
}
