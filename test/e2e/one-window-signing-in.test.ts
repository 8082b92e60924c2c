// One window: the way in, the main job, and finding one's way. The way in is the first, since it begins with a fresh VS Code.
// A window that the environment signs in would be that deployment's again after finding's reload.
import './sign-in.scenes.ts';
import './main-job.scenes.ts';
import './finding.scenes.ts';
