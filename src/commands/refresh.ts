import { currentDeployment, type CommandContext } from './context.ts';

/** What goes wrong is the tree's to say: the rows stay, and tell how old they are. */
export async function refresh(context: CommandContext): Promise<void> {
  await currentDeployment(context).session.refresh();
}
