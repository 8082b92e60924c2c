// One window: a stop that comes, changes made elsewhere, and settings of workspaces. The stop is the first, since its two
// windows are signed in by the environment.
import './deadline.scenes.ts';
import './concurrent-changes.scenes.ts';
import './settings.scenes.ts';
