// One window: lifecycle, an interrupted restart, settings of workspaces, and logs.
import './lifecycle.scenes.ts';
import './restart-interrupted.scenes.ts';
import './settings.scenes.ts';
import './logs.scenes.ts';
