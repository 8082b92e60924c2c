// One window: workspaces in every status, changes made elsewhere, and new workspaces with all that templates ask for. The
// statuses are the first, since their window is signed in by the environment.
import './workspaces.scenes.ts';
import './concurrent-changes.scenes.ts';
import './create.scenes.ts';
