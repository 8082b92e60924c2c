import type { Act } from './act.ts';
import type { BuildForm } from './buildForm.ts';
import type { CommandContext } from './context.ts';
import { followAct } from './followBuild.ts';
import { askAndSend, sendAct } from './sendAct.ts';
import { currentWorkspace, type Target } from './target.ts';

/**
 * Asks for what `form` needs, carries out `act`, and follows it to its end; where another build is active already, that
 * one is followed instead. Throws a `Refusal` where nothing was built, `Dismissed`, and ApiError.
 */
export async function build(context: CommandContext, target: Target, act: Act, form?: BuildForm): Promise<void> {
  const asked = form === undefined ? await sendAct(context, target, act) : await askAndSend(context, target, act, form);
  if (asked === undefined) return;
  // After the deletion, the name is no longer available.
  await followAct(context, { ...target, workspace: currentWorkspace(target) }, asked.act, asked.begun);
}
