// One window: the way in, the main job, a hostile server, and finding one's way. The way in is the first, since it begins
// with a fresh VS Code.
import './sign-in.scenes.ts';
import './main-job.scenes.ts';
import './hostile.scenes.ts';
import './finding.scenes.ts';
