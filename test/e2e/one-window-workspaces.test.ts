// One window: workspaces in every status, a hostile server, and what is done to builds. The statuses are the first, since
// their window is signed in by the environment.
import './workspaces.scenes.ts';
import './hostile.scenes.ts';
import './build-actions.scenes.ts';
